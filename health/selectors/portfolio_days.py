"""A portfolio day by day."""

import datetime as dt

from accounts.models import User
from health.models import PortfolioDay
from health.selectors.portfolio import EVERYBODY, SUMS

# The two spans: day by day, and the last day of every week.
DAILY, YEAR = 90, 365


def portfolio_days(user: User, *, as_of: dt.date, days: int) -> list[PortfolioDay]:
    """This will return the sums of what the person sees, oldest first, up to a day.

    Up to 90 days every day, beyond that the last one of each week. Owner by owner they
    are summed, for those are the people whose customers these were then. One query.
    """
    sees = user.reach.sees
    rows = PortfolioDay.objects.filter(
        owner_id__in=[EVERYBODY] if sees.everybody else list(sees),
        as_of__range=(as_of - dt.timedelta(days=days), as_of),
    )
    summed = rows.values("as_of").annotate(**SUMS).order_by("as_of")
    found = [PortfolioDay(**row) for row in summed]
    if days <= DAILY:
        return found
    weekly = {(as_of - day.as_of).days // 7: day for day in found}
    return [weekly[week] for week in sorted(weekly, reverse=True)]
