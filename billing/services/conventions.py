"""Choosing by which conventions revenue is reckoned."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.calculations.conventions import PRESETS, Conventions
from billing.models import Conventions as ConventionsRow
from billing.services.ledger import ledger_outdate
from common.errors import KeepwellError

# The name of switches that are no preset's.
OWN = "own"


class UnableToChangeUnseen(KeepwellError):
    """Somebody else has changed the conventions since they were shown."""


def preset_of(switches: Conventions) -> str:
    """This will name the preset that has exactly these switches; "own" for any other."""
    for name, preset in PRESETS.items():
        if preset == switches:
            return name
    return OWN


@transaction.atomic
def conventions_change(
    *, switches: Conventions, seen: Conventions, by: Actor, now: dt.datetime
) -> bool:
    """This will put switches in force, and have the whole ledger made anew.

    `seen` are those that were in force when the choice was made. Returns whether anything
    is different now. The lines of the ledger and all sums follow in the background.
    """
    ConventionsRow.objects.get_or_create(id=1)
    row = ConventionsRow.objects.select_for_update().get(id=1)
    before = Conventions.from_json(row.switches)
    if before != seen:
        msg = _("Somebody else has changed the conventions meanwhile.")
        raise UnableToChangeUnseen(msg)
    if before == switches:
        return False
    was, after = before.as_json(), switches.as_json()
    row.switches, row.preset, row.changed_at = after, preset_of(switches), now
    row.save(update_fields=["switches", "preset", "changed_at"])
    changed = [name for name in after if after[name] != was[name]]
    audit_record(
        by=by,
        action="billing.conventions_changed",
        now=now,
        subject=row,
        before={name: was[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    ledger_outdate()
    return True
