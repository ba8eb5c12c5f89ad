"""The number of seats."""

import datetime as dt
from dataclasses import dataclass, replace

from accounts.actor import Actor
from billing.calculations.booking import changed
from billing.enums import ChangeAction
from billing.models import Subscription, SubscriptionChange
from billing.services.subscriptions.pricing import check_quantity
from billing.services.subscriptions.situation import Planned, Situation
from billing.services.subscriptions.writing import step_take


@dataclass(frozen=True, slots=True)
class ChangeQuantity:
    """Another number of seats from a day (today) on."""

    quantity: int
    on: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or situation.today
        situation.check_day(on)
        check_quantity(self.quantity)
        course = changed(
            situation.course,
            lambda terms: replace(terms, quantity=self.quantity),
            group="quantity",
            on=on,
            today=situation.today,
            action=ChangeAction.QUANTITY,
        )
        return Planned(course, on, ChangeAction.QUANTITY)


def subscription_change_quantity(
    *,
    subscription: Subscription,
    quantity: int,
    on: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will change the number of seats from a day (today) on."""
    step = ChangeQuantity(quantity, on)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
