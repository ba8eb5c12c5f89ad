"""Other people's columns, codes and dates."""

import datetime as dt
from pathlib import Path

import pytest

from customers.importing.mapping import UnableToReadMapping
from customers.models import Contact, Customer, SupportTicket, UsageDaily
from tests.customers.importing.folder import counts, load, rejected, write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[compny]\n", "the file knows no key 'compny'. Did you mean company?"),
        (
            '[company]\ncurency = "EUR"\n',
            "[company] knows no key 'curency'. Did you mean currency?",
        ),
        (
            "[tables.custmers]\n",
            "[tables] knows no key 'custmers'. Did you mean customers?",
        ),
        (
            '[tables.usage]\nfiel = "x"\n',
            "[tables.usage] knows no key 'fiel'. Did you mean file?",
        ),
        (
            '[tables.usage.columns]\nevnts = "x"\n',
            "[tables.usage.columns] knows no key 'evnts'. Did you mean events or key_events?",
        ),
        (
            '[tables.usage.columns]\nevents = { colum = "x" }\n',
            "[tables.usage.columns.events] knows no key 'colum'. Did you mean column?",
        ),
        (
            '[tables.usage.columns]\nevents = { default = "x" }\n',
            "tables.usage.columns.events needs exactly one of column, value, template.",
        ),
        (
            '[tables.usage.columns]\nday = { column = "m", month_of = "2022" }\n',
            'tables.usage.columns.day.month_of must be a month such as "2022-01".',
        ),
        (
            "[tables.usage]\naggregate = 1\n",
            "tables.usage.aggregate must be true or false.",
        ),
        ('[company]\ntime_zone = "Mars"\n', "[company] time_zone cannot be 'Mars'."),
        ('[company]\ncurrency = "euro"\n', "[company] currency cannot be 'euro'."),
    ],
)
def test_a_mistake_in_the_mapping_is_named(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UnableToReadMapping) as caught:
        load(write(tmp_path, mapping=text))
    assert str(caught.value) == f"mapping.toml: {message}"
    assert Customer.objects.count() == 0


def test_broken_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnableToReadMapping, match=r"mapping\.toml is not valid TOML"):
        load(write(tmp_path, mapping="[tables"))


def test_columns_constants_templates_codes_and_defaults(tmp_path: Path) -> None:
    mapping = """
[tables.customers]
file = "kunden.csv"
encoding = "cp1252"
decimal = ","
drop_when = { art = ["test"] }
[tables.customers.columns]
customer_id = { template = "K-{land}-{nr}" }
name = "firma"
customer_since = { column = "seit", format = "%d.%m.%Y" }
segment = { column = "art", codes = { g = "Large", k = "Small" }, default = "k" }
industry = { value = "Bakery" }
acquisition_cost = { column = "kosten", scale = 1000 }
country = "land"
"""
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "kunden.csv").write_bytes(
        (
            "nr;land;firma;seit;art;kosten\n"
            "7;DE;Müller;31.12.2023;g;1,5\n8;AT;Huber;01.02.2024;;\n"
            "9;AT;Probe;01.02.2024;test;\n10;AT;Neu;01.02.2024;x;\n"
        ).encode("cp1252")
    )
    report = load(tmp_path)
    assert counts(report, "customers") == (2, 0, 0, 1, 1)
    assert rejected(report) == [
        ("kunden.csv", 5, "art", "'x' is not among the codes g, k of mapping.toml")
    ]
    fields = (
        "external_id",
        "name",
        "customer_since",
        "segment__name",
        "industry",
        "country",
    )
    assert list(Customer.objects.order_by("external_id").values_list(*fields)) == [
        ("K-AT-8", "Huber", dt.date(2024, 2, 1), "Small", "Bakery", "AT"),
        ("K-DE-7", "Müller", dt.date(2023, 12, 31), "Large", "Bakery", "DE"),
    ]
    cost = Customer.objects.get(name="Müller").acquisition_cost
    assert str(cost) == "1500.00"


def test_a_decimal_comma(tmp_path: Path) -> None:
    mapping = '[tables.customers]\ndecimal = ","\n'
    rows = "customer_id;name;customer_since;acquisition_cost\nC-1;Acme;2024-01-01;1.234,50\n"
    load(write(tmp_path, customers=rows, mapping=mapping))
    assert str(Customer.objects.get().acquisition_cost) == "1234.50"


def test_months_minutes_lookups_and_false(tmp_path: Path) -> None:
    mapping = """
[tables.tickets.columns]
customer_id = { column = "contract", lookup = { file = "contracts.csv", key = "id", value = "who" } }
opened_at = { column = "month", month_of = "2023-11", day = "last" }
first_response_at = { column = "month", month_of = "2023-11", day = "last", plus_minutes = "minutes" }
subject = false
"""
    tickets = (
        "ticket_id,contract,month,minutes,subject\n"
        "T-1,A,3,90,x\nT-2,B,0,,y\nT-3,Z,0,,y\nT-4,A,x,,y\n"
    )
    contracts = "id,who\nA,C-1\nB,C-2\n"
    report = load(
        write(tmp_path, tickets=tickets, contracts=contracts, mapping=mapping)
    )
    assert rejected(report) == [
        ("tickets.csv", 4, "contract", "'Z' is not in contracts.csv"),
        (
            "tickets.csv",
            5,
            "month",
            "'x' is not the number of a month counted from 2023-11",
        ),
    ]
    fields = (
        "external_id",
        "customer__external_id",
        "opened_at",
        "first_response_at",
        "subject",
    )
    assert list(SupportTicket.objects.order_by("external_id").values_list(*fields)) == [
        (
            "T-1",
            "C-1",
            dt.datetime(2024, 2, 29, tzinfo=dt.UTC),
            dt.datetime(2024, 2, 29, 1, 30, tzinfo=dt.UTC),
            "",
        ),
        ("T-2", "C-2", dt.datetime(2023, 11, 30, tzinfo=dt.UTC), None, ""),
    ]


def test_one_row_for_many(tmp_path: Path) -> None:
    mapping = """
[tables.tickets]
repeat = { count = "tickets", first = { escalated = "hot" } }
[tables.tickets.columns]
ticket_id = { template = "{customer_id}-{n}" }
opened_at = "day"
"""
    rows = "customer_id,day,tickets,hot\nC-1,2024-03-31,3,1\nC-2,2024-03-31,0,0\nC-9,2024-03-31,2,0\n"
    report = load(write(tmp_path, tickets=rows, mapping=mapping))
    assert counts(report, "tickets") == (3, 0, 0, 1, 0)
    found = SupportTicket.objects.order_by("external_id")
    assert [(t.external_id, t.escalated_at is not None) for t in found] == [
        ("C-1-1", True),
        ("C-1-2", False),
        ("C-1-3", False),
    ]


def test_usage_rows_of_a_day_are_added_up(tmp_path: Path) -> None:
    mapping = "[tables.usage]\naggregate = true\n"
    usage = (
        "usage_id,customer_id,day,feature,events,active_users\n"
        "1,C-1,2024-03-01,export,5,2\n2,C-1,2024-03-01,export,1,4\n"
        "3,C-1,2024-03-01,share,2,1\n4,C-2,2024-03-01,share,,\n4,C-2,2024-03-01,share,9,\n"
    )
    report = load(write(tmp_path, usage=usage, mapping=mapping))
    assert counts(report, "usage") == (2, 0, 0, 1, 0)
    fields = ("customer__external_id", "events", "features", "active_users")
    assert sorted(UsageDaily.objects.values_list(*fields)) == [
        ("C-1", 8, 2, 4),
        ("C-2", 1, 1, 0),
    ]
    assert counts(load(tmp_path), "usage") == (0, 0, 2, 1, 0)


def test_one_file_may_feed_several_tables(tmp_path: Path) -> None:
    mapping = """
[tables.contacts]
file = "customers.csv"
[tables.contacts.columns]
contact_id = { value = "primary" }
is_primary = { value = true }
"""
    load(write(tmp_path, mapping=mapping))
    assert list(
        Contact.objects.order_by("name").values_list(
            "name", "external_id", "is_primary"
        )
    ) == [("Acme", "primary", True), ("Bolt", "primary", True)]
