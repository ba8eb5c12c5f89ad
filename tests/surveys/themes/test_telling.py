"""Those who raised a theme are told once what was done."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.models import Company, User
from common.mailing import LinkMaker, MailIsPointless
from customers.models import Contact, Customer, Event
from mail.enums import SuppressionReason, SuppressionScope
from mail.models import OutboxMessage
from mail.rendering import message_render
from mail.rendering.bodies import unsubscribe_url
from mail.services.suppressions import suppression_add
from surveys.models import Theme
from surveys.selectors.theme_people import theme_raisers
from surveys.services.telling import UnableToTell, theme_tell
from surveys.services.themes import theme_state
from tests import world
from tests.surveys.themes.people import BY, a_theme, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TEXTS = {
    "en": {"subject": "Done, {contact.first_name}", "body": "It is **fixed**."},
    "de": {"subject": "Erledigt, {contact.first_name}", "body": "Es geht."},
    "ro": {"subject": "Gata", "body": "Merge."},
}


def raiser(name: str, customer: Customer, **fields: object) -> Contact:
    email = fields.pop("email", f"{name.lower()}@example.org")
    contact = world.person(customer, name, is_primary=False, email=email, **fields)
    said(customer, "export", contact=contact)
    return contact


@pytest.fixture
def people() -> dict[str, Contact]:
    customer = world.make_customer("Brightwater")
    made = {
        "Eva": raiser("Eva", customer),
        "Uwe": raiser("Uwe", customer, language="de"),
        "Gone": raiser("Gone", customer, left_on=world.TODAY),
        "Mute": raiser("Mute", customer, email=""),
        "Tired": raiser("Tired", customer),
        "Quiet": world.person(
            customer, "Quiet", is_primary=False, email="q@example.org"
        ),
    }
    suppression_add(
        email="tired@example.org", scope=SuppressionScope.ALL,
        reason=SuppressionReason.UNSUBSCRIBED, source="test", by=BY, now=world.NOW,
    )  # fmt: skip
    return made


@pytest.fixture
def theme(people: dict[str, Contact]) -> Theme:
    made = a_theme("Export", "export")
    return theme_state(
        theme=made, state="resolved", resolution="Fixed.", by=BY, now=world.NOW
    )


def tell(theme: Theme, contacts: set[int], mara: User) -> int:
    return theme_tell(
        theme=theme, texts=TEXTS, contacts=contacts, user=mara, by=Actor(user=mara),
        now=world.NOW,
    )  # fmt: skip


def test_who_may_be_told(theme: Theme, mara: User) -> None:
    found = {
        one.contact.name: str(one.why_not)
        for one in theme_raisers(theme=theme, user=mara)
    }
    assert found == {
        "Eva": "",
        "Uwe": "",
        "Gone": "Has left",
        "Mute": "Has no email address",
        "Tired": "Wants no such mail",
    }


def test_once_each_in_the_own_language_with_a_line_in_the_timeline(
    theme: Theme, people: dict[str, Contact], mara: User
) -> None:
    everybody = {contact.pk for contact in people.values()}
    assert tell(theme, everybody, mara) == 2
    with pytest.raises(UnableToTell):
        tell(theme, everybody, mara)
    sent = OutboxMessage.objects.order_by("pk")
    assert [message.to_email for message in sent] == [
        "eva@example.org", "uwe@example.org",
    ]  # fmt: skip
    assert [message_render(message).subject for message in sent] == [
        "Done, Eva", "Erledigt, Uwe",
    ]  # fmt: skip
    assert "<strong>fixed" in message_render(sent[0]).html
    assert unsubscribe_url(sent[0], LinkMaker("")) in message_render(sent[0]).html
    event = Event.objects.get(kind="surveys.theme_resolved")
    assert event.data == {"theme": theme.pk, "name": "Export"}
    assert event.customer == people["Eva"].customer
    names = {
        one.contact.name: str(one.why_not)
        for one in theme_raisers(theme=theme, user=mara)
    }
    assert names["Eva"] == "Was told already"


def test_a_name_cannot_become_markup(
    theme: Theme, people: dict[str, Contact], mara: User
) -> None:
    Contact.objects.filter(pk=people["Eva"].pk).update(name="<script>x</script>")
    tell(theme, {people["Eva"].pk}, mara)
    assert "<script>" not in message_render(OutboxMessage.objects.get()).html


def test_nobody_who_did_not_raise_it(
    theme: Theme, people: dict[str, Contact], mara: User
) -> None:
    with pytest.raises(UnableToTell):
        tell(theme, {people["Quiet"].pk, people["Tired"].pk}, mara)
    assert OutboxMessage.objects.count() == 0


def test_not_before_it_is_resolved(
    theme: Theme, people: dict[str, Contact], mara: User
) -> None:
    theme_state(theme=theme, state="doing", by=BY, now=world.NOW + dt.timedelta(1))
    with pytest.raises(UnableToTell):
        tell(theme, {people["Eva"].pk}, mara)


def test_an_erased_contact_gets_nothing(
    theme: Theme, people: dict[str, Contact], mara: User, company: Company
) -> None:
    tell(theme, {people["Eva"].pk}, mara)
    people["Eva"].delete()
    message = OutboxMessage.objects.get()
    assert message.contact is None
    with pytest.raises(MailIsPointless):
        message_render(message)
