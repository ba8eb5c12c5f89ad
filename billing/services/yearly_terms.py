"""From the month to the year, at exactly the price that was offered."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from billing.calculations.booking import changed
from billing.calculations.renewal import months_after
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.selectors.catalogue import price_on
from billing.services.subscriptions.discounts import discounted
from billing.services.subscriptions.situation import Planned, Situation, refuse

YEAR = 12
SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class PayByTheYear:
    """Yearly billing from the end of the month that is paid for.

    `mrr` is the net monthly amount that the offer was made of. The discount stays, free
    months are a discount of the first year. Twelve times the customer's own list price
    counts, not the catalogue's: that is what was offered.
    """

    mrr: Decimal
    discount: Decimal
    free_months: int

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        course, on = situation.course, situation.period_end()
        terms = course.at(on)
        if terms.ended:
            refuse(_("The subscription ends."))
        if terms.interval_months != 1 or terms.state != "active":
            refuse(_("The subscription is not paid by the month any more."))
        if terms.discount_until is not None or course.booked(on):
            refuse(_("Another change of the subscription is booked already."))
        if terms.rate != self.mrr:
            refuse(_("The monthly price has changed since the offer."))
        price = self._price(situation, terms, on)

        def by_the_year(found: Terms) -> Terms:
            return replace(
                found,
                interval_months=YEAR,
                anchored_on=on,
                amount=terms.amount * YEAR,
                price=price,
            )

        moved = changed(
            course,
            by_the_year,
            group="plan",
            on=on,
            today=situation.today,
            action=ChangeAction.INTERVAL,
        )
        kept = discounted(
            moved,
            self.share(terms.discount),
            on=on,
            until=months_after(on, YEAR) if self.free_months else None,
            today=situation.today,
            action=ChangeAction.INTERVAL,
        )
        if self.free_months and terms.discount:
            after = months_after(on, YEAR)
            kept = kept.edited(
                lambda found: replace(found, discount=terms.discount), on=after
            )
        return Planned(kept, on, ChangeAction.INTERVAL)

    def share(self, present: Decimal | None) -> Decimal:
        """This will return the discount in all, the one there is included."""
        given = self.discount or Decimal(self.free_months) / YEAR
        share = 1 - (1 - (present or Decimal(0))) * (1 - given)
        return share.quantize(SHARE, ROUND_HALF_UP)

    def yearly(self) -> Decimal:
        """This will return what the first year costs."""
        months = YEAR - self.free_months
        whole = self.mrr * months * (1 - self.discount)
        return whole.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _price(self, situation: Situation, terms: Terms, on: dt.date) -> int | None:
        """This will find the catalogue's yearly price, where it is the same."""
        if terms.plan is None or terms.price is None:
            return None
        found = price_on(
            plan_id=terms.plan,
            currency=situation.subscription.currency,
            interval_months=YEAR,
            day=on,
        )
        same = found is not None and found.amount == terms.amount * YEAR
        return found.pk if found is not None and same else None
