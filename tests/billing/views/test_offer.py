"""The page behind an offer: looking changes nothing, a yes is posted."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEntry, Company, User
from billing.models import SubscriptionChange, YearlyOffer
from billing.selectors.offers import OFFER
from common.links import link_token
from customers.models import Event
from tests import world
from tests.billing.offered import monthly, offered, url
from tests.pages import words

LARGEST = 10 * 1024


@pytest.fixture(autouse=True)
def noon(company: Company, at_noon: None) -> None:
    """Every test looks at noon of the tests' day."""


@pytest.fixture
def offer(ana: User, company: Company) -> YearlyOffer:
    return offered(monthly(owner=ana), by=ana)


@pytest.fixture
def stranger() -> Client:
    """No cookie, and tokens of forms are really asked for."""
    return Client(enforce_csrf_checks=True)


def seen(response: Any) -> str:
    page = response.content.decode()
    return words(page[page.index("<main") :])


def written() -> tuple[int, int, int]:
    return (
        SubscriptionChange.objects.count(),
        Event.objects.count(),
        AuditEntry.objects.count(),
    )


def test_looking_shows_the_terms_and_writes_nothing(
    stranger: Client,
    offer: YearlyOffer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    before, row = written(), YearlyOffer.objects.values().get()
    page = stranger.get(url(offer))
    assert page.status_code == 200
    text = seen(page)
    assert "Now: €100 a month, that is €1,200 in twelve months." in text
    assert "By the year: €1,080 a year, 10% off. You save €120 a year." in text
    assert "Open until the end of 14 July 2026." in text
    stranger.head(url(offer) + "/")
    stranger.get(url(offer) + "?act=accept&agree=yes")
    assert (written(), YearlyOffer.objects.values().get()) == (before, row)
    assert len(page.content) < LARGEST
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not page.cookies
    assert "<script" not in page.content.decode()
    with django_assert_num_queries(4):
        stranger.get(url(offer))


def test_a_yes_needs_the_box(stranger: Client, offer: YearlyOffer) -> None:
    before = written()
    for data in ({}, {"act": "accept"}, {"act": "perhaps", "agree": "yes"}):
        page = stranger.post(url(offer), data)
        assert page.status_code == 422
        assert 'role="alert"' in page.content.decode()
    assert written() == before
    page = stranger.post(url(offer), {"act": "accept", "agree": "yes"}, follow=True)
    assert "Thank you. You pay by the year from the next period on." in seen(page)
    assert "Your answer" not in seen(page)
    after = written()
    assert after[0] == before[0] + 1
    # Pressed twice, or a no after the yes: the first answer stays.
    stranger.post(url(offer), {"act": "accept", "agree": "yes"})
    stranger.post(url(offer), {"act": "decline"})
    assert (written(), YearlyOffer.objects.get().state) == (after, "accepted")


def test_a_no_is_taken(stranger: Client, offer: YearlyOffer) -> None:
    page = stranger.post(url(offer), {"act": "decline"}, follow=True)
    assert "Everything stays as it is." in seen(page)
    assert YearlyOffer.objects.get().state == "declined"


def test_what_is_over_says_so_and_takes_nothing(
    stranger: Client, offer: YearlyOffer
) -> None:
    for state, said in (
        ("withdrawn", "This offer was withdrawn."),
        ("expired", "The time to answer is over."),
    ):
        YearlyOffer.objects.update(state=state)
        page = stranger.get(url(offer))
        assert (page.status_code, said in seen(page)) == (200, True)
        before = written()
        page = stranger.post(url(offer), {"act": "accept", "agree": "yes"})
        assert page.status_code == 409
        assert written() == before
    YearlyOffer.objects.update(state="open", expires_at=world.NOW)
    assert "The time to answer is over." in seen(stranger.get(url(offer)))


def test_a_changed_subscription_is_told_and_nothing_is_changed(
    stranger: Client, offer: YearlyOffer
) -> None:
    world.change_subscription(
        offer.subscription, on=world.TODAY, mrr="130", recorded_at=world.NOW
    )
    before = written()
    page = stranger.post(url(offer), {"act": "accept", "agree": "yes"})
    assert page.status_code == 409
    assert "The subscription has changed since this offer was made" in seen(page)
    assert written() == before


def test_a_link_that_is_not_ours_opens_nothing(
    stranger: Client, offer: YearlyOffer
) -> None:
    good = link_token(OFFER, offer.pk)
    bad = (
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        link_token("surveys.invitation", offer.pk),
        link_token(OFFER, offer.pk, 2),
        link_token(OFFER, offer.pk + 1),
        f"0{good}",
        "x",
        "%00",
    )
    before = written()
    for token in bad:
        for answer in (
            stranger.get(f"/offer/{token}"),
            stranger.post(f"/offer/{token}", {"act": "accept", "agree": "yes"}),
        ):
            assert answer.status_code == 404
            assert "Brightwater" not in answer.content.decode()
    # Whoever has left the customer answers for it no more.
    assert offer.contact is not None
    offer.contact.left_on, offer.contact.left_recorded_at = world.TODAY, world.NOW
    offer.contact.save()
    assert stranger.get(url(offer)).status_code == 404
    assert written() == before


def test_the_page_speaks_the_contacts_language(
    stranger: Client, ana: User, company: Company
) -> None:
    page = stranger.get(url(offered(monthly(owner=ana, language="de"))))
    assert page.headers["Content-Language"] == "de"
    assert "14. Juli 2026" in seen(page)
