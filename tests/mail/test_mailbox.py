"""The local mailbox: where mail lands while there is no server."""

import datetime as dt
import re

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from mail.enums import ServerKind
from mail.models import MailboxMessage, MailServer, OutboxMessage
from mail.services import mailbox as mailbox_service
from mail.services.mailbox import mailbox_trim
from mail.transport.choose import transport_for
from mail.transport.mailbox import LocalMailbox
from tests import world
from tests.mail.rows import make_message
from tests.pages import main_of, queries, rows, words

pytestmark = pytest.mark.usefixtures("company")
LIST = "/mail/mailbox/"
HTML = (
    "<!DOCTYPE html><html><head><title>x</title></head><body>"
    '<a href="https://keepwell.example/i/17-1-secret/">Accept</a></body></html>'
)


def mail_of(subject: str = "Grüße", html: str = HTML) -> EmailMultiAlternatives:
    email = EmailMultiAlternatives(
        subject,
        "Accept: https://keepwell.example/i/17-1-secret/\n",
        "Fleetlane <hello@fleetlane.example>",
        ["Mara Ionescu <mara@brightwater.example>"],
        headers={"Message-ID": "<17@keepwell.example>", "X-Odd": "a<b>c"},
    )
    if html:
        email.attach_alternative(html, "text/html")
    return email


def land(subject: str = "Grüße", html: str = HTML, **fields: object) -> MailboxMessage:
    message = make_message(**fields)  # type: ignore[arg-type]
    LocalMailbox().send(mail_of(subject, html), message_id=message.pk)
    return MailboxMessage.objects.get(message=message)


# The way out


def test_without_a_server_mail_stays_here() -> None:
    assert isinstance(transport_for(MailServer()), LocalMailbox)
    assert MailServer().kind == ServerKind.MAILBOX


def test_a_mail_lands_as_it_would_have_gone_out() -> None:
    row = land()
    raw = bytes(row.raw)
    assert b"Message-ID: <17@keepwell.example>\r\n" in raw
    assert b"X-Odd: a<b>c\r\n" in raw
    assert b"\r\n\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_message_lands_once() -> None:
    message = make_message()
    way = LocalMailbox()
    for subject in ("First", "Second"):
        assert way.send(mail_of(subject), message_id=message.pk).provider_id == ""
    way.close()
    (row,) = MailboxMessage.objects.all()
    assert b"Subject: First" in bytes(row.raw)


# Keeping it small


def test_old_mail_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    ages = [0, 13, 14, 15, 400]
    for age in ages:
        row = land()
        when = world.NOW - dt.timedelta(days=age)
        MailboxMessage.objects.filter(pk=row.pk).update(received_at=when)
    assert mailbox_trim(now=world.NOW) == 2
    left = MailboxMessage.objects.values_list("received_at", flat=True)
    assert sorted((world.NOW - when).days for when in left) == [0, 13, 14]
    assert OutboxMessage.objects.count() == 5


def test_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_service, "KEPT", 3)
    made = [land().pk for _ in range(5)]
    MailboxMessage.objects.update(received_at=world.NOW)
    assert mailbox_trim(now=world.NOW) == 2
    kept = MailboxMessage.objects.order_by("pk").values_list("pk", flat=True)
    assert list(kept) == made[2:]
    assert mailbox_trim(now=world.NOW) == 0


# The pages


@pytest.mark.parametrize("who", ["mara_client", "ana_client", "viewer_client"])
def test_only_administrators_read_it(request: pytest.FixtureRequest, who: str) -> None:
    row = land()
    client = request.getfixturevalue(who)
    for url in (
        LIST,
        reverse("mailbox_message", args=[row.pk]),
        reverse("mailbox_message_body", args=[row.pk]),
    ):
        response = client.get(url)
        assert response.status_code == 403
        assert b"17-1-secret" not in response.content


def test_nobody_reads_it_without_signing_in() -> None:
    url = reverse("mailbox_message_body", args=[land().pk])
    assert Client().get(url).url.startswith("/sign-in/")


def test_an_empty_mailbox_says_what_it_is(admin_client: Client) -> None:
    told = words(main_of(admin_client.get(LIST)))
    assert "The mailbox is empty" in told
    assert "without writing to anybody" in told


def test_the_list(admin_client: Client) -> None:
    land("First")
    land("Zweite: Grüße")
    lines = [line.rsplit(" ", 3)[0] for line in rows(admin_client.get(LIST))]
    assert lines == [
        "Zweite: Grüße Mara Ionescu <mara@brightwater.example> Notice",
        "First Mara Ionescu <mara@brightwater.example> Notice",
    ]


def test_pages(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mail.selectors.mailbox.SHOWN", 2)
    made = [land(f"Mail {number}") for number in range(3)]
    first = admin_client.get(LIST)
    assert [line.split()[1] for line in rows(first)] == ["2", "1"]
    assert f"?before={made[1].pk}" in main_of(first)
    second = admin_client.get(LIST, {"before": made[1].pk})
    assert [line.split()[1] for line in rows(second)] == ["0"]
    assert "before=" not in main_of(second)


def test_the_number_of_queries_does_not_grow(admin_client: Client) -> None:
    counted = []
    for number in (1, 3):
        while MailboxMessage.objects.count() < number:
            land()
        counted.append(queries(admin_client, LIST))
    assert counted[0] == counted[1]


def test_a_mail_with_text_and_headers(admin_client: Client) -> None:
    row = land()
    response = admin_client.get(reverse("mailbox_message", args=[row.pk]))
    told = words(main_of(response))
    assert "Grüße" in told
    assert "Accept: https://keepwell.example/i/17-1-secret/" in told
    assert "Message-ID <17@keepwell.example>" in told
    assert "X-Odd a<b>c" in told
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_its_html_is_shut_in_and_its_links_work(admin_client: Client) -> None:
    row = land(html=HTML.replace("</body>", "<script>alert(1)</script></body>"))
    response = admin_client.get(reverse("mailbox_message_body", args=[row.pk]))
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert policy.endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    html = response.content.decode()
    assert '<head><base target="_blank">' in html
    assert "17-1-secret" in html


def test_a_mail_without_html_shows_its_text(admin_client: Client) -> None:
    row = land(html="")
    html = main_of(admin_client.get(reverse("mailbox_message", args=[row.pk])))
    assert "<iframe" not in html
    assert "Accept: https" in words(html)


@pytest.mark.parametrize(
    ("look", "rule"),
    [
        ("dark", "@media all {p"),
        ("light", "@media not all {p"),
        ("", "@media (prefers-color-scheme: dark) {p"),
        ("x", "@media (prefers-color-scheme: dark) {p"),
    ],
)
def test_the_look_can_be_chosen(admin_client: Client, look: str, rule: str) -> None:
    dark = "<style>@media (prefers-color-scheme: dark) {p {color: white}}</style>"
    row = land(html=HTML.replace("</head>", f"{dark}</head>"))
    outer = admin_client.get(reverse("mailbox_message", args=[row.pk]), {"look": look})
    found = re.search(r'src="(.*?)"', main_of(outer))
    assert found
    assert rule in admin_client.get(found[1]).content.decode()
