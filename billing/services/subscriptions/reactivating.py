"""A subscription that has ended and is taken up again.

It becomes a subscription of its own, which names the one it follows: its terms are
counted anew, and whatever reads of the old one that it has ended stays true. The ledger
sees the customer, and so a return and no new customer.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.enums import ChangeAction
from billing.models import Plan, Subscription
from billing.services.subscriptions.situation import Situation, refuse, situation_of
from billing.services.subscriptions.start import (
    StartValues,
    course_started,
    subscription_made,
)
from billing.services.subscriptions.writing import subscription_locked
from common.templatetags import ui


@transaction.atomic
def subscription_reactivate(
    *,
    subscription: Subscription,
    on: dt.date | None = None,
    plan: Plan | None = None,
    quantity: int | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> Subscription:
    """This will take up a subscription again from a day (today), as it was at its end.

    At the price that counts then, without its discount, and without its add-ons. Raises
    UnableToChangeSubscription.
    """
    situation = situation_of(subscription_locked(subscription), now=now)
    values = reactivation_values(situation, on=on, plan=plan, quantity=quantity)
    customer = situation.subscription.customer
    return subscription_made(
        customer=customer,
        values=values,
        course=course_started(customer, values, today=situation.today),
        action=ChangeAction.REACTIVATED,
        by=by,
        now=now,
        note=note,
        follows=situation.subscription,
    )


def reactivation_values(
    situation: Situation,
    *,
    on: dt.date | None = None,
    plan: Plan | None = None,
    quantity: int | None = None,
) -> StartValues:
    """This will say what would start. Reads only; refuses what makes no sense."""
    old, ends_on = situation.subscription, situation.course.ends_on
    on = on or situation.today
    if ends_on is None or ends_on > situation.today:
        refuse(_("It has not ended. If an end is booked, withdraw it."))
    if on < ends_on:
        text = _("It ended on %(day)s. Choose that day or a later one.")
        refuse(text, day=ui.day_long(ends_on))
    if old.followers.exists():
        refuse(
            _("It was taken up again already. Change the subscription that follows.")
        )
    terms = situation.course.at(ends_on)
    chosen = plan or Plan.objects.filter(pk=terms.plan or 0).first()
    if chosen is None:
        refuse(_("It has no plan. Start a new subscription instead."))
    return StartValues(
        plan=chosen,
        currency=old.currency,
        on=on,
        interval_months=terms.interval_months,
        quantity=quantity or terms.quantity or 1,
        parent=_base(old),
        notice_days=old.notice_days,
        auto_renews=old.auto_renews,
    )


def _base(old: Subscription) -> Subscription | None:
    """This will find what an add-on belongs to now: its plan, or what followed that."""
    base = old.parent
    while base is not None and base.ended_on is not None:
        follower = base.followers.order_by("-id").first()
        if follower is None:
            break
        base = follower
    return base
