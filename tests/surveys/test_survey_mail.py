"""The mail that asks: words, links, look, and when it has lost its point."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import Company, User
from common.mailing import MailIsPointless
from mail.models import OutboxMessage
from mail.rendering.bodies import RenderedMail, message_render
from mail.rendering.frame import frame_load
from mail.rendering.headers import message_email
from mail.services.working import outbox_work
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.selectors.links import invitation_opened
from surveys.services.states import survey_close
from tests import world
from tests.mail.outboxes import leave_by, queue
from tests.mail.payloads import PAYLOADS
from tests.mail.smtp_server import Server
from tests.pages import words
from tests.surveys.answering import asked, confirm, token
from tests.world import CONTENT, NOW

BASE = "https://keepwell.example"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch, company: Company) -> None:
    company.base_url = BASE
    company.save()
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def invitation(ana: User, company: Company) -> Invitation:
    return asked(customer=world.make_customer("Brightwater", owner=ana))


def mail_of(invitation: Invitation, *, number: int = 0, **fields: Any) -> OutboxMessage:
    """This will ask for the mail as the survey does."""
    assert invitation.contact is not None
    return queue(
        f"surveys.invitation:{invitation.pk}:{number}",
        **{
            "kind": "surveys.invitation",
            "to_email": invitation.contact.email,
            "contact": invitation.contact,
            "language": invitation.language,
            "in_working_hours": False,
            "data": {
                "invitation": invitation.pk,
                "number": number,
                "contact_id": invitation.contact_id,
            },
            **fields,
        },
    )


def rendered(invitation: Invitation, **fields: Any) -> RenderedMail:
    return message_render(mail_of(invitation, **fields))


def hrefs(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def wording(**changes: Any) -> None:
    texts = {**CONTENT["texts"]["en"], **changes}  # type: ignore[index]
    SurveyVersion.objects.update(content={**CONTENT, "texts": {"en": texts}})


def test_the_mail_asks_in_words_and_numbers(invitation: Invitation) -> None:
    mail = rendered(invitation)
    assert mail.subject == "One question about Fleetlane"
    shown = words(mail.html[mail.html.index("<body") :].replace("\u200b", ""))
    assert shown == (
        "How likely are you to recommend Fleetlane?"
        " F Fleetlane Hello Mara, How likely are you to recommend Fleetlane?"
        " 0 1 2 3 4 5 6 7 8 9 10 0 = not at all likely 10 = extremely likely"
        " Your choice opens a short page where you can change it and add a sentence."
        " Ana Popescu Fleetlane"
        " As a contact at Brightwater you get such a question at most once in 90 days."
        " Stop survey mails Fleetlane"
    )
    here = f"{BASE}/s"
    mine = token(invitation)
    lines = "\n".join(f"{n}: {here}/{n}/{mine}" for n in range(11))
    assert mail.text.startswith(
        "Hello Mara,\n\nHow likely are you to recommend Fleetlane?\n"
        "0 = not at all likely, 10 = extremely likely\n\n"
        f"{lines}\n\n"
        "Your choice opens a short page where you can change it and add a sentence.\n\n"
        "Ana Popescu\nFleetlane"
    )
    assert "Stop survey mails: https://keepwell.example/u/" in mail.text


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8))],
)
def test_every_number_leads_to_its_own_genuine_link(
    invitation: Invitation, kind: str, numbers: range
) -> None:
    Survey.objects.update(kind=kind)
    mail = rendered(invitation)
    mine = token(invitation)
    own = [url for url in hrefs(mail.html) if "/s/" in url]
    trap = f"{BASE}/s/more/{mine}"
    assert own == [*(f"{BASE}/s/{n}/{mine}" for n in numbers), trap]
    assert invitation_opened(mine) == invitation
    assert re.findall(r"https://\S+/s/\S+", mail.text) == own[:-1]


def test_people_do_not_see_the_trap(invitation: Invitation) -> None:
    mail = rendered(invitation)
    (hidden,) = re.findall(r'<div class="trap".*?</div>', mail.html, flags=re.DOTALL)
    assert "/s/more/" in hidden
    assert 'aria-hidden="true"' in hidden
    assert 'tabindex="-1"' in hidden
    assert "opacity: 0" in hidden
    assert words(hidden).replace("\u200b", "") == ""
    assert "more" not in mail.text


def test_onlookers_see_no_links_that_open_anything(invitation: Invitation) -> None:
    shown = message_render(mail_of(invitation), masked=True)
    for part in (shown.html, shown.text):
        assert token(invitation) not in part
        assert "/s/4/0-0-masked" in part
    assert invitation_opened("0-0-masked") is None
    # What was sent can be looked at when it has lost its point.
    confirm(invitation)
    row = OutboxMessage.objects.get()
    assert message_render(row, masked=True) == shown


def test_a_reminder_says_so(invitation: Invitation) -> None:
    mail = rendered(invitation, number=1)
    assert mail.subject == "Reminder: One question about Fleetlane"
    line = "We asked you a few days ago and would still like to know:"
    assert line in words(mail.html)
    assert mail.text.startswith(line)
    assert line not in rendered(invitation).text


def test_the_surveys_own_colour_and_name(invitation: Invitation) -> None:
    SurveyVersion.objects.update(
        content={**CONTENT, "accent": "#7b1fa2", "company_name": "Fleetlane Care"}
    )
    mail = rendered(invitation)
    assert mail.subject == "One question about Fleetlane Care"
    assert "background-color: #7b1fa2" in mail.html
    assert "#0e6b62" not in mail.html
    assert mail.html.rstrip().count("Fleetlane Care") >= 3
    assert re.search(r"Fleetlane(?! Care)", mail.html) is None
    assert mail.text.rstrip().endswith("Fleetlane Care")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Brightwater"),
        ("ro", "Brightwater"),
    ],
)
def test_a_written_language_is_used_throughout(
    invitation: Invitation, language: str, line: str
) -> None:
    german = {**CONTENT["texts"]["en"], "question": "Frage?"}  # type: ignore[index]
    texts = {**CONTENT["texts"], language: german}  # type: ignore[dict-item]
    SurveyVersion.objects.update(content={**CONTENT, "texts": texts})
    Invitation.objects.update(language=language)
    invitation.refresh_from_db()
    mail = rendered(invitation)
    assert f'<html lang="{language}"' in mail.html
    assert f'<div lang="{language}">' in mail.html
    assert "Frage?" in mail.text
    assert "Your choice opens" not in mail.text
    assert "As a contact" not in mail.text
    assert line in mail.text


def test_a_language_nobody_wrote_falls_back(invitation: Invitation) -> None:
    Invitation.objects.update(language="fi")
    invitation.refresh_from_db()
    mail = rendered(invitation, language="en")
    assert mail.subject == "One question about Fleetlane"
    assert '<div lang="en">' in mail.html


def test_without_an_owner_nobody_signs(company: Company) -> None:
    mail = rendered(asked())
    assert "change it and add a sentence.\n\n--" in mail.text


@pytest.mark.parametrize("payload", [x for x in PAYLOADS if "<" in x or '"' in x])
def test_script_in_names_and_words_is_text(company: Company, payload: str) -> None:
    name = payload[:100]
    company.name = name
    company.save()
    invitation = asked(name, customer=world.make_customer(name))
    wording(
        question="{contact.name}? {customer.name}?",
        intro=f"{payload}\n{{contact.name}}",
    )
    mail = rendered(invitation)
    body = mail.html[mail.html.index("<body") :].lower()
    for mark in ("<script", "<img", "<svg", "<iframe", "<style"):
        assert mark not in body
    assert re.search(r"<[^<>]*\son\w+=", body) is None
    assert {url.split("/")[2] for url in hrefs(body)} == {"keepwell.example"}
    assert "\n" not in mail.subject
    assert payload.splitlines()[0] in mail.text


def test_the_headers_let_mail_programs_stop_it(invitation: Invitation) -> None:
    headers = message_email(mail_of(invitation)).message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    unfolded = headers["List-Unsubscribe"].replace("\n", "")
    assert re.match(r"<https://keepwell\.example/u/[\w-]+>", unfolded)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "ana@example.org" in headers["Reply-To"]
    assert headers["Message-ID"].endswith("@keepwell.example>")


def test_few_queries_a_mail(
    invitation: Invitation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    related = ("contact", "customer__owner", "user")
    mail_of(invitation)
    row = OutboxMessage.objects.select_related(*related).get()
    frame = frame_load()
    # The invitation with all it names, and the rules.
    with django_assert_num_queries(2):
        message_render(row, frame=frame)


class TestTrial:
    """Mails to oneself and previews: no invitation, and links that open nothing."""

    def test_a_saved_version(self, invitation: Invitation, admin: User) -> None:
        data = {"version": invitation.version_id, "test": True, "language": "en"}
        row = queue("try", kind="surveys.invitation", data=data, user_id=admin.pk)
        mail = message_render(row)
        assert mail.subject == "Test: One question about Fleetlane"
        assert "/s/" not in mail.html
        page = f"{BASE}/surveys/{invitation.survey_id}/preview/page.html?language=en"
        assert hrefs(mail.html) == [page] * 11
        assert "A trial: nobody else got it, and its links open nothing." in mail.text
        assert "Hello there," in mail.text

    def test_a_version_that_is_gone(self, admin: User, company: Company) -> None:
        data = {"version": 0, "test": True}
        row = queue("try", kind="surveys.invitation", data=data, user_id=admin.pk)
        with pytest.raises(MailIsPointless, match="The survey is gone"):
            message_render(row)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        leave_by(made)
        yield made


class TestPointless:
    """Between the asking and the sending, things happen; the real outbox drops the mail."""

    def test_what_has_a_point_is_sent(
        self, invitation: Invitation, server: Server
    ) -> None:
        row = mail_of(invitation)
        assert outbox_work() == 1
        row.refresh_from_db()
        assert (row.state, len(server.taken)) == ("sent", 1)
        assert f"/s/4/{token(invitation)}".encode() in server.taken[0].replace(
            b"=\r\n", b""
        )

    def test_an_erased_contact(self, invitation: Invitation, server: Server) -> None:
        row = mail_of(invitation)
        assert invitation.contact is not None
        invitation.contact.delete()
        self.dropped(row, server)

    @pytest.mark.parametrize("number", [0, 1])
    def test_a_closed_survey(
        self, invitation: Invitation, server: Server, admin: User, number: int
    ) -> None:
        row = mail_of(invitation, number=number)
        survey_close(survey=invitation.survey, by=Actor(admin), now=NOW)
        self.dropped(row, server, "The survey was closed.")

    def test_an_answer(self, invitation: Invitation, server: Server) -> None:
        row = mail_of(invitation, number=1)
        confirm(invitation)
        self.dropped(row, server, "The contact has answered already.")

    @pytest.mark.parametrize(
        "change",
        [
            {"expires_at": NOW},
            {"state": "expired"},
            {"state": "dropped", "drop": "new"},
        ],
    )
    def test_the_time_is_over(
        self, invitation: Invitation, server: Server, change: dict[str, Any]
    ) -> None:
        row = mail_of(invitation)
        Invitation.objects.update(**change)
        self.dropped(row, server, "The time to answer is over.")

    def test_a_deleted_invitation(self, invitation: Invitation, server: Server) -> None:
        row = mail_of(invitation)
        Invitation.objects.all().delete()
        self.dropped(row, server, "The contact is gone.")

    def dropped(self, row: OutboxMessage, server: Server, why: str = "") -> None:
        outbox_work()
        row.refresh_from_db()
        assert (row.state, server.taken) == ("dropped", [])
        if why:
            assert (row.reason, row.reply) == ("pointless", why)
