"""Last year's forecasts one by one: scope, order, pages, CSV."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, User
from customers.models import Customer
from health.models import ForecastVersion, ValueCheck
from tests import world
from tests.learnt import learnt_content
from tests.pages import facts, main_of, queries, words

URL, CSV = "/accuracy/values/", "/accuracy/values/csv/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(company: Company, at_noon: None) -> ForecastVersion:
    return world.forecast_version(learnt_content())


def checked(
    version: ForecastVersion,
    name: str,
    realised: str,
    *,
    owner: User | None = None,
    left: bool = False,
    spread: float | None = None,
) -> Customer:
    """This will save a check of 1,000 expected, between 800 and 1,200."""
    customer = world.make_customer(name, owner=owner)
    ValueCheck.objects.create(
        version=version,
        customer=customer,
        as_of=world.days_ago(365),
        expected=1000,
        low=800,
        mid=990,
        high=1200,
        realised=Decimal(realised),
        spread=spread,
        left=left,
    )
    return customer


def test_the_largest_miss_first(
    version: ForecastVersion, viewer_client: Client
) -> None:
    checked(version, "Near Ltd", "990")
    checked(version, "Gone Ltd", "200", left=True)
    checked(version, "Grown Ltd", "1500.50")
    page = viewer_client.get(URL)
    assert [row.customer.name for row in page.context["rows"]] == [
        "Gone Ltd",
        "Grown Ltd",
        "Near Ltd",
    ]
    text = words(main_of(page))
    assert "Gone Ltd has left €1,000 €800 to €1,200 €200 outside the range −800" in text
    assert (
        "Near Ltd is still there €1,000 €800 to €1,200 €990 inside the range −10"
        in text
    )
    told = page.context["total"]
    assert (told["hoped"], told["came"]) == (3000, Decimal("2690.50"))
    assert "1 of 3" in text
    assert facts(page)


def test_only_ones_own(
    version: ForecastVersion, ana: User, charlie: User, ana_client: Client
) -> None:
    mine = checked(version, "Mine Ltd", "900", owner=ana)
    checked(version, "Secret Ltd", "0", owner=charlie, left=True)
    page = ana_client.get(URL)
    assert [row.customer_id for row in page.context["rows"]] == [mine.pk]
    assert page.context["total"]["came"] == 900
    assert "Secret" not in main_of(page)
    lines = b"".join(ana_client.get(CSV).streaming_content).decode()  # type: ignore[attr-defined]
    assert "Mine Ltd" in lines
    assert "Secret" not in lines


def test_the_sum_has_a_range_and_whether_it_held(
    company: Company,
    at_noon: None,
    viewer_client: Client,
    ana: User,
    ana_client: Client,
) -> None:
    """20 of 1,000: own fates √20 · 100 = 447, together 3 % of 20,000 = 600: 748."""
    summary = world.forecast_summary(world.TODAY) | {"values": {"shared": 0.03}}
    version = world.forecast_version(learnt_content(), summary=summary)
    for number in range(20):
        checked(version, f"Number {number}", "990", spread=100.0, owner=ana)
    text = facts(viewer_client.get(URL))
    assert "€19K to €21K" in str(text)
    assert "inside the range" in str(text)
    ValueCheck.objects.update(realised=900)
    assert "outside the range" in str(facts(ana_client.get(URL)))
    # Of fewer than 20 there is no range.
    ValueCheck.objects.order_by("pk")[:1].get().delete()
    assert "the range" not in str(facts(ana_client.get(URL)))


def test_nothing_of_mine(
    version: ForecastVersion, charlie: User, ana_client: Client
) -> None:
    checked(version, "Secret Ltd", "0", owner=charlie)
    assert "None of your customers was there a year ago" in words(
        main_of(ana_client.get(URL))
    )


def test_nothing_yet(company: Company, viewer_client: Client) -> None:
    assert "13 months of customers" in words(main_of(viewer_client.get(URL)))
    assert viewer_client.get(CSV).status_code == 404


def test_the_newest_version_that_was_checked(
    version: ForecastVersion, viewer_client: Client
) -> None:
    checked(version, "Old Ltd", "900")
    second = world.forecast_version(learnt_content())
    checked(second, "New Ltd", "900")
    world.forecast_version(learnt_content())  # with no year to check
    [row] = viewer_client.get(URL).context["rows"]
    assert row.customer.name == "New Ltd"


def test_pages(version: ForecastVersion, viewer_client: Client) -> None:
    for number in range(55):
        checked(version, f"Customer {number:02}", str(900 - number // 2))
    first = viewer_client.get(URL)
    assert len(first.context["rows"]) == 50
    second = viewer_client.get(URL + first.context["next_url"])
    names = [
        row.customer.name for page in (first, second) for row in page.context["rows"]
    ]
    assert len(set(names)) == 55
    misses = [row.place for page in (first, second) for row in page.context["rows"]]
    assert misses == sorted(misses, reverse=True)
    back = viewer_client.get(URL + second.context["previous_url"])
    assert [row.pk for row in back.context["rows"]] == [
        row.pk for row in first.context["rows"]
    ]


def test_csv_runs_nothing(version: ForecastVersion, viewer_client: Client) -> None:
    evil = checked(version, "=HYPERLINK(1)", "700", left=True)
    response = viewer_client.get(CSV)
    assert response["Content-Disposition"] == 'attachment; filename="values-v1.csv"'
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == (
        "external id,customer,as of,currency,expected,P10,P50,P90,realised,difference,"
        "inside,left"
    )
    assert lines[1] == (
        f"{evil.external_id},'=HYPERLINK(1),2025-06-30,EUR,1000.00,800.00,990.00,1200.00,"
        "700.00,-300.00,no,yes"
    )


def test_csv_of_many(
    version: ForecastVersion, viewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.views.accuracy_values.CHUNK", 2)
    for number in range(3):
        checked(version, f"Customer {number}", "900")
    lines = b"".join(viewer_client.get(CSV).streaming_content)  # type: ignore[attr-defined]
    assert len(lines.splitlines()) == 4


def test_the_number_of_queries_is_fixed(
    version: ForecastVersion, viewer_client: Client
) -> None:
    checked(version, "One", "900")
    one = queries(viewer_client, URL)
    for name in ("Two", "Three"):
        checked(version, name, "800")
    assert queries(viewer_client, URL) == one
