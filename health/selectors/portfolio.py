"""The sums of a portfolio, and how they have changed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from health.models import PortfolioDay

EVERYBODY = 0
COMPARED_AFTER = dt.timedelta(days=7)
COMPARED_UP_TO = dt.timedelta(days=14)
MONTHS = 12


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

    None where the run knew no customer of theirs. The compared day is the newest one at
    least a week, at most two, before. Days after it, which a run of a later day left, do
    not count. One query.
    """
    owner = EVERYBODY if user.sees_everything else user.pk
    days = PortfolioDay.objects.filter(owner_id=owner, as_of__lte=as_of)
    days = days.order_by("-as_of", "-id")
    found = list(days[: COMPARED_UP_TO.days + 1])
    if not found or found[0].as_of != as_of:
        return None
    newest = found[0]
    for day in found[1:]:
        age = newest.as_of - day.as_of
        if COMPARED_AFTER <= age <= COMPARED_UP_TO:
            return Portfolio(newest, day)
    return Portfolio(newest, None)
