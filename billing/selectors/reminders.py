"""Which yearly charges customers are to be told of."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import ReminderRules, RenewalReminder, UpcomingRenewal

# A term of so many months or more is one that people forget.
LONG = 12
# Nearer than that a reminder would only annoy.
LEAST_DAYS = 7
DAY = dt.timedelta(days=1)


def reminder_rules() -> ReminderRules:
    """This will return the rules; the usual ones, off, where nobody has set any."""
    return ReminderRules.objects.filter(id=1).first() or ReminderRules(id=1)


def charges_to_tell(first: dt.date, last: dt.date) -> QuerySet[UpcomingRenewal]:
    """This will return yearly charges of some days of which nobody was told yet.

    Only those that come by themselves and are not cancelled.
    """
    told = RenewalReminder.objects.filter(
        subscription=OuterRef("subscription_id"), renews_on=OuterRef("renews_on")
    )
    rows = UpcomingRenewal.objects.filter(
        kept__isnull=True,
        ends_on__isnull=True,
        auto_renews=True,
        interval_months__gte=LONG,
        amount__gt=0,
        renews_on__range=(first, last),
    )
    return rows.exclude(Exists(told))


def reminders_next_week(rules: ReminderRules, *, today: dt.date) -> int:
    """This will count the reminders that would go out within seven days. One query."""
    return charges_to_tell(
        today + LEAST_DAYS * DAY, today + (rules.days_before + 7) * DAY
    ).count()
