"""Templates and letters as services: versions, and one mail for one press."""

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from customers.models import Contact
from mail.models import OutboxMessage, Template
from mail.services.letters import UnableToSendLetter, letter_send, letter_test
from mail.services.suppressions import suppression_add
from mail.services.templates import (
    UnableToSaveTemplate,
    template_create,
    template_edit,
    template_restore,
    template_retire,
    version_freeze,
)
from tests import world
from tests.world import NOW

FIRST = {"en": {"subject": "Hello", "body": "One"}}
SECOND = {"en": {"subject": "Hello", "body": "Two"}}
EFFECT = "0" * 32


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin)


@pytest.fixture
def template(by: Actor) -> Template:
    return template_create(name="Check-in", texts=FIRST, by=by, now=NOW)


@pytest.fixture
def contact(company: Company, ana: User) -> Contact:
    customer = world.make_customer("Brightwater", owner=ana)
    return world.person(customer, email="mara@brightwater.example", language="de")


def edit(template: Template, texts: object, by: Actor, name: str = "Check-in") -> int:
    version = template_edit(template=template, name=name, texts=texts, by=by, now=NOW)
    return version.number


def numbers(template: Template) -> list[tuple[int, str]]:
    versions = template.versions.order_by("number")
    return [(one.number, one.texts["en"]["body"]) for one in versions]


def test_words_change_in_place_until_they_are_sent(
    template: Template, by: Actor
) -> None:
    assert edit(template, SECOND, by) == 1
    assert numbers(template) == [(1, "Two")]
    version_freeze(template.versions.get(), now=NOW)
    assert edit(template, SECOND, by) == 1
    assert edit(template, FIRST, by) == 2
    assert edit(template, {"en": {"subject": "Hello", "body": "Three"}}, by) == 2
    assert numbers(template) == [(1, "Two"), (2, "Three")]


def test_a_new_name_is_no_new_version(template: Template, by: Actor) -> None:
    version_freeze(template.versions.get(), now=NOW)
    assert edit(template, FIRST, by, name="Other") == 1
    template.refresh_from_db()
    assert template.name == "Other"


def test_changes_stand_in_the_log_and_nothing_does_not(
    template: Template, by: Actor
) -> None:
    edit(template, FIRST, by)
    edit(template, SECOND, by)
    template_retire(template=template, by=by, now=NOW)
    template_retire(template=template, by=by, now=NOW)
    template_restore(template=template, by=by, now=NOW)
    entries = list(AuditEntry.objects.order_by("number"))
    assert [entry.action for entry in entries] == [
        "mail.template_created",
        "mail.template_changed",
        "mail.template_retired",
        "mail.template_restored",
    ]
    assert entries[1].before == {"texts": FIRST}
    assert entries[1].after == {"texts": SECOND}


@pytest.mark.parametrize(
    "texts",
    [{}, {"en": {"subject": "", "body": "x"}}, {"en": {"subject": "x", "body": ""}}],
)
def test_half_a_text_is_refused(by: Actor, texts: dict[str, dict[str, str]]) -> None:
    with pytest.raises(UnableToSaveTemplate):
        template_create(name="X", texts=texts, by=by, now=NOW)


def test_a_letter_is_queued_once_and_fixes_the_words(
    template: Template, contact: Contact, ana: User
) -> None:
    made = [
        letter_send(
            template=template, contact=contact, effect=EFFECT, by=Actor(ana), now=NOW
        )
        for _ in range(2)
    ]
    message = OutboxMessage.objects.get()
    version = template.versions.get()
    assert made == [message, None]
    assert version.frozen_at == NOW
    assert (message.kind, message.category) == ("mail.letter", "news")
    assert (message.to_email, message.to_name) == (contact.email, contact.name)
    assert (message.contact, message.customer) == (contact, contact.customer)
    assert (message.author, message.user) == (ana, None)
    assert (message.language, message.template_version) == ("de", version)
    assert message.data == {"version_id": version.pk, "contact_id": contact.pk}


def test_a_test_goes_to_oneself_and_fixes_nothing(
    template: Template, contact: Contact, ana: User
) -> None:
    letter_test(template=template, contact=contact, by=ana, effect=EFFECT, now=NOW)
    message = OutboxMessage.objects.get()
    assert (message.to_email, message.user, message.contact) == (ana.email, ana, None)
    assert message.customer is None
    assert message.data["test"] is True
    assert template.versions.get().frozen_at is None


@pytest.mark.parametrize("why", ["left", "no address", "all", "dead", "retired"])
def test_who_gets_no_letter(
    template: Template, contact: Contact, by: Actor, why: str
) -> None:
    if why == "left":
        contact.left_on, contact.left_recorded_at = world.days_ago(1), NOW
    elif why == "no address":
        contact.email = ""
    elif why == "retired":
        template_retire(template=template, by=by, now=NOW)
        template.refresh_from_db()
    else:
        suppression_add(
            email=contact.email, scope=why, reason="by_hand", source="", by=by, now=NOW
        )
    with pytest.raises(UnableToSendLetter):
        letter_send(template=template, contact=contact, effect=EFFECT, by=by, now=NOW)
    assert OutboxMessage.objects.count() == 0
    assert template.versions.get().frozen_at is None


def test_who_wants_no_surveys_may_get_a_letter(
    template: Template, contact: Contact, by: Actor
) -> None:
    suppression_add(
        email=contact.email,
        scope="surveys",
        reason="by_hand",
        source="",
        by=by,
        now=NOW,
    )
    assert letter_send(
        template=template, contact=contact, effect=EFFECT, by=by, now=NOW
    )
