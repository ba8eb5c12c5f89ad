"""Telling customers of a yearly charge before it comes, so that nobody is surprised."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from billing.mails import YearlyReminderMail
from billing.models import ReminderRules, RenewalReminder, UpcomingRenewal
from billing.selectors.people import payers
from billing.selectors.reminders import (
    DAY,
    LEAST_DAYS,
    charges_to_tell,
    reminder_rules,
)
from common.changes import digest_of
from common.dates import day_end, first_zone
from common.errors import KeepwellError
from mail.models import OutboxMessage
from mail.services.outbox import Draft, message_queue, messages_queue

FIELDS = ("is_on", "days_before")
SOONEST, LATEST = 7, 90
BATCH = 1_000


class UnableToSaveReminders(KeepwellError):
    """The rules make no sense, or somebody else has changed them meanwhile."""


def reminders_queue(*, today: dt.date, now: dt.datetime) -> int:
    """This will ask for the reminders that are due; how many are new.

    Once per subscription and renewal, whatever happens: by the unique key of the reminder
    and of the mail. In batches, each in its own transaction; who has nobody to write to
    is looked at again the next day.
    """
    rules = reminder_rules()
    if not rules.is_on:
        return 0
    due = charges_to_tell(today + LEAST_DAYS * DAY, today + rules.days_before * DAY)
    told = behind = 0
    while batch := list(due.filter(pk__gt=behind).order_by("pk")[:BATCH]):
        told, behind = told + _tell(batch, now), batch[-1].pk
    return told


@transaction.atomic
def _tell(rows: Sequence[UpcomingRenewal], now: dt.datetime) -> int:
    people = payers({row.customer_id for row in rows})
    zone = first_zone(the_company().time_zone)
    drafts, made = [], []
    for row in rows:
        contact = people.get(row.customer_id)
        if contact is None:
            continue
        data = {
            "subscription": row.subscription_id,
            "renews_on": row.renews_on.isoformat(),
            "contact_id": contact.pk,
        }
        drafts.append(
            Draft(
                kind=YearlyReminderMail.key,
                to_email=contact.email,
                data=data,
                effect_key=effect_of(row.subscription_id, row.renews_on),
                contact=contact,
                customer=contact.customer,
                # On the day itself it would be no warning any more.
                expires_at=day_end(row.renews_on - DAY, zone),
            )
        )
        made.append(
            RenewalReminder(
                customer_id=row.customer_id,
                subscription_id=row.subscription_id,
                renews_on=row.renews_on,
                contact=contact,
                asked_at=now,
            )
        )
    messages = {mail.effect_key: mail for mail in messages_queue(drafts, now=now)}
    for one in made:
        one.message = messages.get(effect_of(one.subscription_id, one.renews_on))
    RenewalReminder.objects.bulk_create(made, ignore_conflicts=True)
    return len(messages)


def effect_of(subscription_id: int, renews_on: dt.date) -> str:
    """This will return what makes a reminder go out once."""
    return f"{YearlyReminderMail.key}:{subscription_id}:{renews_on}"


@transaction.atomic
def reminders_change(
    *,
    is_on: bool,
    days_before: int,
    seen: str,
    by: Actor,
    today: dt.date,
    now: dt.datetime,
) -> bool:
    """This will save whether and when customers are told; False if nothing differs.

    `seen` is the digest of what the person saw. Raises UnableToSaveReminders.
    """
    ReminderRules.objects.get_or_create(id=1)
    rules = ReminderRules.objects.select_for_update().get(id=1)
    if seen != digest_of(rules, FIELDS):
        raise UnableToSaveReminders(_("Somebody else has changed this meanwhile."))
    if not SOONEST <= days_before <= LATEST:
        text = _("Choose between %(first)d and %(last)d days.")
        raise UnableToSaveReminders(text % {"first": SOONEST, "last": LATEST})
    before = {name: getattr(rules, name) for name in FIELDS}
    after = {"is_on": is_on, "days_before": days_before}
    if before == after:
        return False
    if is_on and not rules.is_on:
        rules.on_since = today
    rules.is_on, rules.days_before = is_on, days_before
    rules.save()
    audit_record(
        by=by,
        action="billing.reminders_changed",
        now=now,
        subject=rules,
        before=before,
        after=after,
    )
    return True


def reminder_test(*, effect: str, by: User, now: dt.datetime) -> OutboxMessage | None:
    """This will send the person an example of the reminder; None for a double click."""
    return message_queue(
        kind=YearlyReminderMail.key,
        to_email=by.email,
        to_name=by.name,
        data={"test": True},
        effect_key=f"{YearlyReminderMail.key}:test:{by.pk}:{effect}",
        language=by.language,
        user_id=by.pk,
        author=by,
        # Whoever presses the button sits there now.
        in_working_hours=False,
        now=now,
    )
