"""How often each source is expected to speak."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences
from common.errors import KeepwellError
from common.locks import Lock, transaction_lock
from health.models import SourceRhythm
from health.selectors.sources import rhythms


class UnableToSaveUnseenRhythms(KeepwellError):
    """Somebody else has changed the rhythms since they were shown."""


def rhythms_digest(values: Mapping[str, int | None]) -> str:
    """This will return what stands for the rhythms as somebody saw them."""
    text = json.dumps(values, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def rhythms_change(
    *, values: Mapping[str, int | None], seen: str, by: Actor, now: dt.datetime
) -> list[str]:
    """This will save the days a source may be silent (None: for ever).

    It holds from the next run on. Returns the sources that are different now; a change
    of somebody else's since `seen` raises UnableToSaveUnseenRhythms.
    """
    transaction_lock(Lock.SOURCE_RHYTHMS)
    before = rhythms()
    if seen != rhythms_digest(before):
        raise UnableToSaveUnseenRhythms(
            _("Somebody else has changed the rhythms meanwhile.")
        )
    changed = differences(before, values)
    for source in changed:
        SourceRhythm.objects.update_or_create(
            source=source, defaults={"days": values[source]}
        )
    if changed:
        audit_record(
            by=by,
            action="health.rhythms_changed",
            now=now,
            before={source: before[source] for source in changed},
            after={source: values[source] for source in changed},
        )
    return changed
