"""A temporary upgrade that goes back by itself."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import changed_for_a_while
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.models import Plan, Subscription, SubscriptionChange
from billing.services.subscriptions.pricing import (
    Prices,
    check_quantity,
    check_sold,
    planned_edit,
)
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take


@dataclass(frozen=True, slots=True)
class RaiseForAWhile:
    """Another plan, more seats, or both, from a day (today) to before another."""

    until: dt.date
    on: dt.date | None = None
    plan: Plan | None = None
    quantity: int | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or situation.today
        situation.check_day(on)
        situation.check_day(self.until)
        if self.until <= on:
            refuse(_("It goes back before it begins. Choose a later day."))
        self._check(on)
        prices = Prices(situation.subscription.currency, on)

        def edit(terms: Terms) -> Terms:
            put = terms if self.plan is None else planned_edit(self.plan, prices)(terms)
            return replace(put, quantity=self.quantity or put.quantity)

        before = situation.course.at(on)
        if edit(before).list_rate <= before.list_rate:
            refuse(_("That is no more than now. Choose a dearer plan or more seats."))
        actions = (ChangeAction.RAISED_FOR_A_WHILE, ChangeAction.WHILE_OVER)
        course = changed_for_a_while(
            situation.course, edit, on=on, until=self.until, actions=actions
        )
        return Planned(course, on, ChangeAction.RAISED_FOR_A_WHILE)

    def _check(self, on: dt.date) -> None:
        if self.plan is not None:
            check_sold(self.plan, on=on)
        if self.quantity is not None:
            check_quantity(self.quantity)


def subscription_raise_for_a_while(
    *,
    subscription: Subscription,
    until: dt.date,
    on: dt.date | None = None,
    plan: Plan | None = None,
    quantity: int | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will upgrade for a while; what counts afterwards is booked at once."""
    step = RaiseForAWhile(until, on, plan, quantity)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
