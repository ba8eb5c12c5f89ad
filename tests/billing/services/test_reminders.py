"""Customers are told of a yearly charge: once, in time, and only while it comes."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, User
from billing.enums import ChangeKind
from billing.models import ReminderRules, RenewalReminder, Subscription
from billing.selectors.reminders import reminder_rules, reminders_next_week
from billing.services.reminders import (
    UnableToSaveReminders,
    reminder_test,
    reminders_change,
    reminders_queue,
)
from common.changes import digest_of
from common.mailing import MailIsPointless
from insights.services.renewals_sql import charges_count
from mail.enums import MessageState
from mail.models import OutboxMessage
from mail.rendering.bodies import message_render
from tests import world
from tests.insights.renewal_world import fill, renewing
from tests.world import NOW, TODAY

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("company")


def switch_on(days: int = 30) -> None:
    ReminderRules.objects.update_or_create(
        id=1, defaults={"is_on": True, "days_before": days}
    )


def charged(name: str, *, days: int, **fields: object) -> Subscription:
    """This will save a yearly contract with a main contact."""
    row = renewing(name, days=days, mrr="100")
    world.person(row.customer, f"{name} person", email=f"{name}@example.org")
    Subscription.objects.filter(pk=row.pk).update(**fields)
    return row


def told() -> list[str]:
    return list(
        OutboxMessage.objects.order_by("to_email").values_list("to_email", flat=True)
    )


def test_nobody_is_told_until_an_administrator_wants_it() -> None:
    charged("a", days=20)
    fill()
    assert reminders_queue(today=TODAY, now=NOW) == 0
    assert told() == []


def test_those_who_renew_by_themselves_within_the_days_are_told_once() -> None:
    switch_on()
    charged("due", days=30)
    charged("soon", days=7)
    charged("too-soon", days=6)
    charged("later", days=31)
    charged("signs-again", days=20, auto_renews=False)
    half = charged("half-a-year", days=20)
    half.changes.update(interval_months=6)
    ending = charged("ending", days=20)
    world.change_subscription(
        ending, kind=ChangeKind.END, on=TODAY + 20 * DAY, mrr="0", recorded_at=NOW
    )
    silent = renewing("silent", days=20)
    fill()
    assert reminders_next_week(reminder_rules(), today=TODAY) == 4
    assert reminders_queue(today=TODAY, now=NOW) == 2
    assert told() == ["due@example.org", "soon@example.org"]
    # Not twice on a day, not again the next day; then the next one is due.
    assert reminders_queue(today=TODAY, now=NOW) == 0
    fill(TODAY + DAY)
    assert reminders_queue(today=TODAY + DAY, now=NOW + DAY) == 1
    assert told() == ["due@example.org", "later@example.org", "soon@example.org"]
    assert not RenewalReminder.objects.filter(subscription=silent).exists()


def test_whoever_looks_after_bills_is_told_before_the_main_contact() -> None:
    switch_on()
    row = charged("a", days=20)
    world.person(
        row.customer, "Bill", email="bill@example.org", role="Billing", is_primary=False
    )
    world.person(
        row.customer, "Gone", email="gone@example.org", role="Billing",
        is_primary=False, left_on=TODAY,
    )  # fmt: skip
    fill()
    reminders_queue(today=TODAY, now=NOW)
    assert told() == ["bill@example.org"]


def test_the_mail_says_what_when_how_much_and_until_when(ana: User) -> None:
    switch_on()
    row = charged("a", days=20, notice_days=14)
    row.customer.owner = ana
    row.customer.save()
    fill()
    reminders_queue(today=TODAY, now=NOW)
    mail = OutboxMessage.objects.get()
    assert (mail.category, mail.in_working_hours) == ("service", True)
    shown = message_render(mail)
    assert shown.subject == "Team renews on 20 July 2026"
    for words in ("20 July 2026", "€1,200", "6 July 2026", "Ana Popescu", ana.email):
        assert words in shown.text, words
        assert words in shown.html, words
    # In the contact's language.
    mail.language = "ro"
    assert "20 iulie 2026" in message_render(mail).subject


def test_what_is_cancelled_meanwhile_is_not_announced() -> None:
    switch_on()
    row = charged("a", days=20)
    fill()
    reminders_queue(today=TODAY, now=NOW)
    world.change_subscription(
        row, kind=ChangeKind.END, on=TODAY + 20 * DAY, mrr="0", recorded_at=NOW
    )
    with pytest.raises(MailIsPointless):
        message_render(OutboxMessage.objects.get())


def test_rules_are_saved_audited_and_never_over_somebody_else(admin: User) -> None:
    fields = ("is_on", "days_before")
    seen = digest_of(reminder_rules(), fields)
    wanted = {"by": Actor(user=admin), "today": TODAY, "now": NOW}
    assert reminders_change(is_on=True, days_before=21, seen=seen, **wanted)
    rules = reminder_rules()
    assert (rules.is_on, rules.days_before, rules.on_since) == (True, 21, TODAY)
    entries = AuditEntry.objects.filter(action="billing.reminders_changed")
    assert entries.count() == 1
    with pytest.raises(UnableToSaveReminders, match="meanwhile"):
        reminders_change(is_on=False, days_before=21, seen=seen, **wanted)
    seen = digest_of(rules, fields)
    assert not reminders_change(is_on=True, days_before=21, seen=seen, **wanted)
    with pytest.raises(UnableToSaveReminders, match="between"):
        reminders_change(is_on=True, days_before=3, seen=seen, **wanted)


def test_an_example_goes_to_oneself_once(admin: User) -> None:
    assert reminder_test(effect="x", by=admin, now=NOW)
    assert reminder_test(effect="x", by=admin, now=NOW) is None
    mail = OutboxMessage.objects.get()
    assert (mail.to_email, mail.contact_id) == (admin.email, None)
    assert message_render(mail).subject.startswith("Test: Team renews on")


def test_charges_taken_back_are_counted_with_a_reminder_and_without() -> None:
    from billing.models import Payment, Refund

    def charge(
        name: str, *, kind: str = "", after: int = 30, sent: bool = False
    ) -> None:
        row = renewing(name, days=-40)
        owed = world.invoice(row.customer, days=40, subscription=row, mrr=100)
        paid = Payment.objects.create(
            invoice=owed, customer=row.customer, state="succeeded", amount=1200,
            currency="EUR", happened_at=NOW, recorded_at=NOW,
        )  # fmt: skip
        if kind:
            when = world.noon(owed.issued_on + after * DAY)
            Refund.objects.create(
                payment=paid, customer=row.customer, kind=kind, amount=1200,
                currency="EUR", happened_at=when, recorded_at=when,
            )  # fmt: skip
        if sent:
            message = OutboxMessage.objects.create(
                effect_key=name, kind="billing.yearly_reminder", category="service",
                to_email="a@example.org", domain="example.org", language="en",
                message_id=name, created_at=NOW, due_at=NOW, state=MessageState.SENT, sent_at=NOW, finished_at=NOW,
            )  # fmt: skip
            RenewalReminder.objects.create(
                customer=row.customer, subscription=row, message=message,
                renews_on=world.days_ago(40), asked_at=NOW,
            )  # fmt: skip

    charge("told-and-back", kind="chargeback", sent=True)
    charge("told", sent=True)
    charge("back", kind="chargeback")
    charge("refunded", kind="refund")
    charge("too late", kind="chargeback", after=121)
    monthly = world.subscribe(world.make_customer("monthly"), months=1)
    world.invoice(monthly.customer, days=40, subscription=monthly, mrr=100)
    # The first year's charge is no renewal.
    fresh = world.make_customer("fresh", since=world.days_ago(50))
    first = world.subscribe(fresh, since=world.days_ago(50))
    world.invoice(fresh, days=40, subscription=first, mrr=100)
    assert charges_count(today=TODAY) == {"told": [2, 1], "silent": [3, 1]}
