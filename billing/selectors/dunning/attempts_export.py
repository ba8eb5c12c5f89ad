"""Every try to collect what failed, one a row, for spreadsheets."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from billing.calculations.dunning.declines import reason_of
from billing.models import PaymentAttempt
from common.csvout import MARK, csv_lines

AT_ONCE = 1000
HOUR = dt.timedelta(hours=1)


def attempts_of(
    user: User, first: dt.date | None, last: dt.date
) -> "QuerySet[PaymentAttempt]":
    """This will return the tries of the cases that began in a time, by case and number."""
    rows: QuerySet[PaymentAttempt] = PaymentAttempt.objects.visible_to(user)
    rows = rows.filter(case__began_on__lte=last)
    if first is not None:
        rows = rows.filter(case__began_on__gte=first)
    rows = rows.select_related("case", "invoice", "customer", "method")
    return rows.order_by("case_id", "number", "id")


def attempts_csv(rows: "QuerySet[PaymentAttempt]") -> Iterator[bytes]:
    """This will return a header and a row per try; a thousand tries at a time in memory.

    Codes are left as they are, in English, so that a file can be read by programs; dates
    and times are ISO 8601 in UTC.
    """
    # The language is the reader's now, and nobody's any more once the answer is sent.
    return _lines(_header(), rows)


def _lines(header: list[str], rows: "QuerySet[PaymentAttempt]") -> Iterator[bytes]:
    yield MARK + csv_lines([header])
    found = rows.iterator(chunk_size=AT_ONCE)
    while some := list(islice(found, AT_ONCE)):
        yield csv_lines([_row(one) for one in some])


def _header() -> list[str]:
    return [
        _("Case"), _("Invoice"), _("Customer id"), _("Try"), _("Cause"), _("Planned"),
        _("Asked"), _("Answered"), _("State"), _("Decline code"), _("Decline group"),
        _("Reason"), _("Amount"), _("Currency"), _("Method"), _("Brand"),
        _("Last four"), _("Hours since the first failure"), _("Outcome of the case"),
    ]  # fmt: skip


def _row(one: PaymentAttempt) -> list[object]:
    case, method = one.case, one.method
    assert case is not None  # noqa: S101 - they are found by their case
    at = one.asked_at or one.planned_at
    return [
        case.pk,
        one.invoice.external_id,
        one.customer.external_id,
        one.number,
        one.cause,
        _moment(one.planned_at),
        _moment(one.asked_at),
        _moment(one.answered_at),
        one.state,
        one.decline_code,
        one.decline_group,
        reason_of(one.decline_code) if one.decline_group else "",
        one.amount,
        one.currency,
        method.kind if method else "",
        method.brand if method else "",
        method.last4 if method else "",
        f"{(at - case.began_at) / HOUR:.1f}",
        case.state,
    ]


def _moment(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else ""
