"""The lines of a gateway's invoice as lines of ours."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.db.models import Q

from billing.enums import LineKind, ObjectKind
from billing.gateways.objects import RemoteInvoice, RemoteLine
from billing.models import InvoiceLine, Plan, Subscription
from billing.services.gateways.applying.catalogue import plan_of
from billing.services.gateways.applying.errors import MissingObject
from billing.services.gateways.applying.ground import Ground, currency_check
from billing.services.invoice_lines import LineValues
from billing.services.invoices import InvoiceValues
from customers.models import Customer

ZERO = Decimal(0)
DESCRIPTION = 200
# How the line is called that brings the lines to the invoice's sum.
REST = "Discounts and rounding"


def invoice_values(
    ground: Ground, remote: RemoteInvoice, customer: Customer
) -> InvoiceValues:
    """This will say what an invoice of the gateway is here.

    Raises MissingObject for a subscription or a price that was not read yet. About one
    query per subscription and price that it names, and one more.
    """
    currency_check(remote.currency)
    issued_on = ground.day(ground.past(remote.issued_at))
    due_on = ground.day(remote.due_at) if remote.due_at else issued_on
    named = {line.subscription for line in remote.lines} | {remote.subscription}
    subscriptions = {one: _subscription(one) for one in named if one}
    plans = {one: plan_of(one) for one in {line.price for line in remote.lines} if one}
    lines = [_line(line, subscriptions, plans) for line in remote.lines]
    return InvoiceValues(
        customer=customer,
        external_id=remote.external_id,
        issued_on=issued_on,
        due_on=max(issued_on, due_on),
        total=remote.total,
        tax=remote.tax,
        currency=remote.currency,
        subscription=subscriptions.get(remote.subscription),
        lines=_summed(_apart(_merged(lines)), remote),
    )


def _subscription(external_id: str) -> Subscription:
    row = Subscription.objects.filter(external_id=external_id).first()
    if row is None:
        raise MissingObject(ObjectKind.SUBSCRIPTION, external_id)
    return row


def _line(
    line: RemoteLine, subscriptions: dict[str, Subscription], plans: dict[str, Plan]
) -> LineValues:
    begins_on, ends_on = line.begins_on, line.ends_on
    if begins_on is None or ends_on is None or ends_on <= begins_on:
        begins_on = ends_on = None
    subscription = subscriptions.get(line.subscription)
    recurs = line.recurring and line.amount >= 0 and begins_on and subscription
    return LineValues(
        kind=LineKind.RECURRING if recurs else LineKind.ONE_OFF,
        amount=line.amount,
        tax=line.tax,
        begins_on=begins_on,
        ends_on=ends_on,
        subscription=subscription,
        plan=plans.get(line.price),
        description=line.description[:DESCRIPTION],
        quantity=line.quantity,
    )


def _merged(lines: Iterable[LineValues]) -> list[LineValues]:
    """This will make one line of the items of a subscription for the same days.

    A day of a subscription is charged by one line only. The dearest item names it.
    """
    merged: dict[tuple[object, ...], LineValues] = {}
    for place, line in enumerate(lines):
        recurs = line.kind == LineKind.RECURRING and line.subscription is not None
        of = line.subscription.pk if recurs and line.subscription else place
        key = (recurs, of, line.begins_on, line.ends_on)
        there = merged.get(key)
        if there is None:
            merged[key] = line
            continue
        first = there if there.amount >= line.amount else line
        words = ", ".join(filter(None, (there.description, line.description)))
        merged[key] = replace(
            first,
            amount=there.amount + line.amount,
            tax=there.tax + line.tax,
            description=words[:DESCRIPTION],
        )
    return list(merged.values())


def _apart(lines: list[LineValues]) -> list[LineValues]:
    """This will call what charges days a second time a one-off: a change in between."""
    taken = _charged(lines)
    found: list[LineValues] = []
    for line in lines:
        if line.kind == LineKind.RECURRING and line.subscription:
            begins, ends = line.begins_on, line.ends_on
            assert begins is not None  # noqa: S101 - recurring lines have both
            assert ends is not None  # noqa: S101
            of = taken.setdefault(line.subscription.pk, [])
            if any(begins < until and ends > since for since, until in of):
                line = replace(line, kind=LineKind.ONE_OFF)  # noqa: PLW2901
            else:
                of.append((begins, ends))
        found.append(line)
    return found


def _charged(
    lines: Iterable[LineValues],
) -> dict[int, list[tuple[dt.date, dt.date]]]:
    """This will find what other invoices have charged of the same days. One query."""
    where = Q()
    for line in lines:
        if line.kind == LineKind.RECURRING and line.subscription:
            where |= Q(
                subscription=line.subscription,
                begins_on__lt=line.ends_on,
                ends_on__gt=line.begins_on,
            )
    taken: dict[int, list[tuple[dt.date, dt.date]]] = {}
    if not where:
        return taken
    rows = InvoiceLine.objects.filter(where, kind=LineKind.RECURRING, withdrawn=False)
    days = rows.order_by("id").values_list("subscription", "begins_on", "ends_on")
    for pk, begins, ends in days:
        if begins is not None and ends is not None:
            taken.setdefault(pk, []).append((begins, ends))
    return taken


def _summed(lines: list[LineValues], remote: RemoteInvoice) -> list[LineValues]:
    """This will add a line where the others do not sum up to what the invoice says."""
    if not lines:
        return lines
    amount = remote.total - sum((line.amount for line in lines), ZERO)
    tax = remote.tax - sum((line.tax for line in lines), ZERO)
    if not amount and not tax:
        return lines
    rest = LineValues(kind=LineKind.ONE_OFF, amount=amount, tax=tax, description=REST)
    return [*lines, rest]
