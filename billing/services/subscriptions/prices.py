"""Moving a subscription to another version of its plan's price."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import Course, changed
from billing.calculations.renewal import next_renewal
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.models import PriceVersion, Subscription, SubscriptionChange
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take
from common.templatetags import ui


@dataclass(frozen=True, slots=True)
class MovePrice:
    """Another version of the price, from a day (the next renewal) on."""

    price: PriceVersion
    on: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or renewal_after(situation)
        situation.check_day(on)
        self._check(situation, on)
        course = moved(situation.course, self.price, on=on, today=situation.today)
        return Planned(course, on, ChangeAction.PRICE_MOVED)

    def _check(self, situation: Situation, on: dt.date) -> None:
        price, terms = self.price, situation.course.at(on)
        fits = (terms.plan, terms.interval_months, situation.subscription.currency)
        if (price.plan_id, price.interval_months, price.currency) != fits:
            refuse(_("That price is for another plan, interval or currency."))
        if price.valid_on > on:
            text = _(
                "That price counts from %(day)s on. Choose that day or a later one."
            )
            refuse(text, day=ui.day_long(price.valid_on))


def renewal_after(situation: Situation) -> dt.date:
    """This will return the next renewal after today, or after a start that is to come."""
    day = max(situation.today, situation.course.starts_on)
    terms = situation.course.at(day)
    return next_renewal(terms.anchored_on, terms.interval_months, day)


def moved(
    course: Course, price: PriceVersion, *, on: dt.date, today: dt.date
) -> Course:
    """This will put a price into a course wherever its plan and interval are in force."""

    def edit(terms: Terms) -> Terms:
        if (terms.plan, terms.interval_months) != (
            price.plan_id,
            price.interval_months,
        ):
            return terms
        return replace(terms, price=price.pk, amount=price.amount)

    action = ChangeAction.PRICE_MOVED
    return changed(course, edit, group="plan", on=on, today=today, action=action)


def subscription_move_price(
    *,
    subscription: Subscription,
    price: PriceVersion,
    on: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will move one subscription to a price, at its next renewal unless told."""
    step = MovePrice(price, on)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
