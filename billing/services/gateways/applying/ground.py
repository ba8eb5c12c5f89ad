"""What every kind of object needs to be written here."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import ExchangeRate
from accounts.selectors import company
from billing.enums import ObjectKind
from billing.models import GatewayAccount, GatewayObject
from billing.services.gateways.applying.errors import MissingObject, UnableToApply
from common.dates import local_day
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


@dataclass(frozen=True, slots=True)
class Ground:
    """The account, the moment, and the company's days.

    `history`: it is read by an import. Then it is taken as known since the gateway's own
    moments, as of every import that does not tell when something was known, and nobody is
    told of it: no dunning, no mail, no line on the timeline.
    """

    account: GatewayAccount
    now: dt.datetime
    zone: ZoneInfo
    history: bool = False

    @property
    def today(self) -> dt.date:
        return self.day(self.now)

    def day(self, moment: dt.datetime) -> dt.date:
        """This will return the company's day of a moment."""
        return local_day(moment, self.zone)

    def past(self, moment: dt.datetime) -> dt.datetime:
        """This will keep a clock that runs ahead of ours from telling of the future."""
        return min(moment, self.now)

    def known_at(self, moment: dt.datetime) -> dt.datetime:
        """This will return since when we count as knowing what happened at a moment."""
        return self.past(moment) if self.history else self.now


def ground_of(
    account: GatewayAccount, *, now: dt.datetime, history: bool = False
) -> Ground:
    """This will make the ground for an account. One query."""
    return Ground(account, now, ZoneInfo(company().time_zone), history)


def objects_at(
    ground: Ground, kind: ObjectKind, external_id: str
) -> ScopedQuerySet[GatewayObject]:
    """This will address an object of the account by its number there."""
    return GatewayObject.objects.filter(
        account=ground.account, kind=kind, external_id=external_id
    )


def customer_of(ground: Ground, external_id: str) -> Customer:
    """This will return whose a customer of the gateway is here. One query.

    Raises MissingObject for one that was not read yet, and UnableToApply for one that is
    nobody's.
    """
    rows = objects_at(ground, ObjectKind.CUSTOMER, external_id)
    row = rows.select_related("customer").first()
    if row is not None and row.customer is not None:
        return row.customer
    if row is None or row.read_at is None:
        raise MissingObject(ObjectKind.CUSTOMER, external_id)
    text = _(
        "Customer %(number)s of the gateway is nobody's here. Say whose it is on the page "
        "of the account, or let unknown customers be added."
    )
    raise UnableToApply(text % {"number": external_id})


def owner_note(
    ground: Ground, kind: ObjectKind, external_id: str, customer: Customer
) -> None:
    """This will note whose an object is. One query."""
    rows = objects_at(ground, kind, external_id).exclude(customer=customer)
    rows.update(customer=customer)


def currency_check(currency: str) -> None:
    """This will refuse a currency that is neither the company's nor one with a rate."""
    if currency == company().currency:
        return
    if not ExchangeRate.objects.filter(currency=currency).exists():
        text = _(
            "%(currency)s is neither the company's currency nor one with an exchange "
            "rate. Add a rate in the settings, under money, and have it read again."
        )
        raise UnableToApply(text % {"currency": currency})
