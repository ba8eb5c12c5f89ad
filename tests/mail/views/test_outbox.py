"""The outbox: who sees which mail, how it is told, and what may be done about it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.enums import Role
from accounts.models import AuditEntry, Company, User
from accounts.services.invitations import invitation_create
from mail.enums import MessageState, Reason
from mail.models import MailServer, OutboxMessage, ProviderEvent
from mail.rendering import message_render
from tests import world
from tests.mail.rows import make_message, plain
from tests.pages import main_of, messages, queries, rows, words

pytestmark = pytest.mark.usefixtures("at_noon", "company")
LIST = "/mail/outbox/"


@pytest.fixture
def mails(ana: User, charlie: User) -> dict[str, OutboxMessage]:
    """A mail to Ana's customer, one to Charlie's, one to a colleague."""
    ours = world.make_customer("Brightwater Logistics", owner=ana)
    theirs = world.make_customer("Secret Ltd", owner=charlie)
    return {
        "ana": make_message("mara@brightwater.example", customer=ours, state="sent"),
        "charlie": make_message("ceo@secret.example", customer=theirs),
        "own": make_message("new@fleetlane.example", state="unknown"),
    }


def page(message: OutboxMessage, what: str = "outbox_message") -> str:
    return reverse(what, args=[message.pk])


def addresses(response: Any) -> list[str]:
    return [line.split()[0] for line in rows(response)]


def test_an_administrator_sees_all_mail(
    admin_client: Client, mails: dict[str, OutboxMessage]
) -> None:
    response = admin_client.get(LIST)
    assert rows(response) == [
        "new@fleetlane.example Notice Unknown It may have arrived 30 Jun, 11:01 1",
        "ceo@secret.example Notice Secret Ltd Waiting 30 Jun, 11:00 0",
        "mara@brightwater.example Notice Brightwater Logistics Sent 30 Jun, 11:01 1",
    ]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("mara_client", ["ceo@secret.example", "mara@brightwater.example"]),
        ("viewer_client", ["ceo@secret.example", "mara@brightwater.example"]),
        ("ana_client", ["mara@brightwater.example"]),
        ("charlie_client", ["ceo@secret.example"]),
    ],
)
def test_others_see_mail_to_customers_they_see(
    request: pytest.FixtureRequest,
    mails: dict[str, OutboxMessage],
    who: str,
    seen: list[str],
) -> None:
    client = request.getfixturevalue(who)
    assert addresses(client.get(LIST)) == seen
    assert client.get(page(mails["own"])).status_code == 404
    assert client.get(page(mails["own"], "outbox_message_body")).status_code == 404


def test_an_outsider_finds_no_trace(
    ana_client: Client, mails: dict[str, OutboxMessage]
) -> None:
    for name in ("", "_body"):
        url = page(mails["charlie"], f"outbox_message{name}")
        assert ana_client.get(url).status_code == 404
    for name in ("outbox_resend", "outbox_cancel"):
        assert ana_client.get(page(mails["charlie"], name)).status_code == 404
        assert ana_client.post(page(mails["charlie"], name)).status_code == 404
    found = ana_client.get(LIST, {"q": "secret"})
    assert rows(found) == []
    assert "ceo@secret" not in main_of(found)
    chips = re.findall(
        r'class="chip".*?<b>(\d+)</b>', main_of(ana_client.get(LIST)), re.DOTALL
    )
    assert chips == ["1", "0", "0", "1", "0", "0", "0"]


def test_nobody_comes_in_without_signing_in(mails: dict[str, OutboxMessage]) -> None:
    for url in (LIST, page(mails["ana"]), page(mails["ana"], "outbox_resend")):
        assert Client().get(url).url.startswith("/sign-in/")


def test_mail_leads_to_the_outbox(admin_client: Client) -> None:
    assert admin_client.get("/mail/").url == LIST


def test_an_empty_outbox_says_what_will_be_here(admin_client: Client) -> None:
    assert "No mail yet" in words(main_of(admin_client.get(LIST)))


def test_filters_and_search(
    admin_client: Client, mails: dict[str, OutboxMessage]
) -> None:
    assert addresses(admin_client.get(LIST, {"state": "unknown"})) == [
        "new@fleetlane.example"
    ]
    assert addresses(admin_client.get(LIST, {"q": "SECRET.ex"})) == [
        "ceo@secret.example"
    ]
    nothing = admin_client.get(LIST, {"q": "secret", "state": "sent"})
    assert "Nothing here" in words(main_of(nothing))
    assert len(rows(admin_client.get(LIST, {"state": "nonsense"}))) == 3
    assert rows(admin_client.get(LIST, {"q": "100%_"})) == []


def test_pages_go_on_by_the_last_mail(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mail.selectors.outbox.SHOWN", 2)
    for number in range(5):
        make_message(f"p{number}@example.org")
    first = admin_client.get(LIST)
    assert addresses(first) == ["p4@example.org", "p3@example.org"]
    older = _link(first, "next")
    second = admin_client.get(older)
    assert addresses(second) == ["p2@example.org", "p1@example.org"]
    # What has come since moves nothing.
    make_message("p5@example.org")
    assert addresses(admin_client.get(older)) == addresses(second)
    last = admin_client.get(_link(second, "next"))
    assert addresses(last) == ["p0@example.org"]
    assert 'rel="next"' not in main_of(last)
    assert addresses(admin_client.get(_link(last, "prev"))) == addresses(second)


@pytest.mark.parametrize("text", ["-1", "x", "9" * 30, "", "1.5", "²"])
def test_a_strange_place_is_the_beginning(
    admin_client: Client, mails: dict[str, OutboxMessage], text: str
) -> None:
    assert len(rows(admin_client.get(LIST, {"before": text, "after": text}))) == 3


def _link(response: Any, rel: str) -> str:
    found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', main_of(response))
    assert found
    return found[1].replace("&amp;", "&")


def test_the_number_of_queries_does_not_grow(admin_client: Client, ana: User) -> None:
    counted = []
    for number in (1, 3):
        while OutboxMessage.objects.count() < number:
            customer = world.make_customer(owner=ana)
            make_message(customer=customer)
        counted.append(queries(admin_client, LIST))
    assert counted[0] == counted[1]


def test_states_are_told_in_words(admin_client: Client) -> None:
    late = world.NOW + dt.timedelta(hours=5)
    make_message("a@x.example", due_at=late, reason=Reason.QUIET)
    make_message(
        "b@x.example", state="failed", reason=Reason.REFUSED, reply="550 No such user"
    )
    make_message("c@x.example", state="dropped", reason=Reason.LEFT)
    make_message("d@x.example", state="sent", bounced_at=world.NOW, reply="250 OK")
    make_message("e@x.example", state="sending")
    lines = [re.sub(r" \d+ Jun, .*", "", line) for line in rows(admin_client.get(LIST))]
    assert lines == [
        "e@x.example Notice Being sent",
        "d@x.example Notice Sent Came back: the address does not work",
        "c@x.example Notice Not sent The contact has left",
        "b@x.example Notice Failed The mail server refused it for good 550 No such user",
        "a@x.example Notice Waiting The contact had mail a short while ago until",
    ]


def test_unknown_is_explained(
    admin_client: Client, ana_client: Client, mails: dict[str, OutboxMessage]
) -> None:
    told = words(main_of(admin_client.get(LIST)))
    assert "1 mail may or may not have arrived. What does that mean?" in told
    assert "It is not sent again by itself" in told
    # Ana's own mail has arrived.
    assert "may or may not" not in words(main_of(ana_client.get(LIST)))


def test_trouble_is_told_in_the_servers_words(
    admin_client: Client, ana_client: Client
) -> None:
    MailServer.objects.create(
        id=1, kind="smtp", trouble="535 <b>Bad</b> login", trouble_since=world.NOW
    )
    html = main_of(admin_client.get(LIST))
    assert "The mail server has not let us in since 30 Jun, 12:00." in words(html)
    assert "535 &lt;b&gt;Bad&lt;/b&gt; login" in html
    assert "mail settings" not in words(main_of(ana_client.get(LIST)))


def test_without_a_server_the_page_leads_to_the_mailbox(
    admin_client: Client, ana_client: Client
) -> None:
    assert "/mail/mailbox/" in main_of(admin_client.get(LIST))
    assert "/mail/mailbox/" not in main_of(ana_client.get(LIST))


# One mail


@pytest.fixture
def unknown(ana: User) -> OutboxMessage:
    customer = world.make_customer("Brightwater", owner=ana)
    return make_message(
        customer=customer,
        state="unknown",
        reply="timed out",
        data=plain("Hello there", "The first line.\n\n<script>alert(1)</script>"),
    )


def test_a_mails_page_tells_its_course(
    ana_client: Client, unknown: OutboxMessage
) -> None:
    ProviderEvent.objects.create(
        provider="postmark",
        event_id="1",
        kind="delayed",
        message=unknown,
        description="451 later",
        happened_at=world.NOW,
        received_at=world.NOW,
    )
    told = words(main_of(ana_client.get(page(unknown))))
    for part in (
        "Hello there",
        "To mara@brightwater.example",
        "timed out",
        "30 Jun, 11:00 Asked for 30 Jun, 11:01 Unknown",
        "30 Jun, 12:00 Delayed 451 later",
        unknown.message_id,
        "The first line.",
        "it may have arrived",
    ):
        assert part in told


def test_the_mail_itself_is_shut_in(ana_client: Client, unknown: OutboxMessage) -> None:
    outer = ana_client.get(page(unknown))
    assert "frame-src 'self'" in outer["Content-Security-Policy"]
    assert "<script>alert" not in main_of(outer)
    inner = ana_client.get(page(unknown, "outbox_message_body"))
    assert inner["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self'; sandbox"
    )
    assert inner["X-Frame-Options"] == "SAMEORIGIN"
    assert b"The first line." in inner.content
    assert b"<script>" not in inner.content


def test_words_that_are_no_longer_kept_are_said_to_be_gone(
    admin_client: Client,
) -> None:
    message = make_message(state="sent", data={})
    told = words(main_of(admin_client.get(page(message))))
    assert "The words of this mail are no longer kept." in told
    assert admin_client.get(page(message, "outbox_message_body")).status_code == 404


def test_a_kind_that_is_gone_still_has_a_page(admin_client: Client) -> None:
    message = make_message(kind="old.kind", state="sent")
    assert "old.kind" in words(main_of(admin_client.get(page(message))))


def test_tokens_are_masked(admin_client: Client, company: Company, admin: User) -> None:
    invitation_create(
        email="new@fleetlane.example",
        name="Nora New",
        role=Role.CSM,
        team=None,
        language="en",
        by=Actor(user=admin),
        now=world.NOW,
    )
    message = OutboxMessage.objects.get()
    body = admin_client.get(page(message, "outbox_message_body")).content.decode()
    assert "0-0-masked" in body
    assert "0-0-masked" in main_of(admin_client.get(page(message)))
    # The real one, which the mail carried, is nowhere.
    real = set(re.findall(r"\d+-\d+-[\w-]{22}", message_render(message).html))
    assert real
    assert not any(token in body for token in real)


# What may be done


def test_sending_again_is_asked_first(
    ana_client: Client, unknown: OutboxMessage, django_capture_on_commit_callbacks: Any
) -> None:
    url = page(unknown, "outbox_resend")
    assert url in main_of(ana_client.get(page(unknown)))
    question = words(main_of(ana_client.get(url)))
    assert "the recipient gets the mail twice" in question
    unknown.refresh_from_db()
    assert unknown.state == MessageState.UNKNOWN
    with django_capture_on_commit_callbacks():
        response = ana_client.post(url, follow=True)
    assert messages(response) == ["The mail waits to be sent again."]
    unknown.refresh_from_db()
    assert unknown.state == MessageState.PENDING
    assert AuditEntry.objects.get().action == "mail.message_resent"
    # The button on an old page.
    again = ana_client.post(url, follow=True)
    assert messages(again)[0].startswith("Only a mail that failed")


def test_a_waiting_mail_can_be_kept_back(
    ana_client: Client, mails: dict[str, OutboxMessage], ana: User
) -> None:
    message = make_message(customer=mails["ana"].customer)
    url = page(message, "outbox_cancel")
    assert url in main_of(ana_client.get(page(message)))
    assert "has not gone yet" in words(main_of(ana_client.get(url)))
    response = ana_client.post(url, follow=True)
    assert messages(response) == ["The mail will not be sent."]
    message.refresh_from_db()
    assert (message.state, message.reason) == ("dropped", Reason.CANCELLED)


def test_a_sent_mail_offers_nothing(
    ana_client: Client, mails: dict[str, OutboxMessage]
) -> None:
    html = main_of(ana_client.get(page(mails["ana"])))
    for name in ("outbox_resend", "outbox_cancel"):
        url = page(mails["ana"], name)
        assert url not in html
        assert ana_client.get(url).url == page(mails["ana"])


def test_who_only_looks_may_do_nothing(
    viewer_client: Client, unknown: OutboxMessage
) -> None:
    assert page(unknown, "outbox_resend") not in main_of(
        viewer_client.get(page(unknown))
    )
    for name in ("outbox_resend", "outbox_cancel"):
        assert viewer_client.get(page(unknown, name)).status_code == 403
        assert viewer_client.post(page(unknown, name)).status_code == 403
    unknown.refresh_from_db()
    assert unknown.state == MessageState.UNKNOWN


# The machine room


def test_the_operations_page_says_whether_mail_leaves(admin_client: Client) -> None:
    since = world.NOW - dt.timedelta(hours=3)
    MailServer.objects.create(
        id=1, kind="smtp", trouble="421 busy", trouble_since=since
    )
    make_message(due_at=since)
    make_message(due_at=world.NOW + dt.timedelta(days=1))
    make_message(state="unknown")
    make_message(state="failed")
    make_message(state="failed", finished_at=world.NOW - dt.timedelta(days=2))
    told = words(main_of(admin_client.get("/operations/")))
    assert (
        "The mail server has not let us in since 30 Jun, 09:00. 421 busy Waiting mail 2"
        " the oldest since 30 Jun, 09:00 Unknown whether it arrived 1 Look and decide"
        " Failed in 24 hours 1 See why"
    ) in told
