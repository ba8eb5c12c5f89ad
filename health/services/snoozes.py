"""Hiding a customer from the at-risk list for a while."""

import calendar
import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer
from health.models import Board, Snooze


class SnoozeFor(models.TextChoices):
    """For how long a customer may be hidden from the list."""

    TOMORROW = "tomorrow", _("Tomorrow")
    WEEK = "week", _("Next week")
    MONTH = "month", _("Next month")


def snooze_day(period: str, *, today: dt.date) -> dt.date:
    """This will return the day on which a customer comes back to the list."""
    if period == SnoozeFor.TOMORROW:
        return today + dt.timedelta(days=1)
    if period == SnoozeFor.WEEK:
        return today + dt.timedelta(days=7)
    first = (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = calendar.monthrange(first.year, first.month)[1]
    return first.replace(day=min(today.day, last))


@transaction.atomic
def customer_snooze(
    *,
    customer: Customer,
    until: dt.date,
    author: User,
    now: dt.datetime,
    reason: str = "",
) -> Snooze:
    """This will hide a customer from the at-risk list until a day.

    The board shows it at once. A board that is being rebuilt takes it from the snooze,
    by its `created_at`. Costs three statements.
    """
    snooze, _created = Snooze.objects.update_or_create(
        customer=customer,
        defaults={
            "until": until,
            "reason": reason,
            "author": author,
            "created_at": now,
        },
    )
    Board.objects.filter(pk=customer.pk).update(snoozed_until=until)
    return snooze


@transaction.atomic
def customer_unsnooze(
    *, customer: Customer, author: User, today: dt.date, now: dt.datetime
) -> bool:
    """This will bring a hidden customer back; False when it was not hidden.

    The row stays, ended today: a board that is being rebuilt applies snoozes by their
    `created_at`, so a deleted row would leave the customer hidden until the next run.
    """
    hidden = Snooze.objects.filter(customer=customer, until__gt=today)
    ended = hidden.update(until=today, author=author, created_at=now)
    Board.objects.filter(pk=customer.pk).update(snoozed_until=None)
    return bool(ended)
