"""Spend and campaigns by hand."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AuditEntry, Company
from customers.models import AcquisitionSpend, Campaign
from tests.pages import at_noon, main_of, messages, queries, rows, words
from tests.world import NOW, TODAY

__all__ = ["at_noon"]
URL = "/acquisition/spend/"
GIVEN = {
    "spent_on": "2026-06-01",
    "amount": "1250.50",
    "currency": "EUR",
    "source": "Trade fairs",
    "campaign": "",
    "note": "stand",
}
pytestmark = pytest.mark.usefixtures("at_noon")


@pytest.fixture
def fair(company: Company) -> Campaign:
    return Campaign.objects.create(external_id="F", name="Fair", source="Trade fairs")


def a_row(day: dt.date = TODAY, **fields: object) -> AcquisitionSpend:
    values = {
        "source": "Paid ads",
        "spent_on": day,
        "amount": Decimal(70),
        "currency": "EUR",
        "recorded_at": NOW,
    }
    return AcquisitionSpend.objects.create(**{**values, **fields})


def test_spend_is_noted_and_listed(mara_client: Client, fair: Campaign) -> None:
    answer = mara_client.post(URL, {**GIVEN, "campaign": fair.pk}, follow=True)
    assert answer.redirect_chain == [(URL, 302)]
    assert messages(answer) == ["Noted. The figures count it already."]
    assert rows(answer) == [
        (
            "1 June 2026 Fair Trade fairs stand €1,250 Mara Lindqvist"
            " Delete : €1,250, 1 June 2026"
        )
    ]
    assert AcquisitionSpend.objects.get().amount == Decimal("1250.50")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"source": ""}, "a source, a campaign, or both"),
        ({"currency": "USD"}, "There is no exchange rate of USD"),
        ({"amount": "0"}, "0.01"),
        ({"amount": ""}, "This field is required."),
        ({"spent_on": "2026-07-01"}, "Choose a day up to today."),
        ({"spent_on": "0026-07-01"}, "Choose a day up to today."),
    ],
)
def test_what_makes_no_sense_is_told(
    mara_client: Client, fair: Campaign, given: dict[str, str], told: str
) -> None:
    answer = mara_client.post(URL, GIVEN | given)
    assert answer.status_code == 422
    assert told in words(main_of(answer))
    assert not AcquisitionSpend.objects.exists()


def test_what_is_deleted_can_be_taken_back(mara_client: Client, fair: Campaign) -> None:
    row = a_row()
    answer = mara_client.post(f"{URL}{row.pk}/delete/", follow=True)
    assert rows(answer) == []
    undo = re.search(r'formaction="([^"]*restore[^"]*)"', answer.content.decode())
    assert undo is not None
    back = mara_client.post(undo[1].replace("&amp;", "&"), follow=True)
    assert messages(back) == ["It is back."]
    assert len(rows(back)) == 1
    again = mara_client.post(f"{URL}restore/", follow=True)
    assert messages(again) == ["There is nothing to bring back."]
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["customers.spend_deleted", "customers.spend_restored"]


def test_the_list_has_pages_and_costs_the_same(
    mara_client: Client, fair: Campaign
) -> None:
    a_row(campaign=fair)
    one = queries(mara_client, URL)
    for days in range(52):
        a_row(TODAY - dt.timedelta(days=days // 2), source=f"S{days}")
    assert queries(mara_client, URL) == one
    first = mara_client.get(URL)
    following = re.search(r'rel="next" href="(\?at=[^"]+)"', main_of(first))
    assert following is not None
    second = mara_client.get(f"{URL}{following[1]}")
    assert [len(rows(page)) for page in (first, second)] == [50, 3]
    assert not set(rows(first)) & set(rows(second))
    assert len(rows(mara_client.get(f"{URL}?at=nonsense_x"))) == 50


def test_without_anything_it_says_how_to_begin(
    mara_client: Client, company: Company
) -> None:
    page = words(main_of(mara_client.get(URL)))
    assert "No spend noted yet" in page
    assert "No campaign yet" in page


def test_campaigns_are_added_and_renamed(mara_client: Client, company: Company) -> None:
    given = {
        "name": "Fair",
        "source": "Trade fairs",
        "starts_on": "2026-03-01",
        "ends_on": "2026-03-05",
    }
    answer = mara_client.post("/acquisition/campaigns/new/", given, follow=True)
    assert messages(answer) == ["Kept: Fair"]
    assert "Trade fairs, 1 March 2026 – 5 March 2026" in words(main_of(answer))
    fair = Campaign.objects.get()
    url = f"/acquisition/campaigns/{fair.pk}/"
    shown = mara_client.get(url)
    assert 'value="2026-03-01"' in main_of(shown)
    assert "Files name it fair." in words(main_of(shown))
    mara_client.post(url, {**given, "name": "Hanover", "ends_on": ""})
    fair.refresh_from_db()
    assert (fair.name, fair.ends_on) == ("Hanover", None)
    wrong = mara_client.post(url, {**given, "ends_on": "2026-02-01"})
    assert wrong.status_code == 422
    assert "It ends before it begins." in words(main_of(wrong))
    far = mara_client.post(url, {**given, "starts_on": "0001-02-01"})
    assert "The day is out of reach." in words(main_of(far))


def test_it_is_for_leaders(
    ana_client: Client, viewer_client: Client, fair: Campaign
) -> None:
    row = a_row()
    for client in (ana_client, viewer_client):
        for address in (
            URL,
            "/acquisition/campaigns/new/",
            f"/acquisition/campaigns/{fair.pk}/",
        ):
            assert client.get(address).status_code == 403
            assert client.post(address, GIVEN).status_code == 403
        assert client.post(f"{URL}{row.pk}/delete/").status_code == 403
        assert client.post(f"{URL}restore/").status_code == 403
    assert AcquisitionSpend.objects.count() == 1
