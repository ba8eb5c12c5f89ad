"""campaigns.csv, spend.csv, and the campaign that brought a customer."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import ExchangeRate
from customers.models import AcquisitionSpend, Campaign, Customer
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
CAMPAIGNS = (
    "campaign_id,name,source,starts_on,ends_on,note\n"
    "F24,Fair 2024,Trade fairs,2024-03-01,2024-03-05,hall 4\nA1,Adverts,,,,\n"
)
SPEND = (
    "spend_id,spent_on,amount,currency,source,campaign,note\n"
    "P1,2024-03-01,1200.50,,Trade fairs,F24,stand\nP2,2024-04-01,80,USD,Paid ads,,\n"
    "P3,2024-05-01,70,,,A1,\n"
)
CUSTOMERS = (
    "customer_id,name,customer_since,campaign\nC-1,Acme,2024-04-01,F24\n"
    "C-2,Bolt,2024-04-01,Mailing\nC-3,Core,2024-04-01,\n"
)


@pytest.fixture(autouse=True)
def dollars(db: None) -> None:
    ExchangeRate.objects.create(
        currency="USD", valid_on=dt.date(2024, 1, 1), rate=Decimal("0.9")
    )


def folder(path: Path, **tables: str) -> Path:
    return write(
        path,
        **{"customers": CUSTOMERS, "campaigns": CAMPAIGNS, "spend": SPEND, **tables},
    )


def spends() -> list[tuple[object, ...]]:
    rows = AcquisitionSpend.objects.order_by("external_id")
    return list(
        rows.values_list(
            "external_id",
            "spent_on",
            "amount",
            "currency",
            "source",
            "campaign__external_id",
        )
    )


def test_campaigns_customers_and_spend_belong_together(tmp_path: Path) -> None:
    """A customer's campaign that campaigns.csv does not name is made from its name."""
    report = load(folder(tmp_path))
    assert rejected(report) == []
    assert list(
        Campaign.objects.order_by("id").values_list("external_id", "name", "source")
    ) == [
        ("A1", "Adverts", ""),
        ("F24", "Fair 2024", "Trade fairs"),
        ("Mailing", "Mailing", ""),
    ]
    brought = Customer.objects.order_by("external_id")
    assert list(brought.values_list("campaign__name", flat=True)) == [
        "Fair 2024",
        "Mailing",
        None,
    ]
    assert spends() == [
        (
            "P1",
            dt.date(2024, 3, 1),
            Decimal("1200.50"),
            "EUR",
            "Trade fairs",
            "F24",
        ),
        ("P2", dt.date(2024, 4, 1), Decimal("80.00"), "USD", "Paid ads", None),
        ("P3", dt.date(2024, 5, 1), Decimal("70.00"), "EUR", "", "A1"),
    ]
    first = AcquisitionSpend.objects.get(external_id="P1")
    assert first.recorded_at == dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    assert first.recorded_assumed
    assert first.created_by is None


def test_the_same_files_again_change_nothing(tmp_path: Path) -> None:
    load(folder(tmp_path))
    before = spends()
    report = load(tmp_path, now=LATER)
    for table, rows in (("campaigns", 2), ("customers", 3), ("spend", 3)):
        assert counts(report, table) == (0, 0, rows, 0, 0)
    assert spends() == before


def test_a_corrected_row_takes_the_place_of_the_old(tmp_path: Path) -> None:
    load(folder(tmp_path))
    load(
        folder(
            tmp_path,
            campaigns=CAMPAIGNS.replace("Fair 2024", "Hanover 2024"),
            spend=SPEND.replace("1200.50", "1300"),
            customers=CUSTOMERS.replace("Acme,2024-04-01,F24", "Acme,2024-04-01,A1"),
        ),
        now=LATER,
    )
    assert Campaign.objects.get(external_id="F24").name == "Hanover 2024"
    assert spends()[0][2] == Decimal("1300.00")
    assert Customer.objects.get(external_id="C-1").campaign == Campaign.objects.get(
        external_id="A1"
    )


def test_a_file_without_the_column_leaves_the_campaign(tmp_path: Path) -> None:
    load(folder(tmp_path))
    load(
        folder(
            tmp_path, customers="customer_id,name,customer_since\nC-1,A,2024-04-01\n"
        ),
        now=LATER,
    )
    told = Customer.objects.get(external_id="C-1")
    assert (told.name, told.campaign) == ("A", Campaign.objects.get(external_id="F24"))


def test_bad_rows_are_rejected_and_told_why(tmp_path: Path) -> None:
    report = load(
        folder(
            tmp_path,
            campaigns="campaign_id,name,starts_on,ends_on\nF24,Fair,2024-03-05,2024-03-01\n"
            "A1,Adverts,,\n",
            customers="customer_id,name,customer_since\nC-1,Acme,2024-04-01\n",
            spend=SPEND
            + "P4,2023-12-31,5,USD,Paid ads,,\nP5,2024-03-01,5,,,,\nP6,2024-03-01,-5,,x,,\n"
            "P3,2024-03-01,5,,x,,\n",
        )
    )
    assert rejected(report) == [
        (
            "campaigns.csv",
            2,
            "ends_on",
            "impossible date: the campaign ends before it begins",
        ),
        ("spend.csv", 2, "campaign", "campaign 'F24' is not known"),
        (
            "spend.csv",
            5,
            "currency",
            (
                "there is no exchange rate for USD on or before 2023-12-31; add one in "
                "the company's settings and import again"
            ),
        ),
        (
            "spend.csv",
            6,
            "source",
            "neither a source nor a campaign: nobody knows what it was spent on",
        ),
        ("spend.csv", 7, "amount", "the amount -5 is negative"),
        ("spend.csv", 8, "spend_id", "spend 'P3' stands already in line 4"),
    ]
    assert [row[0] for row in spends()] == ["P2", "P3"]


def test_an_end_is_held_against_the_beginning_we_know(tmp_path: Path) -> None:
    load(folder(tmp_path))
    moved = "campaign_id,name,ends_on\nF24,Fair,2024-02-01\n"
    report = load(folder(tmp_path, campaigns=moved), now=LATER)
    assert counts(report, "campaigns") == (0, 0, 0, 1, 0)
    moved = "campaign_id,name,starts_on\nF24,Fair,2024-03-06\n"
    report = load(folder(tmp_path, campaigns=moved), now=LATER + dt.timedelta(days=1))
    assert counts(report, "campaigns") == (0, 0, 0, 1, 0)
