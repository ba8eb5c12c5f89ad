"""Storing and removing exchange rates."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.importing.rates import Key, UnableToReadRate, rate_check
from accounts.models import ExchangeRate
from accounts.services.audit import audit_record
from accounts.services.company import company_locked
from common.errors import KeepwellError

# More of them would make an entry of the audit log that nobody reads.
MOST_NAMED = 200
BATCH = 2000


class UnableToStoreRate(KeepwellError):
    """The rate makes no sense, or contradicts one that is stored."""


@dataclass(frozen=True, slots=True)
class RatesCompared:
    """How rates from a file differ from the stored ones."""

    added: dict[Key, Decimal]
    changed: dict[Key, tuple[Decimal, Decimal]]
    same: int


@transaction.atomic
def rate_add(
    *, currency: str, valid_on: dt.date, rate: Decimal, by: Actor, now: dt.datetime
) -> ExchangeRate:
    """This will store one rate; the same rate once more changes nothing."""
    ours = company_locked().currency
    try:
        rate_check(currency, valid_on, rate, ours=ours)
    except UnableToReadRate as error:
        raise UnableToStoreRate(str(error)) from error
    stored, created = ExchangeRate.objects.get_or_create(
        currency=currency, valid_on=valid_on, defaults={"rate": rate}
    )
    if stored.rate != rate:
        msg = _("There is another rate of that day. Delete it first.")
        raise UnableToStoreRate(msg)
    if created:
        audit_record(
            by=by,
            action="accounts.rate_added",
            now=now,
            subject=stored,
            after={"currency": currency, "valid_on": valid_on, "rate": rate},
        )
    return stored


@transaction.atomic
def rate_delete(*, rate: ExchangeRate, by: Actor, now: dt.datetime) -> None:
    """This will remove a rate; done twice it changes nothing."""
    company_locked()
    before = {
        "currency": rate.currency,
        "valid_on": rate.valid_on,
        "rate": rate.rate,
    }
    if ExchangeRate.objects.filter(pk=rate.pk).delete()[0]:
        audit_record(
            by=by, action="accounts.rate_deleted", now=now, subject=rate, before=before
        )


def rates_compare(rates: Mapping[Key, Decimal]) -> RatesCompared:
    """This will sort rates into new, different and stored already."""
    currencies = {currency for currency, _day in rates}
    stored = {
        (currency, day): rate
        for currency, day, rate in ExchangeRate.objects.filter(
            currency__in=currencies
        ).values_list("currency", "valid_on", "rate")
    }
    added = {key: rate for key, rate in rates.items() if key not in stored}
    changed = {
        key: (stored[key], rate)
        for key, rate in rates.items()
        if key in stored and stored[key] != rate
    }
    return RatesCompared(added, changed, len(rates) - len(added) - len(changed))


@transaction.atomic
def rates_store(
    *, rates: Mapping[Key, Decimal], by: Actor, now: dt.datetime
) -> RatesCompared:
    """This will store rates of a file over those of the same days; again, nothing changes."""
    ours = company_locked().currency
    try:
        for (currency, day), rate in rates.items():
            rate_check(currency, day, rate, ours=ours)
    except UnableToReadRate as error:
        raise UnableToStoreRate(str(error)) from error
    compared = rates_compare(rates)
    wanted = compared.added | {
        key: new for key, (_old, new) in compared.changed.items()
    }
    if not wanted:
        return compared
    ExchangeRate.objects.bulk_create(
        (
            ExchangeRate(currency=currency, valid_on=day, rate=rate)
            for (currency, day), rate in wanted.items()
        ),
        update_conflicts=True,
        unique_fields=["currency", "valid_on"],
        update_fields=["rate"],
        batch_size=BATCH,
    )
    audit_record(
        by=by,
        action="accounts.rates_imported",
        now=now,
        before=_named({key: old for key, (old, _new) in compared.changed.items()}),
        after=_named(wanted)
        | {"added": len(compared.added), "changed": len(compared.changed)},
    )
    return compared


def _named(rates: Mapping[Key, Decimal]) -> dict[str, dict[str, Decimal]]:
    """This will name each rate for the log, unless there are too many."""
    if len(rates) > MOST_NAMED:
        return {}
    return {
        "rates": {f"{currency} {day}": rate for (currency, day), rate in rates.items()}
    }
