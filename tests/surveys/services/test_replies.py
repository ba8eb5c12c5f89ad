"""Replying by mail, noting a reply given elsewhere, settling, and taking it back."""

import datetime as dt

import pytest

from accounts.actor import MACHINE, Actor
from accounts.models import Company, User
from customers.events import TASK_DONE
from customers.models import Contact, Customer, Event, Task
from mail.models import OutboxMessage, Sender
from mail.rendering import RenderedMail, message_render
from mail.rendering.headers import message_email
from mail.services.suppressions import suppression_add
from surveys.enums import LoopState
from surveys.events import RESPONSE_REPLIED, RESPONSE_RESOLVED
from surveys.models import InvitationMail, Reply, Response, Survey
from surveys.services.loop import response_follow_up
from surveys.services.replies import (
    UnableToReply,
    UnableToResolve,
    reply_send,
    response_reopen,
    response_replied,
    response_reply_undone,
    response_resolve,
)
from tests import world
from tests.access.rows import message
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=5)
EVIL = "<script>alert(1)</script> \u202eevil"


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    Sender.objects.create(
        name="Fleetlane", email="hello@fleetlane.test", is_default=True
    )
    return world.make_customer("Brightwater", owner=ana)


@pytest.fixture
def contact(customer: Customer) -> Contact:
    return world.person(customer, email="mara@bright.test", language="en")


@pytest.fixture
def response(customer: Customer, contact: Contact) -> Response:
    made = world.answer(
        customer, days=0, score=4, contact=contact, comment="Exports break."
    )
    response_follow_up(response=made, before=None, now=NOW)
    made.refresh_from_db()
    return made


def send(response: Response, by: User, **fields: object) -> Reply:
    values = {"text": "We are on it.", "effect": "one", **fields}
    return reply_send(response=response, by=Actor(user=by), now=LATER, **values)  # type: ignore[arg-type]


def rendered(reply: Reply) -> RenderedMail:
    assert reply.message is not None
    return message_render(reply.message)


def kinds() -> list[str]:
    found = Event.objects.filter(recorded_at=LATER).order_by("id")
    return list(found.values_list("kind", flat=True))


def test_a_reply_goes_out_and_closes_the_task(response: Response, ana: User) -> None:
    reply = send(response, ana)
    mail = OutboxMessage.objects.get()
    assert (reply.message, reply.author, reply.text) == (mail, ana, "We are on it.")
    assert (mail.kind, mail.to_email, mail.contact, mail.author, mail.category) == (
        "surveys.reply", "mara@bright.test", response.contact, ana, "service",
    )  # fmt: skip
    assert mail.data == {"reply": reply.pk, "contact_id": response.contact_id}
    response.refresh_from_db()
    assert (response.replied_at, response.handler) == (LATER, ana)
    assert response.loop_state == LoopState.IN_TOUCH
    assert Task.objects.get().state == "done"
    assert kinds() == [RESPONSE_REPLIED, TASK_DONE]
    replied = Event.objects.get(kind=RESPONSE_REPLIED)
    assert replied.data == {"response": response.pk, "reply": reply.pk}
    assert replied.actor == ana


def test_two_clicks_send_once(response: Response, ana: User) -> None:
    first = send(response, ana)
    assert send(response, ana, text="We are on it. Twice.") == first
    assert (Reply.objects.count(), OutboxMessage.objects.count()) == (1, 1)
    assert kinds() == [RESPONSE_REPLIED, TASK_DONE]


def test_a_second_reply_keeps_the_time_of_the_first(
    response: Response, ana: User, mara: User
) -> None:
    send(response, ana)
    reply_send(
        response=response, text="Fixed.", by=Actor(user=mara), effect="two",
        now=LATER + dt.timedelta(days=1),
    )  # fmt: skip
    response.refresh_from_db()
    assert (response.replied_at, response.handler) == (LATER, mara)
    assert Reply.objects.count() == 2


def test_the_mail_quotes_what_was_said(response: Response, ana: User) -> None:
    mail = rendered(send(response, ana))
    assert mail.subject == "Re: Your answer to Fleetlane"
    assert mail.text.startswith(
        "We are on it.\n\nAna Popescu\n\n"
        "On 30 June 2026 you answered with 4 of 10 and wrote:\n\n> Exports break.\n"
    )
    assert "You get this because you answered a question of ours." in mail.text
    assert "unsubscribe" not in mail.text


def test_a_reply_stands_in_the_thread_of_the_mail_that_asked(
    response: Response, ana: User, customer: Customer
) -> None:
    invitation = world.invite(customer, contact=response.contact, state="answered")
    states = ["sent", "sent", "pending"]
    for number, state in enumerate(states):
        asked = message(customer)
        OutboxMessage.objects.filter(pk=asked.pk).update(
            effect_key=f"n{number}", message_id=f"asked-{number}@fleetlane.test",
            state=state, sent_at=NOW if state == "sent" else None,
        )  # fmt: skip
        InvitationMail.objects.create(
            invitation=invitation, number=number, message_id=asked.pk
        )
    Response.objects.update(invitation=invitation, version=invitation.version)
    response.refresh_from_db()
    mail = send(response, ana).message
    assert mail is not None
    assert mail.in_reply_to == "asked-1@fleetlane.test"
    made = message_email(mail).message()
    assert made["In-Reply-To"] == "<asked-1@fleetlane.test>"
    assert made["Auto-Submitted"] is None
    assert made["Reply-To"] == '"Ana Popescu" <ana@example.org>'
    assert message_render(mail).subject == "Re: One question about Fleetlane"


def test_the_surveys_sender_writes(response: Response, ana: User) -> None:
    sender = Sender.objects.create(name="Surveys", email="ask@fleetlane.test")
    Survey.objects.update(sender=sender)
    mail = send(response, ana).message
    assert mail is not None
    assert mail.sender == sender


def test_script_and_turned_letters_stay_text(response: Response, ana: User) -> None:
    Response.objects.update(comment=EVIL + "\n\nSecond.")
    mail = rendered(send(response, ana, text=EVIL))
    assert "<script" not in mail.html
    assert mail.html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
    assert f"> {EVIL}\n>\n> Second." in mail.text


def test_what_was_said_at_length_is_quoted_in_part(
    response: Response, ana: User
) -> None:
    Response.objects.update(comment="word " * 50_000)
    mail = rendered(send(response, ana))
    assert len(mail.html) < 20_000
    assert mail.text.count("word") == 400


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"left_on": world.TODAY, "left_recorded_at": NOW},
         "This contact has left the company."),
        ({"email": ""}, "This contact has no email address."),
    ],
)  # fmt: skip
def test_who_cannot_be_reached(
    response: Response, contact: Contact, ana: User, fields: dict[str, object], why: str
) -> None:
    Contact.objects.filter(pk=contact.pk).update(**fields)
    with pytest.raises(UnableToReply, match=why):
        send(response, ana)
    assert Reply.objects.count() == OutboxMessage.objects.count() == 0


def test_somebody_erased_gets_nothing(
    response: Response, contact: Contact, ana: User
) -> None:
    contact.delete()
    with pytest.raises(UnableToReply, match="It is not known who gave this answer"):
        send(response, ana)


@pytest.mark.parametrize(
    ("scope", "goes"), [("dead", False), ("all", True), ("surveys", True)]
)
def test_only_a_dead_address_stops_a_reply(
    response: Response, contact: Contact, ana: User, scope: str, goes: bool
) -> None:
    suppression_add(
        email=contact.email, scope=scope, reason="by_hand", source="", by=MACHINE, now=NOW
    )  # fmt: skip
    if goes:
        assert send(response, ana).message is not None
        return
    with pytest.raises(UnableToReply, match="This address does not work"):
        send(response, ana)


def test_who_asked_for_no_reply_gets_one_only_on_purpose(
    response: Response, ana: User
) -> None:
    Response.objects.update(no_reply=True)
    with pytest.raises(UnableToReply, match="asked for no reply"):
        send(response, ana)
    assert send(response, ana, anyway=True).message is not None


def test_an_empty_reply_is_none(response: Response, ana: User) -> None:
    with pytest.raises(UnableToReply, match="Write what you want to say"):
        send(response, ana, text=" \n ")


def test_a_reply_elsewhere_is_noted_and_taken_back(
    response: Response, ana: User
) -> None:
    assert response_replied(response=response, by=ana, now=LATER)
    assert not response_replied(response=response, by=ana, now=LATER)
    assert kinds() == [RESPONSE_REPLIED, TASK_DONE]
    assert Task.objects.get().state == "done"
    assert response_reply_undone(response=response)
    assert not response_reply_undone(response=response)
    response.refresh_from_db()
    assert (response.replied_at, response.handler) == (None, None)
    assert kinds() == []
    assert Task.objects.get().state == "open"


def test_what_the_machine_notes_is_nobodys_work(response: Response) -> None:
    assert response_replied(response=response, now=LATER)
    response.refresh_from_db()
    assert (response.replied_at, response.handler) == (LATER, None)
    assert Task.objects.get().state == "dropped"
    assert kinds() == [RESPONSE_REPLIED]


def test_a_mail_that_went_out_cannot_be_taken_back(
    response: Response, ana: User
) -> None:
    send(response, ana)
    assert not response_reply_undone(response=response)
    response.refresh_from_db()
    assert response.replied_at == LATER


def test_settling_says_what_was_done(response: Response, ana: User) -> None:
    by = Actor(user=ana)
    with pytest.raises(UnableToResolve):
        response_resolve(response=response, resolution=" ", by=by, now=LATER)
    assert response_resolve(response=response, resolution="Fixed.", by=by, now=LATER)
    assert not response_resolve(response=response, resolution="No.", by=by, now=LATER)
    response.refresh_from_db()
    assert (response.resolved_at, response.resolution, response.handler) == (
        LATER, "Fixed.", ana,
    )  # fmt: skip
    assert (response.loop_state, response.replied_at) == (LoopState.RESOLVED, None)
    assert Task.objects.get().state == "done"
    assert kinds() == [RESPONSE_RESOLVED, TASK_DONE]


def test_settling_is_taken_back(response: Response, ana: User) -> None:
    response_resolve(
        response=response, resolution="Fixed.", by=Actor(user=ana), now=LATER
    )
    assert response_reopen(response=response)
    assert not response_reopen(response=response)
    response.refresh_from_db()
    assert (response.resolved_at, response.resolution) == (None, "Fixed.")
    assert Task.objects.get().state == "open"
    assert kinds() == []


def test_a_newer_task_of_the_answer_is_enough(response: Response, ana: User) -> None:
    response_replied(response=response, by=ana, now=LATER)
    Task.objects.create(
        customer=response.customer, title="New", type="survey_answer",
        reason=f"answer-{response.pk}", created_at=NOW,
    )  # fmt: skip
    assert response_reply_undone(response=response)
    states = Task.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == ["done", "open"]
