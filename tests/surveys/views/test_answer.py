"""One answer."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Company, User
from customers.models import Contact, Customer, Task
from mail.models import OutboxMessage, Sender
from surveys.models import (
    Click,
    InvitationMail,
    Mention,
    Reply,
    Response,
    ResponseEdit,
    Theme,
)
from tests import world
from tests.access.rows import message
from tests.pages import main_of, messages, part, plain_static_files, queries
from tests.world import NOW

__all__ = ["plain_static_files"]
pytestmark = pytest.mark.django_db
EVIL = '<script>alert("x")</script>\u202e <b>bold</b>'


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    Sender.objects.create(
        name="Fleetlane", email="hello@fleetlane.test", is_default=True
    )
    return world.make_customer("Brightwater", owner=ana)


@pytest.fixture
def contact(customer: Customer) -> Contact:
    return world.person(customer, email="mara@bright.test", language="en")


def asked(customer: Customer, contact: Contact, **fields: Any) -> Response:
    """This will save an answer to an invitation whose wording is known."""
    invitation = world.invite(customer, contact=contact, state="answered")
    response = world.answer(
        customer, days=0, score=fields.pop("score", 4), contact=contact,
        invitation=invitation, comment=fields.pop("comment", "Exports break."),
        language="en", **fields,
    )  # fmt: skip
    Response.objects.filter(pk=response.pk).update(version=invitation.version)
    response.refresh_from_db()
    return response


@pytest.fixture
def answer(customer: Customer, contact: Contact) -> Response:
    return asked(customer, contact, reply_due_at=NOW + dt.timedelta(hours=48))


def url(name: str, answer: Response, *more: Any) -> str:
    return reverse(name, args=[answer.pk, *more])


def test_what_was_asked_and_said(ana_client: Client, answer: Response) -> None:
    response = ana_client.get(url("answer", answer))
    assert part(response, "h-said") == (
        "What was asked and said version 1, English "
        "How likely are you to recommend Fleetlane? Score 4 Exports break. "
        "0 = not at all likely, 10 = extremely likely"
    )
    assert "State New Reply due 2 Jul, 12:00 reply due in 2 days" in part(
        response, "h-state"
    )


def test_an_outsider_must_not_know_it_exists(
    charlie_client: Client, answer: Response
) -> None:
    assert charlie_client.get(url("answer", answer)).status_code == 404
    for name in ("answer_reply", "answer_resolve", "answer_reopen"):
        posted = charlie_client.post(
            url(name, answer), {"text": "x", "resolution": "x"}
        )
        assert posted.status_code == 404
    assert Reply.objects.count() == 0


def test_a_viewer_only_reads(viewer_client: Client, answer: Response) -> None:
    page = main_of(viewer_client.get(url("answer", answer)))
    assert "formaction" not in page
    assert "<textarea" not in page
    for name in ("answer_reply", "answer_resolve", "answer_reopen"):
        posted = viewer_client.post(url(name, answer), {"text": "x", "resolution": "x"})
        assert posted.status_code == 403


def test_an_imported_answer_without_anything(
    ana_client: Client, customer: Customer
) -> None:
    answer = world.answer(customer, days=1, score=3, kind="csat", source="imported")
    response = ana_client.get(url("answer", answer))
    assert "Customer satisfaction (1–5) Score 3 Without a comment" in part(
        response, "h-said"
    )
    assert "It is not known who gave this answer." in part(response, "h-reply")
    assert "h-clicks" not in main_of(response)


def test_every_edit_stands_in_its_order(ana_client: Client, answer: Response) -> None:
    for hours, score, source in ((2, 9, "gesture"), (1, 4, "sent")):
        ResponseEdit.objects.create(
            response=answer, score=score, source=source, comment="Text" * (score == 4),
            edited_at=NOW - dt.timedelta(hours=hours),
        )  # fmt: skip
    page = part(ana_client.get(url("answer", answer)), "h-said")
    assert (
        "Confirmed 2 times 30 Jun, 10:00 9 , Touched the page "
        "30 Jun, 11:00 4 , Pressed send Text"
    ) in page


def test_clicks_and_the_evidence_of_flags(
    ana_client: Client, customer: Customer, contact: Contact
) -> None:
    answer = asked(
        customer, contact, comment="", source="gesture", counted=False,
        flags=["fast", "many", "trap", "scanner"],
    )  # fmt: skip
    invitation = answer.invitation
    assert invitation is not None
    clicks: list[tuple[int | None, int | None, str, list[str]]] = [
        (3, 12, "Outlook scanner", ["fast", "many", "scanner"]),
        (9, 14, "", ["fast", "many"]),
        (None, 300, "Chrome", ["trap"]),
        (4, None, "Chrome", []),
    ]
    for number, (score, seconds, agent, flags) in enumerate(clicks):
        Click.objects.create(
            invitation=invitation, score=score, seconds=seconds, agent=agent,
            network="192.0.2.0/24", flags=flags,
            clicked_at=NOW - dt.timedelta(minutes=9 - number),
        )  # fmt: skip
    response = ana_client.get(url("answer", answer))
    counted = part(response, "h-counted")
    assert counted.startswith("Does it count? It does not count yet:")
    assert "Within a minute of delivery Opened 12 seconds after delivery." in counted
    assert (
        "Three scores within ten seconds The links of these scores were opened: 3, 9."
    ) in counted
    assert "A known mail scanner It called itself: Outlook scanner." in counted
    assert "The link is hidden in the mail; only machines find it." in counted
    shown = part(response, "h-clicks")
    assert "Opened with 3 30 Jun, 11:51 , 12 seconds after delivery" in shown
    assert "Link without a score 30 Jun, 11:53 , 5 minutes after delivery" in shown
    assert "Chrome, 192.0.2.0/24" in shown
    assert "it is not known how long after delivery" in shown
    assert "unknown program" in shown
    # Judging is for administrators.
    assert "Count it" not in counted


def test_flags_whose_clicks_are_gone(ana_client: Client, answer: Response) -> None:
    Response.objects.update(flags=["trap"])
    response = ana_client.get(url("answer", answer))
    counted = part(response, "h-counted")
    assert "It counts in spite of its flags: it holds a comment." in counted
    assert "The clicks it rests on are no longer kept." in counted
    assert "No click is kept." in part(response, "h-clicks")
    Response.objects.update(comment="")
    sent = part(ana_client.get(url("answer", answer)), "h-counted")
    assert "It counts in spite of its flags: a person pressed Send." in sent


def test_an_administrator_counts_and_takes_it_back(
    admin_client: Client, answer: Response
) -> None:
    def counted() -> tuple[str, bool]:
        answer.refresh_from_db()
        return answer.decision, answer.counted

    discounted = admin_client.post(
        url("answer_decide", answer, "discount"), follow=True
    )
    assert messages(discounted) == ["It does not count: an administrator said so. Undo"]
    assert counted() == ("discount", False)
    assert "Not counted" in main_of(discounted)
    undo = re.search(r'formaction="([^"]*decide[^"]*next=[^"]*)"', main_of(discounted))
    assert undo
    admin_client.post(undo[1].replace("&amp;", "&"))
    assert counted() == ("", True)
    assert AuditEntry.objects.filter(action="surveys.response_decided").count() == 2
    assert admin_client.post(url("answer_decide", answer, "maybe")).status_code == 404


def test_only_administrators_judge(
    ana_client: Client, mara_client: Client, answer: Response
) -> None:
    for client in (ana_client, mara_client):
        posted = client.post(url("answer_decide", answer, "discount"))
        assert posted.status_code == 403
    answer.refresh_from_db()
    assert answer.counted


def test_a_reply_is_sent_once(ana_client: Client, ana: User, answer: Response) -> None:
    page = main_of(ana_client.get(url("answer", answer)))
    found = re.search(r'name="effect" value="([^"]+)"', page)
    assert found
    assert (
        "To Mara Ionescu mara@bright.test From Fleetlane hello@fleetlane.test "
        "signed Ana Popescu Answers go to ana@example.org"
    ) in part(ana_client.get(url("answer", answer)), "h-reply")
    data = {"text": "We are on it.", "effect": found[1]}
    for _ in range(2):
        replied = ana_client.post(url("answer_reply", answer), data, follow=True)
        assert messages(replied) == ["Your reply to Mara Ionescu is on its way."]
    assert OutboxMessage.objects.filter(kind="surveys.reply").count() == 1
    reply = Reply.objects.get()
    shown = part(replied, "h-reply")
    assert "We are on it. Ana Popescu · 30 Jun, 12:00 · Mail: Waiting" in shown
    assert f"/mail/outbox/{reply.message_id}/" in main_of(replied)
    assert "Mark as replied elsewhere" not in shown
    assert "In touch" in part(replied, "h-state")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
        ({"text": "x" * 10_001}, "Ensure this value has at most 10000 characters"),
    ],
)
def test_what_is_amiss_is_said(
    ana_client: Client, answer: Response, data: dict[str, str], why: str
) -> None:
    response = ana_client.post(url("answer_reply", answer), data)
    assert response.status_code == 422
    assert why in part(response, "h-reply")
    assert Reply.objects.count() == 0


def test_who_wants_no_reply(ana_client: Client, answer: Response) -> None:
    Response.objects.update(no_reply=True)
    refused = ana_client.post(url("answer_reply", answer), {"text": "Sorry."})
    assert refused.status_code == 422
    assert "This person asked for no reply." in part(refused, "h-reply")
    sent = ana_client.post(
        url("answer_reply", answer), {"text": "Sorry.", "anyway": "on"}
    )
    assert sent.status_code == 302
    assert Reply.objects.count() == 1


def test_noted_as_replied_elsewhere(ana_client: Client, answer: Response) -> None:
    noted = ana_client.post(
        reverse("answer_replied", args=[answer.pk]),
        {"next": url("answer", answer)},
        follow=True,
    )
    assert messages(noted) == ["Noted that Brightwater got a reply. Undo"]
    assert "Ana Popescu replied elsewhere, 30 Jun, 12:00." in part(noted, "h-reply")


def test_resolved_and_opened_again(ana_client: Client, answer: Response) -> None:
    empty = ana_client.post(url("answer_resolve", answer), {"resolution": " "})
    assert empty.status_code == 422
    done = ana_client.post(
        url("answer_resolve", answer),
        {"resolution": "Fixed since Tuesday."},
        follow=True,
    )
    assert messages(done) == ["The answer is resolved. Undo"]
    assert part(done, "h-resolved") == (
        "Resolution Open again Fixed since Tuesday. Ana Popescu · 30 Jun, 12:00"
    )
    again = ana_client.post(
        url("answer_resolve", answer), {"resolution": "Once more."}, follow=True
    )
    assert messages(again) == ["Somebody has resolved it meanwhile."]
    back = ana_client.post(url("answer_reopen", answer), follow=True)
    assert messages(back) == ["The answer is open again."]
    answer.refresh_from_db()
    assert (answer.resolved_at, answer.resolution) == (None, "Fixed since Tuesday.")


def test_its_mails_and_themes(
    ana_client: Client, customer: Customer, answer: Response
) -> None:
    asked_by = message(customer)
    InvitationMail.objects.create(
        invitation=answer.invitation, number=0, message=asked_by
    )
    for name, removed in (("Exports", False), ("Taken out", True)):
        Mention.objects.create(
            theme=Theme.objects.create(name=name, created_at=NOW), customer=customer,
            response=answer, removed=removed, said_at=NOW,
        )  # fmt: skip
    response = ana_client.get(url("answer", answer))
    assert "Invitation Waiting" in part(response, "h-state")
    assert f"/mail/outbox/{asked_by.pk}/" in main_of(response)
    assert "Themes: Exports" in part(response, "h-said")
    assert "Taken out" not in main_of(response)


def test_script_and_turned_letters_stay_text(
    ana_client: Client, company: Company, ana: User
) -> None:
    customer = world.make_customer(EVIL, owner=ana)
    contact = world.person(customer, EVIL, email="a@b.test")
    answer = asked(customer, contact, comment=EVIL, resolution=EVIL)
    ana_client.post(url("answer_reply", answer), {"text": EVIL})
    ana_client.post(url("answer_resolve", answer), {"resolution": EVIL})
    page = main_of(ana_client.get(url("answer", answer)))
    assert "<script" not in page
    assert "<b>bold" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page
    assert Task.objects.count() == 0


def test_the_queries_do_not_grow(
    ana_client: Client, customer: Customer, ana: User, answer: Response
) -> None:
    def grow(number: int) -> None:
        ResponseEdit.objects.create(
            response=answer, score=3, source="sent", edited_at=NOW
        )
        Click.objects.create(invitation=answer.invitation, clicked_at=NOW, score=3)
        ana_client.post(url("answer_reply", answer), {"text": "Hello."})
        Mention.objects.create(
            theme=Theme.objects.create(name=f"T{number}", created_at=NOW),
            customer=customer, response=answer, said_at=NOW,
        )  # fmt: skip

    grow(1)
    one = queries(ana_client, url("answer", answer))
    grow(2)
    grow(3)
    assert queries(ana_client, url("answer", answer)) == one
