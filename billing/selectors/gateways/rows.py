"""Events, objects and customers of an account, page by page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from accounts.models import User
from billing.enums import ObjectKind
from billing.models import GatewayAccount, GatewayEvent, GatewayObject
from customers.models import Customer
from customers.selectors.search import customers_named

SHOWN = 50
TROUBLED = 20
FOUND = 20


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows, newest first; `older` is the id to go on from, 0 for none."""

    lines: list[Any]
    older: int


def events_page(account: GatewayAccount, *, before: int = 0) -> Rows:
    """This will return 50 events older than another. One query."""
    rows = GatewayEvent.objects.filter(account=account)
    return _page(rows, before)


def nobodys_page(account: GatewayAccount, *, before: int = 0) -> Rows:
    """This will return 50 customers of the gateway that are nobody's here. One query."""
    return _page(nobodys(account), before)


def nobodys(account: GatewayAccount) -> QuerySet[GatewayObject]:
    """This will select customers of the gateway of whom nobody knows who they are."""
    return GatewayObject.objects.filter(
        account=account,
        kind=ObjectKind.CUSTOMER,
        customer__isnull=True,
        read_at__isnull=False,
    )


def objects_of(account: GatewayAccount) -> QuerySet[GatewayObject]:
    """This will select all that stands at an account, for administrators, who see all."""
    return GatewayObject.objects.filter(account=account)


def troubled(account: GatewayAccount) -> list[GatewayObject]:
    """This will return the objects that could not be read, the first twenty. One query."""
    rows = GatewayObject.objects.filter(account=account, wanted__gt=F("read"))
    return list(rows.exclude(trouble="").order_by("id")[:TROUBLED])


def customers_found(user: User, words: str) -> list[Customer]:
    """This will find customers in sight by their number, or by a part of their name.

    Twenty at most; two queries.
    """
    words = words.strip()
    if not words:
        return []
    numbered = Customer.objects.visible_to(user).filter(external_id=words)
    named = customers_named(words).visible_to(user).order_by("name", "id")[:FOUND]
    first = list(numbered.order_by("id"))
    return [*first, *(row for row in named if row not in first)][:FOUND]


def _page(rows: "QuerySet[Any]", before: int) -> Rows:
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: SHOWN + 1])
    shown = found[:SHOWN]
    return Rows(shown, shown[-1].pk if len(found) > SHOWN else 0)
