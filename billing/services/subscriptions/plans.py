"""Another plan, and another billing interval."""

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import Edit, changed
from billing.calculations.terms import Terms
from billing.enums import ChangeAction, PlanKind
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
class ChangePlan:
    """Another plan, and other seats if told.

    Without a day the rule is: more money a month counts from today, and less from the end
    of the term that is paid for.
    """

    plan: Plan
    on: dt.date | None = None
    quantity: int | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or situation.today
        upgrade = self._dearer(situation, on)
        if self.on is None and not upgrade:
            on = situation.period_end()
        situation.check_day(on)
        self._check(situation, on)
        action = ChangeAction.UPGRADED if upgrade else ChangeAction.DOWNGRADED
        course = changed(
            situation.course,
            self._edit(situation, on),
            group="plan",
            on=on,
            today=situation.today,
            action=action,
        )
        return Planned(course, on, action)

    def _edit(self, situation: Situation, on: dt.date) -> Edit:
        prices = Prices(situation.subscription.currency, on)
        put = planned_edit(self.plan, prices)

        def edit(terms: Terms) -> Terms:
            quantity = self.quantity or terms.quantity
            return replace(put(terms), quantity=quantity)

        return edit

    def _dearer(self, situation: Situation, on: dt.date) -> bool:
        terms = situation.course.at(on)
        return self._edit(situation, on)(terms).list_rate > terms.list_rate

    def _check(self, situation: Situation, on: dt.date) -> None:
        check_sold(self.plan, on=on)
        if self.quantity is not None:
            check_quantity(self.quantity)
        if situation.course.at(on).plan == self.plan.pk:
            text = _("It is on %(plan)s already. Move it to another price instead.")
            refuse(text, plan=self.plan.name)
        add_on = situation.subscription.parent_id is not None
        if (self.plan.kind == PlanKind.ADD_ON) is not add_on:
            refuse(_("A plan cannot become an add-on, nor an add-on a plan."))


@dataclass(frozen=True, slots=True)
class ChangeInterval:
    """Another number of months that are paid for at once.

    From the end of the term that is paid for, unless a day is told. Terms are counted
    from that day on.
    """

    interval_months: int
    on: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or situation.period_end()
        situation.check_day(on)
        if not 1 <= self.interval_months <= 120:
            refuse(_("An interval has between 1 and 120 months."))
        if situation.course.at(on).interval_months == self.interval_months:
            refuse(_("It is paid in that interval already."))
        course = changed(
            situation.course,
            self._edit(situation, on),
            group="plan",
            on=on,
            today=situation.today,
            action=ChangeAction.INTERVAL,
        )
        return Planned(course, on, ChangeAction.INTERVAL)

    def _edit(self, situation: Situation, on: dt.date) -> Edit:
        prices = Prices(situation.subscription.currency, on)
        plans = Plan.objects.in_bulk({p.terms.plan for p in situation.course.points})
        months = self.interval_months

        def edit(terms: Terms) -> Terms:
            anchored_on = max(on, terms.anchored_on) if terms.state == "trial" else on
            if terms.price is None or terms.plan is None:
                # Imported: what a month costs stays.
                amount, price = terms.amount * months / terms.interval_months, None
            else:
                found = prices.of(plans[terms.plan], months)
                amount, price = found.amount, found.pk
            return replace(
                terms,
                interval_months=months,
                anchored_on=anchored_on,
                amount=amount,
                price=price,
            )

        return edit


def subscription_change_plan(
    *,
    subscription: Subscription,
    plan: Plan,
    on: dt.date | None = None,
    quantity: int | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will change the plan: dearer ones today, cheaper ones at the end of the term."""
    step = ChangePlan(plan, on, quantity)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)


def subscription_change_interval(
    *,
    subscription: Subscription,
    interval_months: int,
    on: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will change the interval, from the end of the term on unless a day is told."""
    step = ChangeInterval(interval_months, on)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)
