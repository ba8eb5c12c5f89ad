"""Starting a subscription."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from billing.calculations.booking import Course, Point
from billing.calculations.terms import Terms
from billing.enums import ChangeAction, PlanKind
from billing.events import SUBSCRIPTION_STARTED
from billing.models import Plan, Subscription, SubscriptionChange
from billing.selectors.subscriptions import course_of
from billing.services.ledger import ledger_refresh
from billing.services.subscriptions.discounts import check_discount, discounted
from billing.services.subscriptions.pricing import (
    Prices,
    check_currency,
    check_quantity,
    check_sold,
)
from billing.services.subscriptions.situation import company_zone, refuse
from billing.services.subscriptions.telling import event_data, told
from billing.services.subscriptions.writing import (
    columns_write,
    lines_made,
    subscription_locked,
)
from common.dates import local_day
from common.templatetags import ui
from customers.models import Customer
from customers.services.events import event_record

EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class StartValues:
    """What a subscription starts with. `discount` is a share of the list price."""

    plan: Plan
    currency: str
    on: dt.date
    interval_months: int = 1
    quantity: int = 1
    trial_until: dt.date | None = None
    discount: Decimal | None = None
    discount_until: dt.date | None = None
    parent: Subscription | None = None
    notice_days: int | None = None
    auto_renews: bool = True


@transaction.atomic
def subscription_start(
    *,
    customer: Customer,
    values: StartValues,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> Subscription:
    """This will start a subscription, with a line for the end of a trial or a discount.

    An add-on of a base that is cancelled already ends with it. Raises
    UnableToChangeSubscription.
    """
    today = local_day(now, company_zone())
    parent = subscription_locked(values.parent) if values.parent else None
    course = course_started(customer, replace(values, parent=parent), today=today)
    return subscription_made(
        customer=customer,
        values=values,
        course=course,
        action=ChangeAction.STARTED,
        by=by,
        now=now,
        note=note,
    )


def course_started(
    customer: Customer, values: StartValues, *, today: dt.date
) -> Course:
    """This will say what would start: its course. Reads only; refuses what makes no sense."""
    _check(customer, values, today)
    price = Prices(values.currency, values.on).of(values.plan, values.interval_months)
    paid_from = values.trial_until or values.on
    terms = Terms(
        plan=values.plan.pk,
        price=price.pk,
        amount=price.amount,
        interval_months=values.interval_months,
        anchored_on=paid_from,
        quantity=values.quantity,
        state="trial" if values.trial_until else "active",
    )
    course = Course((Point(values.on, terms, ChangeAction.STARTED),))
    if values.trial_until:
        course = course.with_point(paid_from, ChangeAction.TRIAL_ENDED)
        course = course.edited(lambda part: replace(part, state="active"), on=paid_from)
    if values.discount:
        course = discounted(
            course,
            values.discount,
            on=values.on,
            until=values.discount_until,
            today=values.on,
            action=ChangeAction.STARTED,
        )
    end = values.parent.ended_on if values.parent else None
    if end is not None:
        course = course.with_point(end, ChangeAction.CANCELLED)
        course = course.edited(lambda part: replace(part, ended=True), on=end)
    return course


def subscription_made(
    *,
    customer: Customer,
    values: StartValues,
    course: Course,
    action: ChangeAction,
    by: Actor,
    now: dt.datetime,
    note: str,
    follows: Subscription | None = None,
) -> Subscription:
    """This will write a subscription whose log is a course, and tell of it."""
    today = local_day(now, company_zone())
    terms = course.at(values.on)
    subscription = Subscription.objects.create(
        customer=customer,
        external_id=f"keepwell-{uuid4().hex[:12]}",
        plan=values.plan,
        price_id=terms.price,
        currency=values.currency,
        interval_months=values.interval_months,
        started_on=values.on,
        parent=values.parent,
        auto_renews=values.auto_renews,
        notice_days=values.notice_days,
        follows=follows,
        recorded_at=now,
    )
    points = [
        replace(point, action=action) if point.on == values.on else point
        for point in course.points
    ]
    SubscriptionChange.objects.bulk_create(
        lines_made(subscription, points, by=by, now=now, note=note)
    )
    columns_write(subscription, course, today)
    _tell(subscription, terms, action, by=by, now=now)
    ledger_refresh(customers=[customer.pk], now=now)
    return subscription


def _check(customer: Customer, values: StartValues, today: dt.date) -> None:
    if values.on < EARLIEST:
        refuse(_("Choose a first day from the year 2000 on."))
    check_sold(values.plan, on=values.on)
    check_currency(values.currency, on=values.on)
    check_quantity(values.quantity)
    if values.interval_months < 1:
        refuse(_("An interval has one month at least."))
    if values.trial_until is not None:
        _check_trial(values.trial_until, values.on, today)
    check_discount(values.discount, on=values.on, until=values.discount_until)
    _check_base(customer, values)


def _check_trial(until: dt.date, on: dt.date, today: dt.date) -> None:
    if until <= on:
        refuse(_("The trial ends before it begins. Choose a later day."))
    if until < today:
        text = _(
            "The trial was over on %(day)s. Start on that day without a trial, "
            "or choose a later day."
        )
        refuse(text, day=ui.day_long(until))


def _check_base(customer: Customer, values: StartValues) -> None:
    base, add_on = values.parent, values.plan.kind == PlanKind.ADD_ON
    if base is None:
        if add_on:
            text = _("%(plan)s is an add-on. Say which subscription it belongs to.")
            refuse(text, plan=values.plan.name)
        return
    if not add_on:
        refuse(_("Only add-ons belong to another subscription."))
    if base.customer_id != customer.pk or base.parent_id is not None:
        refuse(_("An add-on belongs to a plan of the same customer."))
    if values.on < base.started_on or course_of(base).at(values.on).ended:
        text = _(
            "The subscription it belongs to does not run on %(day)s. "
            "Choose a day on which it does."
        )
        refuse(text, day=ui.day_long(values.on))


def _tell(
    subscription: Subscription,
    terms: Terms,
    action: ChangeAction,
    *,
    by: Actor,
    now: dt.datetime,
) -> None:
    on = subscription.started_on
    event_record(
        customer=subscription.customer,
        kind=SUBSCRIPTION_STARTED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=subscription,
        data=event_data(terms, on, action) | {"currency": subscription.currency},
    )
    audit_record(
        by=by,
        action=SUBSCRIPTION_STARTED,
        now=now,
        subject=subscription,
        after={"on": on} | told(terms),
    )
