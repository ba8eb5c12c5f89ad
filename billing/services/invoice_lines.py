"""The lines of an invoice: what makes them right, and that no period is paid twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.enums import LineKind
from billing.models import InvoiceLine, Plan, Subscription
from billing.services.recorded import CENT, UnableToRecord, cents_check
from common.templatetags.ui import day_long

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line; `amount` is net of discount and tax.

    A recurring one says for which days it pays: from `begins_on` to before `ends_on`. What
    is charged for a change in the middle of a period is a one-off line, and only one-off
    lines may be negative (a rebate).
    """

    kind: LineKind
    amount: Decimal
    tax: Decimal = ZERO
    begins_on: dt.date | None = None
    ends_on: dt.date | None = None
    subscription: Subscription | None = None
    plan: Plan | None = None
    description: str = ""
    quantity: Decimal = ONE

    def fields(self, place: int) -> dict[str, Any]:
        """This will return the columns of the line in that place."""
        return {
            "number": place,
            "kind": str(self.kind),
            "amount": self.amount,
            "tax": self.tax,
            "begins_on": self.begins_on,
            "ends_on": self.ends_on,
            "subscription_id": self.subscription.pk if self.subscription else None,
            "plan_id": self.plan.pk if self.plan else None,
            "description": self.description,
            "quantity": self.quantity,
        }


def lines_check(
    lines: Sequence[LineValues], *, customer_id: int, total: Decimal, tax: Decimal
) -> None:
    """This will refuse lines that make no sense or do not sum to the invoice."""
    for place, line in enumerate(lines, 1):
        _line_check(line, place, customer_id)
    if lines:
        _sum_check(_("amount"), sum((line.amount for line in lines), ZERO), total)
        _sum_check(_("tax"), sum((line.tax for line in lines), ZERO), tax)
        _among_each_other(lines)


def _line_check(line: LineValues, place: int, customer_id: int) -> None:
    words: dict[str, Any] = {"number": place}
    cents_check(amount=line.amount, tax=line.tax)
    if (line.begins_on is None) != (line.ends_on is None):
        msg = _("Line %(number)d tells one end of its period. Give both days or none.")
        raise UnableToRecord(msg % words)
    if line.begins_on and line.ends_on and line.ends_on <= line.begins_on:
        msg = _(
            "Line %(number)d ends on %(end)s, not after it begins on %(begin)s. The end "
            "is the first day that is no longer paid."
        )
        words |= {"begin": day_long(line.begins_on), "end": day_long(line.ends_on)}
        raise UnableToRecord(msg % words)
    if line.kind == LineKind.RECURRING and line.begins_on is None:
        msg = _("Line %(number)d is recurring: say from which day to which it pays.")
        raise UnableToRecord(msg % words)
    if line.kind == LineKind.RECURRING and line.amount < 0:
        msg = _("Line %(number)d is recurring and negative. Note a credit instead.")
        raise UnableToRecord(msg % words)
    if line.subscription and line.subscription.customer_id != customer_id:
        msg = _("Line %(number)d is for a subscription of another customer.")
        raise UnableToRecord(msg % words)


def _sum_check(what: str, lines: Decimal, said: Decimal) -> None:
    if lines == said:
        return
    words = {
        "what": what,
        "lines": lines.quantize(CENT),
        "said": said.quantize(CENT),
        "more": abs(lines - said).quantize(CENT),
    }
    msg = (
        _(
            "%(what)s: the lines sum to %(lines)s, the invoice says %(said)s. %(more)s too much."
        )
        if lines > said
        else _(
            "%(what)s: the lines sum to %(lines)s, the invoice says %(said)s. %(more)s is missing."
        )
    )
    raise UnableToRecord(msg % words)


def _among_each_other(lines: Sequence[LineValues]) -> None:
    """This will refuse two lines of one invoice for the same days of a subscription."""
    last: dict[int, dt.date] = {}
    for line in sorted(_recurring(lines), key=lambda one: str(one.begins_on)):
        key = line.subscription.pk if line.subscription else 0
        if key in last and line.begins_on and line.begins_on < last[key]:
            msg = _(
                "Two lines charge subscription %(subscription)s for the days from %(begin)s "
                "to before %(end)s."
            )
            raise UnableToRecord(
                msg
                % {
                    "subscription": line.subscription,
                    "begin": day_long(line.begins_on),
                    "end": day_long(min(last[key], line.ends_on or last[key])),
                }
            )
        last[key] = max(last.get(key, dt.date.min), line.ends_on or dt.date.min)


def _recurring(lines: Sequence[LineValues]) -> list[LineValues]:
    return [
        line
        for line in lines
        if line.kind == LineKind.RECURRING and line.subscription is not None
    ]


def lines_overlap_check(lines: Sequence[LineValues]) -> None:
    """This will refuse days that another invoice has charged; it names them.

    Invoices that were credited in full have charged nothing. One query. The database
    holds the same by itself (billing_line_no_overlap), against whoever writes meanwhile.
    """
    where = Q()
    for line in _recurring(lines):
        where |= Q(
            subscription=line.subscription,
            begins_on__lt=line.ends_on,
            ends_on__gt=line.begins_on,
        )
    if not where:
        return
    found = InvoiceLine.objects.filter(
        where, kind=LineKind.RECURRING, withdrawn=False
    ).select_related("invoice", "subscription")
    other = found.order_by("begins_on", "id").first()
    if other is None or other.begins_on is None or other.ends_on is None:
        return
    mine = next(
        line
        for line in _recurring(lines)
        if line.subscription
        and line.subscription.pk == other.subscription_id
        and line.begins_on
        and line.begins_on < other.ends_on
        and line.ends_on
        and line.ends_on > other.begins_on
    )
    msg = _(
        "Invoice %(other)s has charged subscription %(subscription)s for the days from "
        "%(begin)s to before %(end)s already."
    )
    raise UnableToRecord(
        msg
        % {
            "other": other.invoice.external_id,
            "subscription": other.subscription,
            "begin": day_long(max(mine.begins_on, other.begins_on)),  # type: ignore[type-var]
            "end": day_long(min(mine.ends_on, other.ends_on)),  # type: ignore[type-var]
        }
    )
