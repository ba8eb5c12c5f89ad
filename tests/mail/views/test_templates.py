"""The template pages: who may, what is shown, and what is sent."""

import re
import uuid
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.test import Client

from accounts.actor import MACHINE, Actor
from accounts.models import Company, User
from customers.models import Contact
from mail.models import OutboxMessage, Template
from mail.services.suppressions import suppression_add
from mail.services.templates import template_create, template_edit, version_freeze
from tests import world
from tests.pages import main_of, messages, part, queries, words
from tests.world import NOW

LIST = "/mail/templates/"
TEXTS = {
    "en": {
        "subject": "How is it going, {contact.first_name|friend}?",
        "body": "Hello {contact.first_name}, {contact.title} at {customer.name}.",
    }
}
TYPED = {
    "name": "Check-in",
    "subject_en": TEXTS["en"]["subject"],
    "body_en": TEXTS["en"]["body"],
}


@pytest.fixture(autouse=True)
def our_company(company: Company) -> Company:
    return company


@pytest.fixture
def template(admin: User) -> Template:
    return template_create(name="Check-in", texts=TEXTS, by=Actor(admin), now=NOW)


@pytest.fixture
def contact(ana: User) -> Contact:
    customer = world.make_customer("Brightwater", owner=ana)
    return world.person(customer, "Mara Ionescu", email="mara@brightwater.example")


@pytest.fixture
def secret(charlie: User) -> Contact:
    customer = world.make_customer("Secret Ltd", owner=charlie)
    return world.person(customer, "Hidden Person", email="hidden@secret.example")


def place(template: Template, rest: str = "") -> str:
    return f"{LIST}{template.pk}/{rest}"


def sending(contact: Contact) -> dict[str, object]:
    return {"contact": contact.pk, "effect": uuid.uuid4().hex}


def test_an_administrator_writes_a_template(admin_client: Client) -> None:
    empty = admin_client.get(LIST)
    assert "Write the first one" in words(main_of(empty))
    page = admin_client.post(f"{LIST}new/", TYPED, follow=True)
    assert messages(page) == ["The template is saved. Look at it once more."]
    template = Template.objects.get()
    assert template.name == "Check-in"
    assert template.versions.get().texts == TEXTS
    listed = words(main_of(admin_client.get(LIST)))
    assert "Check-in How is it going, {contact.first_name|friend}?" in listed
    assert "English Missing: German, Romanian" in listed


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"subject_en": ""}, "Subject: Write a subject, or empty the text too."),
        ({"body_en": ""}, "Text: Write a text, or empty the subject too."),
        (
            {"subject_en": "", "body_en": ""},
            "Write a subject and a text in one language at least.",
        ),
        (
            {"body_en": "Hi {contact.email} {contact.email}"},
            (
                "Text: {contact.email} is no field. There are: {contact.first_name},"
                " {contact.name}, {contact.title}, {customer.name}, {owner.name},"
                " {owner.first_name}, {company.name}"
            ),
        ),
        (
            {"subject_en": "Hi {{ contact.name }}"},
            "Subject: Write {{ contact.name }} with one pair of braces.",
        ),
    ],
)
def test_what_is_wrong_is_said(
    admin_client: Client, typed: dict[str, str], error: str
) -> None:
    page = admin_client.post(f"{LIST}new/", {**TYPED, **typed})
    assert page.status_code == 422
    found = re.search(r'<div class="error-summary".*?</div>', main_of(page), re.DOTALL)
    assert found is not None
    assert words(found[0]) == f"Please check what you entered {error}"
    assert Template.objects.count() == 0


def test_two_templates_do_not_share_a_name(
    admin_client: Client, template: Template
) -> None:
    page = admin_client.post(f"{LIST}new/", {**TYPED, "name": "CHECK-IN"})
    assert "There is a template of this name already." in words(main_of(page))
    again = admin_client.post(place(template, "edit/"), TYPED)
    assert again.status_code == 302


def test_words_that_were_sent_become_a_new_version(
    admin_client: Client, template: Template, contact: Contact
) -> None:
    version_freeze(template.versions.get(), now=NOW)
    form = admin_client.get(place(template, "edit/"))
    assert "Version 1 was sent and stays as it is." in words(main_of(form))
    typed = {**TYPED, "body_en": "New words"}
    page = admin_client.post(place(template, "edit/"), typed, follow=True)
    assert messages(page) == ["Version 2 is saved. Look at it once more."]
    assert "New words" in part(page, "h-mail")
    old = admin_client.get(place(template) + "?version=1")
    assert "CFO" not in part(old, "h-mail")
    assert "Hello Mara, at Brightwater." in part(old, "h-mail")
    assert "An older one; the newest is what is sent." in words(main_of(old))
    assert admin_client.get(place(template) + "?version=9").status_code == 404


def test_it_is_shown_on_a_real_contact(
    ana_client: Client, template: Template, contact: Contact, secret: Contact
) -> None:
    page = ana_client.get(place(template))
    shown = part(page, "h-mail")
    assert shown.startswith("As Mara Ionescu gets it")
    assert "Subject How is it going, Mara?" in shown
    assert "no words to use instead: Job title of the contact." in shown
    assert "Send to Mara Ionescu" in shown
    assert "Hidden Person" not in main_of(page)
    assert "Hidden Person" not in main_of(ana_client.get(place(template) + "?q=Hidden"))
    assert page.headers["Content-Security-Policy"].count("frame-src 'self'") == 1


def test_a_language_that_is_not_written_is_told(
    ana_client: Client, template: Template, contact: Contact
) -> None:
    contact.language = "de"
    contact.save()
    told = "German would be the contact’s language. It is not written, so the mail goes out in: English."
    assert told in part(ana_client.get(place(template)), "h-mail")


def test_contacts_are_found_by_their_own_and_their_companys_name(
    ana_client: Client, ana: User, template: Template, contact: Contact
) -> None:
    other = world.make_customer("Kestrel Foods", owner=ana)
    world.person(other, "Jon Hall", email="jon@kestrel.example")
    world.person(other, "No Address", is_primary=False)
    world.person(
        other, "Gone Away", email="g@kestrel.example", is_primary=False,
        left_on=world.days_ago(9),
    )  # fmt: skip
    everybody = part(ana_client.get(place(template)), "h-contact")
    assert "Mara Ionescu Brightwater Jon Hall Kestrel Foods" in everybody
    assert "No Address" not in everybody
    assert "Gone Away" not in everybody
    for asked in ("kestrel", "jon h", "JON@"):
        found = part(ana_client.get(place(template) + f"?q={asked}"), "h-contact")
        assert "Jon Hall" in found
        assert "Mara" not in found
    nobody = ana_client.get(place(template) + "?q=zzz")
    assert "Nobody is called like that" in words(main_of(nobody))


def test_the_frame_has_a_policy_of_its_own(
    ana_client: Client, template: Template, contact: Contact, secret: Contact
) -> None:
    frame = ana_client.get(place(template, f"preview.html?contact={contact.pk}"))
    policy = frame.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert policy.endswith("sandbox")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Hello Mara" in words(frame.content.decode())
    assert "0-0-masked" in frame.content.decode()
    dark = ana_client.get(place(template) + f"?contact={contact.pk}&look=dark&q=m")
    (shown,) = re.findall(r'<iframe[^>]* src="([^"]+)"', main_of(dark), re.DOTALL)
    asked = unescape(shown).partition("?")[2]
    assert parse_qs(asked) == {
        "contact": [str(contact.pk)], "version": ["1"], "look": ["dark"]
    }  # fmt: skip
    assert (
        "prefers-color-scheme" not in ana_client.get(unescape(shown)).content.decode()
    )
    for other in (secret.pk, 0, "x", 10**30):
        url = place(template, f"preview.html?contact={other}")
        assert ana_client.get(url).status_code == 404


def test_a_letter_goes_out_once(
    ana_client: Client, ana: User, template: Template, contact: Contact
) -> None:
    data = sending(contact)
    page = ana_client.post(place(template, "send/"), data, follow=True)
    assert messages(page) == ["The mail to Mara Ionescu is on its way."]
    assert page.request["QUERY_STRING"] == f"contact={contact.pk}"
    page = ana_client.post(place(template, "send/"), data, follow=True)
    assert messages(page) == ["The mail to Mara Ionescu was asked for already."]
    message = OutboxMessage.objects.get()
    assert (message.author, message.contact) == (ana, contact)
    assert "Sent, so these words stay" in words(main_of(page))


def test_a_test_goes_to_oneself(
    ana_client: Client, ana: User, template: Template, contact: Contact
) -> None:
    page = ana_client.post(place(template, "test/"), sending(contact), follow=True)
    assert messages(page) == ["A test is on its way to ana@example.org."]
    assert OutboxMessage.objects.get().to_email == ana.email


def test_nothing_goes_to_somebody_elses_contact(
    ana_client: Client, template: Template, secret: Contact
) -> None:
    for action in ("send/", "test/"):
        response = ana_client.post(place(template, action), sending(secret))
        assert response.status_code == 404
    for wrong in ("", "x", "-1", "9" * 40):
        response = ana_client.post(place(template, "send/"), {"contact": wrong})
        assert response.status_code == 404
    assert OutboxMessage.objects.count() == 0


def test_who_asked_for_no_mail_gets_no_button(
    ana_client: Client, template: Template, contact: Contact
) -> None:
    suppression_add(
        email=contact.email,
        scope="all",
        reason="by_hand",
        source="",
        by=MACHINE,
        now=NOW,
    )
    shown = part(ana_client.get(place(template)), "h-mail")
    assert "This contact asked for no more mail." in shown
    assert "Send to Mara" not in shown
    page = ana_client.post(place(template, "send/"), sending(contact), follow=True)
    assert messages(page) == ["This contact asked for no more mail."]
    assert OutboxMessage.objects.count() == 0


def test_a_template_is_put_away_and_brought_back(
    admin_client: Client, template: Template
) -> None:
    page = admin_client.post(place(template, "retire/"), follow=True)
    assert messages(page) == ["“Check-in” is no longer in use. Undo"]
    assert "Out of use" in words(main_of(page))
    page = admin_client.post(place(template, "restore/"), follow=True)
    assert messages(page) == ["“Check-in” is in use again."]
    assert "Out of use" not in words(main_of(page))


def test_only_administrators_write(
    ana_client: Client, mara_client: Client, template: Template
) -> None:
    for client in (ana_client, mara_client):
        assert client.get(LIST).status_code == 200
        assert "New template" not in words(main_of(client.get(LIST)))
        for rest in ("new/", f"{template.pk}/edit/"):
            assert client.get(LIST + rest).status_code == 403
            assert client.post(LIST + rest, TYPED).status_code == 403
        for rest in ("retire/", "restore/"):
            assert client.post(place(template, rest)).status_code == 403
    assert Template.objects.get().versions.get().texts == TEXTS


def test_who_only_looks_on_sees_nothing_of_it(
    viewer_client: Client, template: Template, contact: Contact
) -> None:
    preview = f"preview.html?contact={contact.pk}"
    for url in (LIST, place(template), place(template, preview)):
        assert viewer_client.get(url).status_code == 403
    for rest in ("send/", "test/"):
        response = viewer_client.post(place(template, rest), sending(contact))
        assert response.status_code == 403
    assert OutboxMessage.objects.count() == 0


def test_strangers_are_asked_to_sign_in(client: Client, template: Template) -> None:
    for url in (LIST, place(template), place(template, "preview.html")):
        assert client.get(url).status_code == 302


def test_more_templates_cost_no_more_queries(
    ana_client: Client, admin: User, contact: Contact
) -> None:
    def make(number: int) -> Template:
        template = template_create(
            name=f"T{number}", texts=TEXTS, by=Actor(admin), now=NOW
        )
        version_freeze(template.versions.get(), now=NOW)
        texts = {"de": TEXTS["en"]}
        template_edit(
            template=template, name=f"T{number}", texts=texts, by=Actor(admin), now=NOW
        )
        return template

    first = make(1)
    one, single = queries(ana_client, LIST), queries(ana_client, place(first))
    make(2), make(3)
    customer = contact.customer
    for number in range(2):
        world.person(
            customer, f"P{number}", email=f"p{number}@x.example", is_primary=False
        )
    assert queries(ana_client, LIST) == one
    assert queries(ana_client, place(first)) == single
