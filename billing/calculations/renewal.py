"""When subscriptions renew: terms counted from the day that they are anchored at.

Days are counted from the anchor and not from the term before, so that a subscription of
31 January renews on 28 or 29 February and then on 31 March again, and one of 29 February
every fourth year on that day and in between on the 28th.
"""

import calendar
import datetime as dt
from itertools import count


def months_after(anchor: dt.date, months: int) -> dt.date:
    """This will return the anchor's day of a later month, or that month's last day."""
    index = anchor.year * 12 + anchor.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(anchor.day, last))


def next_renewal(anchor: dt.date, interval_months: int, after: dt.date) -> dt.date:
    """This will return the first renewal after a day; the anchor itself is none."""
    return period_of(anchor, interval_months, max(after, anchor))[1]


def period_of(
    anchor: dt.date, interval_months: int, day: dt.date
) -> tuple[dt.date, dt.date]:
    """This will return the term that a day lies in: its first day and the next one's.

    Before the anchor that is the first term.
    """
    passed = (day.year - anchor.year) * 12 + day.month - anchor.month
    first = max(0, passed // interval_months - 1)
    term = next(
        term
        for term in count(first)
        if day < months_after(anchor, (term + 1) * interval_months)
    )
    begins_on = months_after(anchor, term * interval_months)
    return begins_on, months_after(anchor, (term + 1) * interval_months)
