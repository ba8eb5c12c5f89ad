"""Money spent on winning customers that is noted by hand. More comes with an import."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import ExchangeRate, User
from accounts.selectors import company
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from customers.models import AcquisitionSpend, Campaign

KEPT = (
    "id",
    "external_id",
    "source",
    "campaign_id",
    "currency",
    "note",
    "recorded_assumed",
    "created_by_id",
)


class UnableToNoteSpend(KeepwellError):
    """The spend belongs to nothing, or its currency has no exchange rate."""


@dataclass(frozen=True, slots=True)
class SpendValues:
    """What a person says of money that was spent. A source, a campaign, or both."""

    spent_on: dt.date
    amount: Decimal
    currency: str
    source: str = ""
    campaign: Campaign | None = None
    note: str = ""


@transaction.atomic
def spend_add(*, values: SpendValues, by: Actor, now: dt.datetime) -> AcquisitionSpend:
    """This will note money that was spent. The page counts it at once."""
    if not values.source and values.campaign is None:
        msg = _("Say what it was spent on: a source, a campaign, or both.")
        raise UnableToNoteSpend(msg)
    _rate_known(values.currency, values.spent_on)
    spend = AcquisitionSpend.objects.create(
        source=values.source,
        campaign=values.campaign,
        spent_on=values.spent_on,
        amount=values.amount,
        currency=values.currency,
        note=values.note,
        recorded_at=now,
        created_by=by.user,
    )
    audit_record(
        by=by,
        action="customers.spend_added",
        now=now,
        subject=spend,
        after=_told(spend),
    )
    return spend


@transaction.atomic
def spend_delete(
    *, spend: AcquisitionSpend, by: Actor, now: dt.datetime
) -> dict[str, Any]:
    """This will remove a row and return what brings it back: plain values for JSON."""
    kept = {name: getattr(spend, name) for name in KEPT} | {
        "spent_on": spend.spent_on.isoformat(),
        "amount": str(spend.amount),
        "recorded_at": spend.recorded_at.isoformat(),
    }
    audit_record(
        by=by,
        action="customers.spend_deleted",
        now=now,
        subject=spend,
        before=_told(spend),
    )
    spend.delete()
    return kept


@transaction.atomic
def spend_restore(
    *, kept: dict[str, Any], by: Actor, now: dt.datetime
) -> AcquisitionSpend | None:
    """This will bring a deleted row back as it was; None when it is there already.

    It is there, too, when the same row was imported again meanwhile.
    """
    rows = AcquisitionSpend.objects
    same = kept["external_id"] and rows.filter(external_id=kept["external_id"]).exists()
    if same or rows.filter(pk=kept["id"]).exists():
        return None
    values = {name: kept[name] for name in KEPT}
    if not User.objects.filter(pk=values["created_by_id"]).exists():
        values["created_by_id"] = None
    spend = rows.create(
        **values,
        spent_on=dt.date.fromisoformat(kept["spent_on"]),
        amount=Decimal(kept["amount"]),
        recorded_at=dt.datetime.fromisoformat(kept["recorded_at"]),
    )
    audit_record(
        by=by,
        action="customers.spend_restored",
        now=now,
        subject=spend,
        after=_told(spend),
    )
    return spend


def _rate_known(currency: str, day: dt.date) -> None:
    rates = ExchangeRate.objects.filter(currency=currency, valid_on__lte=day)
    if currency != company().currency and not rates.exists():
        msg = _(
            "There is no exchange rate of %(currency)s on or before that day."
            " Add one in the settings, under money, then note the spend again."
        )
        raise UnableToNoteSpend(msg % {"currency": currency})


def _told(spend: AcquisitionSpend) -> dict[str, Any]:
    """This will name what the log tells; a note may hold anything and stays away."""
    return {
        "spent_on": spend.spent_on,
        "amount": spend.amount,
        "currency": spend.currency,
        "source": spend.source,
        "campaign": spend.campaign_id,
    }
