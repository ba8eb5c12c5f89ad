"""Stopping mail by a link: mail programs' one click, people's button, nobody's GET."""

from itertools import cycle, islice

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from common.links import link_token
from common.mailing import Category
from customers.models import Contact
from mail.enums import SuppressionReason, SuppressionScope
from mail.models import OutboxMessage, Suppression
from mail.selectors.suppressions import suppression_wishes
from mail.services.suppressions import suppression_add
from tests import world
from tests.mail.rows import make_message
from tests.pages import words

EMAIL = "mara@brightwater.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LARGEST = 10 * 1024
SCANNERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "Mozilla/5.0 (compatible; Microsoft-SafeLinks/1.0)",
    "Mozilla/5.0 (compatible; proofpoint urldefense)",
    "BarracudaCentral/1.0", "Mimecast-URL-Protect", "GoogleImageProxy", "YahooMailProxy",
    "TrendMicro-WebReputation", "Java/1.8", "python-requests/2.31", "curl/8.4.0", "",
)  # fmt: skip


@pytest.fixture
def contact(company: Company, ana: User) -> Contact:
    return world.person(world.make_customer("Brightwater", owner=ana), email=EMAIL)


@pytest.fixture
def survey(contact: Contact) -> OutboxMessage:
    return make_message(EMAIL, category=Category.SURVEY, contact=contact)


@pytest.fixture
def news(contact: Contact) -> OutboxMessage:
    return make_message(EMAIL, category=Category.NEWS, contact=contact)


@pytest.fixture
def stranger() -> Client:
    """No cookie, and tokens of forms are really asked for."""
    return Client(enforce_csrf_checks=True)


def link(message: OutboxMessage) -> str:
    return f"/u/{link_token('mail.unsubscribe', message.pk)}"


@pytest.mark.parametrize("stroke", ["", "/"])
def test_one_click_of_a_mail_program_stops_it(
    stranger: Client, survey: OutboxMessage, stroke: str
) -> None:
    response = stranger.post(link(survey) + stroke, ONE_CLICK)
    assert response.status_code == 200
    assert stranger.cookies == {}
    assert "Location" not in response.headers
    entry = Suppression.objects.get()
    assert entry.scope == SuppressionScope.SURVEYS
    assert entry.reason == SuppressionReason.UNSUBSCRIBED
    assert entry.email == EMAIL
    assert entry.source == f"message:{survey.pk}"
    assert entry.created_by is None


def test_one_click_in_other_mail_stops_all_but_service(
    stranger: Client, news: OutboxMessage
) -> None:
    assert stranger.post(link(news), ONE_CLICK).status_code == 200
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}


def test_a_thousand_scanners_stop_nothing(
    stranger: Client, news: OutboxMessage
) -> None:
    answers = set()
    for number, agent in enumerate(islice(cycle(SCANNERS), 1000)):
        ask = stranger.head if number % 3 == 0 else stranger.get
        url = link(news) + ("?scope=all&act=undo" if number % 2 else "")
        answers.add(ask(url, headers={"User-Agent": agent}).status_code)
    assert answers == {200}
    assert Suppression.objects.count() == 0
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_do_nothing(
    stranger: Client, news: OutboxMessage, method: str
) -> None:
    assert getattr(stranger, method)(link(news)).status_code == 405
    assert Suppression.objects.count() == 0


def test_the_page_asks_and_the_button_stops(
    stranger: Client, survey: OutboxMessage
) -> None:
    page = stranger.get(link(survey)).content.decode()
    assert words(page[page.index("<main") :]) == (
        "F Fleetlane Stop mails from Fleetlane? They go to mara@brightwater.example."
        " What is to stop? Surveys only Questions such as how likely you are to recommend"
        " us. Everything but service mail What you need all the same still comes, such as"
        " about a payment. Stop these mails"
    )
    assert page.count("checked") == 1
    assert page.index("checked") < page.index('value="all"')
    done = stranger.post(link(survey), {"scope": "all"}).content.decode()
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}
    assert "You get no more mail" in words(done)
    assert stranger.get(link(survey)).content.decode() == done


def test_doing_it_again_changes_nothing(stranger: Client, news: OutboxMessage) -> None:
    pages = {stranger.post(link(news), ONE_CLICK).content for _ in range(3)}
    assert len(pages) == 1
    assert Suppression.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_mistake_is_taken_back(stranger: Client, news: OutboxMessage) -> None:
    done = stranger.post(link(news), ONE_CLICK)
    assert "That was a mistake" in words(done.content.decode())
    page = stranger.post(link(news), {"act": "undo"})
    assert "What is to stop?" in words(page.content.decode())
    assert suppression_wishes(EMAIL) == frozenset()
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["mail.suppression_added", "mail.suppression_lifted"]
    stranger.post(link(news), {"act": "undo"})
    assert AuditEntry.objects.count() == 2


def test_undo_takes_back_only_what_this_link_did(
    stranger: Client, survey: OutboxMessage, news: OutboxMessage, admin: User
) -> None:
    stranger.post(link(survey), ONE_CLICK)
    by_hand = make_message(EMAIL, category=Category.NEWS)
    suppression_add(
        email=EMAIL, scope="all", reason="complaint", source=f"message:{by_hand.pk}",
        by=Actor(admin), now=world.NOW,
    )  # fmt: skip
    page = stranger.post(link(news), {"act": "undo"}).content.decode()
    assert "That was a mistake" not in words(page)
    stranger.post(link(by_hand), {"act": "undo"})
    both = {SuppressionScope.SURVEYS, SuppressionScope.ALL}
    assert suppression_wishes(EMAIL) == both


def test_after_an_erasure_there_is_nothing_to_stop(
    stranger: Client, news: OutboxMessage
) -> None:
    url = link(news)
    OutboxMessage.objects.update(to_email="", to_name="")
    gone = stranger.get(url)
    assert gone.status_code == 200
    assert "no longer kept at Fleetlane" in words(gone.content.decode())
    assert stranger.post(url, ONE_CLICK).content == gone.content
    OutboxMessage.objects.all().delete()
    assert stranger.post(url, ONE_CLICK).content == gone.content
    assert Suppression.objects.count() == 0


def test_wrong_links_are_all_alike(
    stranger: Client,
    news: OutboxMessage,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    token = link_token("mail.unsubscribe", news.pk)
    wrong = [
        "x", token[:-1], token + "a", token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace("-1-", "-2-", 1), link_token("accounts.invitation", news.pk),
        f"9{token}", "1-1-" + "a" * 22, "ț", "0-0-masked", "a" * 5000, "%00",
    ]  # fmt: skip
    pages = set()
    for text in wrong:
        with django_assert_num_queries(2):
            response = stranger.get(f"/u/{text}")
        pages.add((response.status_code, response.content))
        pages.add(
            (response.status_code, stranger.post(f"/u/{text}", ONE_CLICK).content)
        )
    ((status, page),) = pages
    assert status == 404
    assert "This link does not work" in words(page.decode())
    assert EMAIL not in page.decode()
    assert Suppression.objects.count() == 0


def test_a_link_of_an_older_secret_still_works(
    stranger: Client, news: OutboxMessage, settings: Settings
) -> None:
    url = link(news)
    settings.LINK_KEYS = [b"n" * 32, *settings.LINK_KEYS]
    assert url != link(news)
    assert stranger.post(url, ONE_CLICK).status_code == 200
    assert suppression_wishes(EMAIL) == {SuppressionScope.ALL}


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "Stop mails from Fleetlane?"), ("de", "E-Mails von Fleetlane abbestellen?"),
     ("ro", "Opriți e-mailurile de la Fleetlane?")],
)  # fmt: skip
def test_the_page_speaks_the_mails_language(
    stranger: Client, contact: Contact, language: str, heading: str
) -> None:
    message = make_message(EMAIL, category=Category.NEWS, language=language)
    response = stranger.get(link(message), headers={"Accept-Language": "fr"})
    assert heading in words(response.content.decode())
    assert f'<html lang="{language}">' in response.content.decode()
    assert response.headers["Content-Language"] == language


def test_the_page_is_small_and_tells_nobody(
    stranger: Client, news: OutboxMessage, settings: Settings
) -> None:
    response = stranger.get(link(news))
    headers = response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    page = response.content.decode()
    assert "<script" not in page
    assert "woff" not in page
    look = stranger.get("/look.css")
    assert look.headers["Content-Type"] == "text/css; charset=utf-8"
    public = (settings.BASE_DIR / "static" / "public.css").read_bytes()
    assert b"@font-face" not in public
    assert len(response.content) + len(look.content) + len(public) <= LARGEST


def test_the_companys_colour_is_a_stylesheet(
    stranger: Client, company: Company
) -> None:
    company.accent = "#7b1fa2"
    company.save()
    look = stranger.get("/look.css")
    assert "--brand: light-dark(#7b1fa2, " in look.content.decode()
    assert look.headers["Cache-Control"] == "public, max-age=600"


def test_a_signed_in_person_is_named_in_the_log(
    ana_client: Client, ana: User, news: OutboxMessage
) -> None:
    ana_client.post(link(news), {"scope": "all"})
    assert Suppression.objects.get().created_by == ana
