"""Taking back what is booked for later."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import taken_back
from billing.enums import ChangeAction
from billing.models import Subscription, SubscriptionChange
from billing.services.subscriptions.discounts import discounted
from billing.services.subscriptions.ending import Keep
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What is booked for a day to come is not to be, for as long as it would have lasted.

    The end of a trial cannot be taken back, and that of a discount makes it a lasting one.
    """

    day: dt.date

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        course, day = situation.course, self.day
        if course.ends_on == day:
            return Keep().planned(situation)
        if day not in [point.on for point, _before in course.booked(situation.today)]:
            refuse(_("Nothing is booked for that day any more."))
        before, after = course.before(day), course.at(day)
        if before.state == "trial" and after.state != "trial":
            refuse(_("A trial ends. To end the subscription with it, cancel it."))
        if before.discount_until == day:
            course = discounted(
                course,
                before.discount,
                on=situation.today,
                until=None,
                today=situation.today,
                action=ChangeAction.DISCOUNTED,
            )
        if course.at(day) != course.before(day):
            course = taken_back(course, day)
        return Planned(course, day, ChangeAction.CORRECTED)


def subscription_take_back(
    *,
    subscription: Subscription,
    day: dt.date,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will take back what is booked for a day to come."""
    step = TakeBack(day)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
