"""Whether a mail may go out, and when: everything that stops one, for many at once."""

import datetime as dt
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actor import MACHINE
from accounts.models import User
from common.mailing import Category
from config.environment import derived_keys
from customers.models import Contact, Customer
from mail.enums import MessageState, Reason, SuppressionScope
from mail.models import MailServer, OutboxMessage
from mail.selectors.permission import GO, Verdict, still_wanted, verdicts
from mail.services.suppressions import suppression_add, suppression_lift
from tests import world
from tests.mail.rows import make_message
from tests.world import NOW

HOUR = dt.timedelta(hours=1)
EMAIL = "mara@brightwater.example"


@pytest.fixture
def customer(ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana)


@pytest.fixture
def contact(customer: Customer) -> Contact:
    return world.person(customer, email=EMAIL)


def verdict(message: OutboxMessage) -> Verdict:
    return verdicts([message], now=NOW)[message.pk]


def suppress(email: str, scope: str) -> None:
    suppression_add(
        email=email, scope=scope, reason="by_hand", source="", by=MACHINE, now=NOW
    )


def news(contact: Contact | None, **fields: object) -> OutboxMessage:
    fields.setdefault("category", Category.NEWS)
    return make_message(EMAIL, contact=contact, **fields)


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (SuppressionScope.SURVEYS, {Category.SURVEY}),
        (SuppressionScope.ALL, {Category.SURVEY, Category.NEWS, Category.DIGEST}),
        (SuppressionScope.DEAD, set(Category)),
    ],
)
def test_each_scope_stops_its_categories(
    db: None, scope: SuppressionScope, stopped: set[Category]
) -> None:
    messages = {one: make_message(EMAIL, category=one) for one in Category}
    other = make_message("other@brightwater.example", category=Category.SURVEY)
    suppress(EMAIL.upper(), scope)
    judged = verdicts([*messages.values(), other], now=NOW)
    found = {one for one in Category if judged[messages[one].pk] != GO}
    assert found == stopped
    assert all(
        judged[messages[one].pk] == Verdict(drop=Reason.SUPPRESSED) for one in found
    )
    assert {one for one in Category if not still_wanted(messages[one])} == stopped
    assert judged[other.pk] == GO
    assert still_wanted(other)


def test_a_lifted_entry_stops_nothing(db: None) -> None:
    message = make_message(EMAIL, category=Category.NEWS)
    entry = suppression_add(
        email=EMAIL, scope="all", reason="by_hand", source="", by=MACHINE, now=NOW
    )
    suppression_lift(suppression=entry, by=MACHINE, now=NOW)
    assert verdict(message) == GO
    assert still_wanted(message)


def test_a_changed_secret_forgets_nobody(db: None, settings: Settings) -> None:
    message = make_message(EMAIL, category=Category.NEWS)
    suppress(EMAIL, "all")
    settings.LINK_KEYS = [*derived_keys("link", "new"), *settings.LINK_KEYS]
    assert verdict(message) == Verdict(drop=Reason.SUPPRESSED)
    assert not still_wanted(message)
    suppress(EMAIL, "all")
    assert still_wanted(make_message("other@example.org", category=Category.NEWS))


def test_who_has_left_gets_nothing(contact: Contact) -> None:
    messages = [news(contact), news(contact, category=Category.SERVICE)]
    contact.left_on, contact.left_recorded_at = world.days_ago(1), NOW
    contact.save()
    for message in messages:
        assert verdict(message) == Verdict(drop=Reason.LEFT)
        assert not still_wanted(message)


def test_who_was_erased_gets_nothing(contact: Contact) -> None:
    emptied = news(contact)
    OutboxMessage.objects.filter(pk=emptied.pk).update(to_email="")
    assert not still_wanted(emptied)
    emptied.refresh_from_db()
    assert verdict(emptied) == Verdict(drop=Reason.ERASED)
    assert not still_wanted(emptied)
    gone = news(contact, data={"contact_id": contact.pk})
    contact.delete()
    assert not still_wanted(gone)
    gone.refresh_from_db()
    assert verdict(gone) == Verdict(drop=Reason.ERASED)
    to_self = news(None, data={"contact_id": 1}, user=world.make_user("x@example.org"))
    assert verdict(to_self) == GO


def test_a_colleague_who_was_switched_off_gets_only_service_mail(ana: User) -> None:
    ana.is_active = False
    ana.save()
    digest = make_message(ana.email, category=Category.DIGEST, user=ana)
    service = make_message(ana.email, category=Category.SERVICE, user=ana)
    assert verdict(digest) == Verdict(drop=Reason.POINTLESS)
    assert verdict(service) == GO


def test_two_mails_keep_their_distance(contact: Contact) -> None:
    sent_at = NOW - 5 * HOUR
    news(contact, state=MessageState.SENT, sent_at=sent_at)
    quiet = Verdict(wait_until=sent_at + 24 * HOUR, wait_reason=Reason.QUIET)
    assert verdict(news(contact)) == quiet
    assert verdict(news(contact, category=Category.SURVEY)) == quiet
    assert verdict(news(contact, category=Category.SERVICE)) == GO
    MailServer.objects.create(quiet_hours=5)
    assert verdict(news(contact)) == GO
    MailServer.objects.update(quiet_hours=6)
    assert verdict(news(contact)).wait_until == NOW + HOUR
    MailServer.objects.update(quiet_hours=0)
    assert verdict(news(contact)) == GO


def test_what_keeps_nobody_waiting(contact: Contact, customer: Customer) -> None:
    other = world.person(customer, "Other", email="o@x.example", is_primary=False)
    news(other, state=MessageState.SENT, sent_at=NOW - HOUR)
    news(
        contact, state=MessageState.SENT, sent_at=NOW - HOUR, category=Category.SERVICE
    )
    news(contact, state=MessageState.FAILED)
    news(contact, state=MessageState.DROPPED)
    news(contact)
    assert verdict(news(contact)) == GO


def test_an_unknown_mail_may_have_arrived(contact: Contact) -> None:
    at = NOW - HOUR
    news(contact, state=MessageState.UNKNOWN, finished_at=at)
    assert verdict(news(contact)).wait_until == at + 24 * HOUR


def test_of_two_in_a_batch_the_first_goes(contact: Contact) -> None:
    first, second, third = news(contact), news(contact), news(None)
    judged = verdicts([third, second, first], now=NOW)
    assert judged[first.pk] == GO
    assert judged[second.pk].wait_reason == Reason.QUIET
    assert judged[third.pk] == GO
    suppress(EMAIL, "surveys")
    survey, after = news(contact, category=Category.SURVEY), news(contact)
    judged = verdicts([survey, after], now=NOW)
    assert judged[survey.pk].drop == Reason.SUPPRESSED
    assert judged[after.pk] == GO


def test_a_mail_in_other_hands_is_waited_for(contact: Contact) -> None:
    earlier = news(contact)
    taken = news(contact, claim=uuid.uuid4(), lease_until=NOW + HOUR)
    later = news(contact)
    waits = {
        message.pk: (verdict(message).wait_until or NOW) - NOW
        for message in (earlier, later)
    }
    assert dt.timedelta() < waits[earlier.pk] < waits[later.pk] < HOUR
    OutboxMessage.objects.filter(pk=taken.pk).update(lease_until=NOW - HOUR)
    assert verdict(later) == GO
    news(contact, state=MessageState.SENDING)
    assert verdict(later).wait_reason == Reason.QUIET


def test_many_cost_as_much_as_one(
    contact: Contact, django_assert_num_queries: DjangoAssertNumQueries, ana: User
) -> None:
    def batch(size: int) -> list[OutboxMessage]:
        return [
            make_message(
                f"{n}@example.org", category=Category.NEWS, contact=contact, user=ana
            )
            for n in range(size)
        ]

    assert verdicts([], now=NOW) == {}
    for size in (1, 30):
        messages = batch(size)
        with django_assert_num_queries(5):
            assert len(verdicts(messages, now=NOW)) == size
