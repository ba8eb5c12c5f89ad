"""Changing the company's settings, never over somebody else's change."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import Reach
from accounts.models import Company, ExchangeRate
from accounts.selectors import company
from accounts.services.audit import audit_record
from common.changes import differences, digest_of, values_of
from common.errors import KeepwellError


class UnableToSaveUnseen(KeepwellError):
    """Somebody else has changed the same settings since they were shown."""


class UnableToChangeCurrency(KeepwellError):
    """Nobody said what is to become of the stored exchange rates."""


def settings_wrong(values: Mapping[str, Any]) -> dict[str, str]:
    """This will say what does not fit together, by the field to correct."""
    wrong = {}
    sees, changes = values.get("csm_sees"), values.get("csm_changes")
    if sees and changes and _width(changes) > _width(sees):
        wrong["csm_changes"] = _("Nobody can change what they do not see.")
    opens, closes = values.get("opens_at"), values.get("closes_at")
    if opens and closes and opens >= closes:
        wrong["closes_at"] = _("Work must end later than it begins.")
    return wrong


def _width(reach: str) -> int:
    return Reach.values.index(reach)


@transaction.atomic
def company_change(
    *,
    values: Mapping[str, Any],
    seen: str,
    by: Actor,
    now: dt.datetime,
    keep_rates: bool | None = None,
) -> list[str]:
    """This will save settings and return the names of those that are different now.

    `seen` is the digest of the same fields as they were shown. A new currency needs
    `keep_rates`: False removes the stored exchange rates, because they say what other
    currencies were worth in the old one.
    """
    ours = company_locked()
    if seen != digest_of(ours, values):
        msg = _("Somebody else has changed these settings meanwhile.")
        raise UnableToSaveUnseen(msg)
    before = values_of(ours, values)
    changed = differences(before, values)
    if not changed:
        return []
    for name in changed:
        setattr(ours, name, values[name])
    if wrong := settings_wrong(values_of(ours, values)):
        raise ValidationError(wrong)
    ours.full_clean()
    ours.save(update_fields=changed)
    after = {name: values[name] for name in changed}
    if "currency" in changed:
        after |= _settle_rates(keep=keep_rates, currency=ours.currency)
    audit_record(
        by=by,
        action="accounts.company_changed",
        now=now,
        subject=ours,
        before={name: before[name] for name in changed},
        after=after,
    )
    return changed


def company_locked() -> Company:
    """This will return the company's row, held until the transaction ends."""
    company()
    return Company.objects.select_for_update().get(id=1)


def _settle_rates(*, keep: bool | None, currency: str) -> dict[str, int]:
    """This will remove the old currency's rates, or only those of the new one to itself."""
    rates = ExchangeRate.objects.all()
    if not rates.exists():
        return {}
    if keep is None:
        msg = _("Say what is to become of the stored exchange rates.")
        raise UnableToChangeCurrency(msg)
    stale = rates.filter(currency=currency) if keep else rates
    removed, _rows = stale.delete()
    return {"rates_removed": removed}
