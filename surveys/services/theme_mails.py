"""Reminding departments, and what else themes do by the clock."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from accounts.selectors import company as the_company
from mail.services.outbox import message_queue
from surveys.calculations.nudging import BEFORE, reminder_is_due
from surveys.models import ThemeLink
from surveys.services.searching import searches_wake
from surveys.services.suggesting import suggestions_sweep
from surveys.services.theme_links import OPEN


def themes_tick(*, now: dt.datetime) -> None:
    """This will remind whom it is time to remind, and wake work that was left behind."""
    reminders_queue(now=now)
    searches_wake()
    suggestions_sweep(now=now)


def reminders_queue(*, now: dt.datetime) -> int:
    """This will ask for the reminders of the company's day; returns how many are new.

    One query when nobody is to be reminded. Asked twice, also at the same time, it sends
    once: the effect is keyed by link and day.
    """
    zone = ZoneInfo(the_company().time_zone)
    today = now.astimezone(zone).date()
    links = (
        ThemeLink.objects.filter(
            ended_at=None,
            theme__state__in=OPEN,
            theme__due_on__lte=today + BEFORE,
            theme__department=F("member__department"),
        )
        .exclude(reminded_on=today)
        .select_related("theme", "member")
    )
    sent = 0
    for link in links.order_by("pk"):
        if link.theme.due_on and reminder_is_due(
            today=today,
            due_on=link.theme.due_on,
            asked_on=link.created_at.astimezone(zone).date(),
            reminded_on=link.reminded_on,
        ):
            sent += _remind(link, today, now)
    return sent


@transaction.atomic
def _remind(link: ThemeLink, today: dt.date, now: dt.datetime) -> bool:
    made = message_queue(
        kind="surveys.theme_reminder",
        to_email=link.member.email,
        to_name=link.member.name,
        language=link.member.language,
        data={"link": link.pk, "generation": link.generation},
        effect_key=f"surveys.theme_reminder:{link.pk}:{today.isoformat()}",
        now=now,
    )
    ThemeLink.objects.filter(pk=link.pk).update(reminded_on=today)
    return made is not None
