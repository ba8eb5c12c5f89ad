"""What the services of documents answer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import ExchangeRate
from accounts.selectors import company
from common.errors import KeepwellError
from common.templatetags.ui import day_long

Row = TypeVar("Row", bound=models.Model)
CENT = Decimal("0.01")


class UnableToRecord(KeepwellError):
    """A document contradicts itself or what is known already."""


@dataclass(frozen=True, slots=True)
class Recorded(Generic[Row]):
    """A document as it stands now.

    `created` is false for one that was there already, word for word. `notes` are for the
    person who brought it: what was accepted but should be known.
    """

    row: Row
    created: bool
    notes: Sequence[str] = ()


def currency_check(currency: str, day: dt.date) -> list[str]:
    """This will refuse a currency nobody knows, and say where its rate is still missing.

    Known are the company's own and those with an exchange rate of any day. An amount from
    before the first rate is taken: the ledger of its own currency needs none, and sums in
    the company's currency leave it out until there is one. Two queries, one for our own.
    """
    if currency == company().currency:
        return []
    days = ExchangeRate.objects.filter(currency=currency)
    first = days.order_by("valid_on").values_list("valid_on", flat=True).first()
    if first is None:
        msg = _(
            "%(currency)s is neither the company's currency nor one with an exchange "
            "rate. Correct it, or add a rate in the settings, under money."
        )
        raise UnableToRecord(msg % {"currency": currency})
    if first <= day:
        return []
    msg = _(
        "There is no exchange rate of %(currency)s on or before %(day)s: sums in the "
        "company's currency leave this amount out until there is one."
    )
    return [msg % {"currency": currency, "day": day_long(day)}]


def cents_check(**amounts: Decimal) -> None:
    """This will refuse amounts with more than two places."""
    for name, amount in amounts.items():
        if amount != amount.quantize(CENT):
            msg = _("%(name)s is %(amount)s: amounts have two places at most.")
            raise UnableToRecord(msg % {"name": name, "amount": amount})


def differences(row: models.Model, wanted: Mapping[str, Any]) -> list[str]:
    """This will name the fields in which a row is not what is wanted, in words."""
    return [
        str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        for name, value in wanted.items()
        if getattr(row, name) != value
    ]


def same_or_refused(
    row: Row, wanted: Mapping[str, Any], *, number: str, more: Sequence[str] = ()
) -> Recorded[Row]:
    """This will let the same document pass a second time, and refuse a differing one.

    `more` names what else differs, in words.
    """
    fields = [*differences(row, wanted), *more]
    if not fields:
        note = _("%(number)s is here already; nothing was changed.")
        return Recorded(row, created=False, notes=[note % {"number": number}])
    msg = _(
        "%(number)s is here already and says otherwise about: %(fields)s. Correct it "
        "with a credit note, or give the new one a number of its own."
    )
    raise UnableToRecord(msg % {"number": number, "fields": ", ".join(fields)})


def known_as(rows: "models.QuerySet[Row]", external_id: str | None) -> Row | None:
    """This will find a document by its number; what has none is never the same."""
    return rows.filter(external_id=external_id).first() if external_id else None


def amount_check(amount: Decimal, currency: str, *, of: str) -> None:
    """This will refuse nothing, less than nothing, and another currency than `of`."""
    cents_check(amount=amount)
    if amount <= 0:
        raise UnableToRecord(_("Give an amount above zero."))
    if currency != of:
        msg = _("The amount is in %(currency)s, but this is about %(other)s.")
        raise UnableToRecord(msg % {"currency": currency, "other": of})


def happened_check(happened_at: dt.datetime, *, now: dt.datetime) -> None:
    """This will refuse what has not happened yet."""
    if happened_at > now:
        raise UnableToRecord(
            _("That lies in the future: note it once it has happened.")
        )
