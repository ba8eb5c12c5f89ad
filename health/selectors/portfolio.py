"""The sums of a portfolio, and how they have changed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from accounts.models import User
from health.models import PortfolioDay

EVERYBODY = 0
COMPARED_AFTER = dt.timedelta(days=7)
COMPARED_UP_TO = dt.timedelta(days=14)
MONTHS = 12
SUMS = {
    field.name: Sum(field.name)
    for field in PortfolioDay._meta.concrete_fields
    if field.name not in {"id", "as_of", "owner_id"}
}


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A person's sums of the newest day, and of about a week before where known."""

    now: PortfolioDay
    before: PortfolioDay | None

    @property
    def recurring(self) -> Decimal:
        """Recurring revenue of a year."""
        return Decimal(self.now.mrr * MONTHS)

    @property
    def renewing(self) -> Decimal:
        """Recurring revenue of a year that is up for renewal."""
        return Decimal(self.now.renewals_mrr * MONTHS)

    @property
    def change(self) -> Decimal | None:
        """How the value at risk has changed; None where there is nothing to compare."""
        if self.before is None:
            return None
        return Decimal(self.now.value_at_risk - self.before.value_at_risk)

    @property
    def change_size(self) -> Decimal | None:
        return None if self.change is None else abs(self.change)

    @property
    def change_days(self) -> int:
        return (self.now.as_of - self.before.as_of).days if self.before else 0

    @property
    def net_retention(self) -> Decimal | None:
        """Today's revenue of a year ago's customers, as a share of theirs then."""
        then = self.now.mrr_year_ago
        return self.now.mrr_now / then if then else None

    @property
    def gross_retention(self) -> Decimal | None:
        """The same without any growth."""
        then = self.now.mrr_year_ago
        return self.now.mrr_kept / then if then else None


def portfolio_of(user: User, *, as_of: dt.date) -> Portfolio | None:
    """This will return the person's portfolio on the day of the run that is shown.

    It is everybody's, or the sum over the owners whose customers the person sees. None
    where the run knew no customer of theirs. The compared day is the newest one at
    least a week, at most two, before. Days after it, which a run of a later day left, do
    not count. One query.
    """
    sees = user.reach.sees
    days = PortfolioDay.objects.filter(
        owner_id__in=[EVERYBODY] if sees.everybody else list(sees),
        as_of__range=(as_of - COMPARED_UP_TO, as_of),
    )
    summed = days.values("as_of").annotate(**SUMS).order_by("-as_of")
    found = [PortfolioDay(**row) for row in summed]
    if not found or found[0].as_of != as_of:
        return None
    newest = found[0]
    old_enough = (day for day in found if as_of - day.as_of >= COMPARED_AFTER)
    return Portfolio(newest, next(old_enough, None))
