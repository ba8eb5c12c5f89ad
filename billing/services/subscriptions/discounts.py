"""Discounts, with or without an end."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.calculations.booking import Course, next_change
from billing.calculations.terms import Terms
from billing.enums import ChangeAction
from billing.models import Subscription, SubscriptionChange
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take


@dataclass(frozen=True, slots=True)
class Discount:
    """A share off the list price from a day (today) on; None or 0 takes it away.

    `until` is the first day without it. A new discount takes the place of the old one.
    """

    discount: Decimal | None
    on: dt.date | None = None
    until: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = self.on or situation.today
        situation.check_day(on)
        share = self.discount or None
        check_discount(share, on=on, until=self.until)
        action = ChangeAction.DISCOUNTED if share else ChangeAction.DISCOUNT_ENDED
        course = discounted(
            situation.course,
            share,
            on=on,
            until=self.until if share else None,
            today=situation.today,
            action=action,
        )
        return Planned(course, on, action)


def subscription_discount(
    *,
    subscription: Subscription,
    discount: Decimal | None,
    on: dt.date | None = None,
    until: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will give a discount (0.1 is 10 %), or take it away; see `Discount`."""
    step = Discount(discount, on, until)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)


def check_discount(
    share: Decimal | None, *, on: dt.date, until: dt.date | None
) -> None:
    """This will refuse more than everything, less than nothing, and ends before starts."""
    if share is not None and not 0 <= share <= 1:
        refuse(_("A discount is between 0 and 100 per cent."))
    if until is not None and until <= on:
        refuse(_("The discount ends before it begins. Choose a later day for its end."))


def discounted(
    course: Course,
    share: Decimal | None,
    *,
    on: dt.date,
    until: dt.date | None,
    today: dt.date,
    action: str,
) -> Course:
    """This will put a discount into a course, and the point at which it ends."""
    replaced_on = next_change(course, "discount", on=on, last=today)
    if until is not None and replaced_on is not None:
        until = min(until, replaced_on)

    def with_discount(terms: Terms) -> Terms:
        return replace(terms, discount=share, discount_until=until)

    def without(terms: Terms) -> Terms:
        return replace(terms, discount=None, discount_until=None)

    marked = course.with_point(on, action)
    if until is None or until == replaced_on:
        return marked.edited(with_discount, on=on, before=replaced_on)
    marked = marked.with_point(until, ChangeAction.DISCOUNT_ENDED)
    marked = marked.edited(with_discount, on=on, before=until)
    return marked.edited(without, on=until, before=replaced_on)
