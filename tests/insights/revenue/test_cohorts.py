"""What is left of customers, by the month in which they first paid."""

from decimal import Decimal

from django.test import Client

from billing.selectors.revenue_rows import CohortRow
from insights.cohort_lines import cohorts_of
from insights.cohort_words import cohorts_sentence
from tests.insights.revenue.conftest import Sold, day
from tests.pages import main_of, queries, words

URL = "/cohorts/"


def test_small_cohorts_stand_as_figures(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get(URL)
    lines = {line.cohort: line for line in response.context["table"].lines}
    assert len(lines) == 5
    bright = lines[day(3, 1, 2025)]
    assert bright.customers == 1
    left = {
        age: cell.left if cell else None
        for age, cell in zip(response.context["table"].ages, bright.cells, strict=True)
    }
    # Won in March 2025, left in June 2026: there at 12 months, and 18 are to come.
    assert (left[1], left[12]) == (1, 1)
    assert {cell.share for cell in bright.cells if cell} == {None}
    assert "Of fewer than 10 customers" in words(main_of(response))


def test_revenue_and_the_own_customers_only(ana_client: Client, sold: Sold) -> None:
    table = ana_client.get(f"{URL}?by=revenue").context["table"]
    assert [line.cohort for line in table.lines] == [
        day(1, 1, 2025), day(2, 1, 2025), day(3, 1, 2025), day(6, 1, 2025),
    ]  # fmt: skip
    assert table.lines[2].revenue == Decimal(360)


def test_older_cohorts_are_a_page_further(mara_client: Client, sold: Sold) -> None:
    response = mara_client.get(f"{URL}?month=2025-03")
    assert [line.cohort for line in response.context["table"].lines] == [
        day(1, 1, 2025), day(2, 1, 2025), day(3, 1, 2025),
    ]  # fmt: skip
    assert response.context["previous_url"] == ""
    assert response.context["next_url"] == "?month=2026-06&by=customers"
    empty = mara_client.get(f"{URL}?month=2026-06").context
    assert (empty["previous_url"], empty["next_url"]) == ("", "")


def test_the_file(mara_client: Client, sold: Sold) -> None:
    lines = mara_client.get(f"{URL}file/").content.decode().splitlines()
    assert len(lines) == 6
    assert lines[3].startswith("2025-03,1,1,1,")


def test_a_file_without_a_ledger(mara_client: Client, company: object) -> None:
    assert len(mara_client.get(f"{URL}file/").content.decode().splitlines()) == 1


def test_the_page_asks_as_often_each_time(mara_client: Client, sold: Sold) -> None:
    assert queries(mara_client, URL) == queries(mara_client, f"{URL}?by=revenue")


def row(month: int, age: int, customers: int, revenue: int = 0) -> CohortRow:
    return CohortRow(day(month, 1), age, customers, Decimal(revenue))


def test_shares_shades_and_the_mean() -> None:
    rows = [
        row(1, 0, 20), row(1, 1, 15), row(1, 2, 0),
        row(2, 0, 60), row(2, 1, 57),
        row(3, 0, 4),
    ]  # fmt: skip
    table = cohorts_of(rows, "customers")
    assert table.ages == [1, 2]
    january, february, march = table.lines
    assert [cell and (cell.share, cell.shade) for cell in january.cells] == [
        (0.75, 4), (0.0, 0),
    ]  # fmt: skip
    assert february.cells[0] is not None
    assert february.cells[0].shade == 6
    assert (march.customers, march.cells) == (4, [None, None])
    # 72 of the 80 that are a month old; the mean of two months knows January only.
    assert table.mean == [0.9, 0.0]
    assert cohorts_sentence(table, "customers") == "0% of the customers are still there, 2 months on."  # fmt: skip


def test_what_is_left_after_a_year() -> None:
    rows = [row(1, 0, 20, 100), row(1, 12, 15, 130)]
    told = [cohorts_sentence(cohorts_of(rows, kept), kept) for kept in ("customers", "revenue")]  # fmt: skip
    assert told == [
        "After a year, 75% of the customers are still there.",
        "After a year, 130% of the revenue is left.",
    ]
    assert cohorts_sentence(cohorts_of(rows[:1], "revenue"), "revenue").startswith("No cohort")  # fmt: skip
    young = cohorts_of([row(1, 0, 20, 100), row(1, 1, 15, 50)], "revenue")
    assert cohorts_sentence(young, "revenue") == "50% of the revenue is left, 1 month on."  # fmt: skip


def test_a_cohort_without_its_beginning_is_left_out() -> None:
    """Who came and went within the month may come back later."""
    assert cohorts_of([row(1, 2, 3)], "customers").lines == []
