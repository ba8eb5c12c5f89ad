"""What a bad row or a bad file is told, one message each."""

import json
from pathlib import Path

import pytest

from accounts.models import Company
from customers.models import Customer, ImportRun, SupportTicket, UsageDaily
from customers.services.imports import UnableToImport
from tests.customers.importing.folder import counts, load, rejected, write

pytestmark = pytest.mark.django_db
TICKETS = "ticket_id,customer_id,opened_at"


def test_an_unknown_customer_is_named(tmp_path: Path) -> None:
    report = load(
        write(tmp_path, tickets=f"{TICKETS}\nT-1,C-9,2024-03-01\nT-2,C-1,2024-03-01\n")
    )
    assert rejected(report) == [
        ("tickets.csv", 2, "customer_id", "customer 'C-9' is not known")
    ]
    assert counts(report, "tickets") == (1, 0, 0, 1, 0)
    assert list(SupportTicket.objects.values_list("external_id", flat=True)) == ["T-2"]


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (
            "2024-02-30",
            "'2024-02-30' is not a possible date; expected one like 2024-12-31",
        ),
        ("soon", "'soon' is not a possible date; expected one like 2024-12-31"),
        (
            "0024-03-01",
            "'0024-03-01' is not a possible date: the year 24 is out of reach",
        ),
        ("2026-07-02", "'2026-07-02' is not a possible date: it lies in the future"),
    ],
)
def test_an_impossible_date_is_shown(tmp_path: Path, day: str, reason: str) -> None:
    usage = f"customer_id,day,events\nC-1,{day},5\nC-1,2024-03-01,5\n"
    report = load(write(tmp_path, usage=usage))
    assert rejected(report) == [("usage.csv", 2, "day", reason)]
    assert counts(report, "usage") == (1, 0, 0, 1, 0)


def test_a_ticket_cannot_be_resolved_before_it_was_opened(tmp_path: Path) -> None:
    rows = f"{TICKETS},resolved_at\nT-1,C-1,2024-03-02,2024-03-01\n"
    assert rejected(load(write(tmp_path, tickets=rows))) == [
        (
            "tickets.csv",
            2,
            "resolved_at",
            "impossible date: the ticket was resolved before it was opened",
        )
    ]


def test_a_negative_amount_is_refused(tmp_path: Path) -> None:
    rows = "invoice_id,customer_id,issued_on,total\nI-1,C-1,2024-03-01,-5.00\nI-2,C-1,2024-03-01,5\n"
    report = load(write(tmp_path, invoices=rows))
    assert rejected(report) == [
        ("invoices.csv", 2, "total", "the amount -5.00 is negative")
    ]
    assert counts(report, "invoices") == (1, 0, 0, 1, 0)


def test_a_negative_count_is_refused(tmp_path: Path) -> None:
    rows = "customer_id,day,events\nC-1,2024-03-01,-3\n"
    assert rejected(load(write(tmp_path, usage=rows))) == [
        ("usage.csv", 2, "events", "the count -3 is negative")
    ]


def test_a_duplicate_id_tells_where_the_first_stands(tmp_path: Path) -> None:
    rows = f"{TICKETS}\nT-1,C-1,2024-03-01\nT-2,C-1,2024-03-01\nT-1,C-2,2024-03-05\n"
    report = load(write(tmp_path, tickets=rows))
    assert rejected(report) == [
        ("tickets.csv", 4, "ticket_id", "ticket 'T-1' stands already in line 2")
    ]
    assert SupportTicket.objects.get(external_id="T-1").customer.external_id == "C-1"


def test_the_first_good_row_of_an_id_counts(tmp_path: Path) -> None:
    rows = f"{TICKETS}\nT-1,C-9,2024-03-01\nT-1,C-2,2024-03-05\n"
    report = load(write(tmp_path, tickets=rows))
    assert [line for _, line, _, _ in rejected(report)] == [2]
    assert SupportTicket.objects.get().customer.external_id == "C-2"


def test_usage_of_one_day_twice_is_a_duplicate(tmp_path: Path) -> None:
    rows = "customer_id,day,events\nC-1,2024-03-01,5\nC-1,2024-03-01,6\n"
    report = load(write(tmp_path, usage=rows))
    assert rejected(report) == [
        ("usage.csv", 3, "customer_id", "usage 'C-1' stands already in line 2")
    ]
    assert UsageDaily.objects.get().events == 5


def test_an_empty_needed_cell_is_told(tmp_path: Path) -> None:
    rows = "customer_id,name,customer_since\nC-1,,2024-01-01\n,Bolt,2024-01-01\n"
    assert rejected(load(write(tmp_path, customers=rows))) == [
        ("customers.csv", 2, "name", "name is empty"),
        ("customers.csv", 3, "customer_id", "customer_id is empty"),
    ]


def test_a_wrong_number_of_fields_is_told(tmp_path: Path) -> None:
    rows = "customer_id,name,customer_since\nC-1,Acme\nC-2,Bolt,2024-01-01,more\n\nC-3,Cog,2024-01-01\n"
    report = load(write(tmp_path, customers=rows))
    assert rejected(report) == [
        ("customers.csv", 2, "", "the row has 2 fields, the header has 3"),
        ("customers.csv", 3, "", "the row has 4 fields, the header has 3"),
    ]
    assert counts(report, "customers") == (1, 0, 0, 2, 0)


def test_a_nul_character_and_an_overlong_field_are_told(tmp_path: Path) -> None:
    rows = (
        "customer_id,name,customer_since\nC-1,Ac\0me,2024-01-01\n"
        f"C-2,{'x' * 200_000},2024-01-01\nC-3,{'y' * 201},2024-01-01\nC-4,Dot,2024-01-01\n"
    )
    report = load(write(tmp_path, customers=rows))
    assert [(line, reason) for _, line, _, reason in rejected(report)] == [
        (2, "the text holds a NUL character; is the file damaged or UTF-16?"),
        (3, "a field is longer than 131,072 characters; is a quote left open?"),
        (4, "the text is longer than 200 characters"),
    ]
    assert Customer.objects.get().external_id == "C-4"


def test_an_unknown_choice_lists_the_known_ones(tmp_path: Path) -> None:
    rows = f"{TICKETS},priority\nT-1,C-1,2024-03-01,p1\n"
    assert rejected(load(write(tmp_path, tickets=rows))) == [
        ("tickets.csv", 2, "priority", "'p1' is not one of low, medium, high, urgent")
    ]


def test_an_unknown_contact_and_parent_are_named(tmp_path: Path) -> None:
    customers = (
        "customer_id,name,customer_since,parent_id\nC-1,Acme,2024-01-01,C-2\n"
        "C-2,Bolt,2024-01-01,\nC-3,Cog,2024-01-01,C-9\nC-4,Dot,2024-01-01,C-4\n"
    )
    tickets = f"{TICKETS},contact_id\nT-1,C-1,2024-03-01,K-1\n"
    report = load(write(tmp_path, customers=customers, tickets=tickets))
    assert rejected(report) == [
        ("customers.csv", 4, "parent_id", "customer 'C-9' is not known"),
        ("customers.csv", 5, "parent_id", "a customer cannot be its own parent"),
        (
            "tickets.csv",
            2,
            "contact_id",
            "contact 'K-1' of customer 'C-1' is not known",
        ),
    ]
    parent = Customer.objects.get(external_id="C-1").parent
    assert parent is not None
    assert parent.external_id == "C-2"


def test_the_source_row_stands_beside_the_reason(tmp_path: Path) -> None:
    rows = (
        f'{TICKETS},subject\nT-1,C-9,2024-03-01,"two\nlines, ö"\nT-2,C-9,2024-03-01,b\n'
    )
    report = load(write(tmp_path, tickets=rows))
    assert report.rejected_file is not None
    text = report.rejected_file.read_text(encoding="utf-8")
    row = {
        "ticket_id": "T-1",
        "customer_id": "C-9",
        "opened_at": "2024-03-01",
        "subject": "two\nlines, ö",
    }
    assert json.dumps(row, ensure_ascii=False).replace('"', '""') in text
    assert [line for _, line, _, _ in rejected(report)] == [2, 4]


def test_nothing_in_rejected_csv_is_a_formula(tmp_path: Path) -> None:
    mapping = '[tables.tickets]\nfile = "=cmd.csv"\n'
    write(tmp_path, mapping=mapping)
    (tmp_path / "=cmd.csv").write_text(f"{TICKETS}\n=1+1,C-9,2024-03-01\n")
    [(file, *_rest)] = rejected(load(tmp_path))
    assert file == "'=cmd.csv"


def refused(folder: Path) -> str:
    with pytest.raises(UnableToImport) as caught:
        load(folder)
    assert (Customer.objects.count(), ImportRun.objects.count()) == (0, 0)
    return str(caught.value)


def test_a_missing_customers_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"customers.csv is missing in {tmp_path}."


def test_a_missing_column_is_named_with_what_there_is(tmp_path: Path) -> None:
    message = refused(write(tmp_path, customers="customer_id,nam,customer_since\n"))
    assert message == (
        "customers.csv has no column 'name' that every row needs; it has customer_id, "
        "nam, customer_since. Did you mean nam?"
    )


def test_a_missing_mapped_column_is_named(tmp_path: Path) -> None:
    mapping = '[tables.customers.columns]\nname = "titel"\n'
    message = refused(write(tmp_path, mapping=mapping))
    assert message == (
        "customers.csv has no column 'titel' that mapping.toml names; it has "
        "customer_id, name, customer_since."
    )


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("cp1252", "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_another_encoding_is_named_with_its_mend(
    tmp_path: Path, written: str, guess: str
) -> None:
    text = "customer_id,name,customer_since\nC-1,Müller & Söhne,2024-01-01\n"
    (tmp_path / "customers.csv").write_bytes(text.encode(written))
    message = refused(tmp_path)
    line = 2 if written == "cp1252" else 1
    assert message == (
        f"customers.csv is not UTF-8 (line {line}); it looks like {guess}. Save it as "
        f'UTF-8, or write encoding = "{guess}" for its table in mapping.toml.'
    )
    (tmp_path / "mapping.toml").write_text(
        f'[tables.customers]\nencoding = "{guess}"\n'
    )
    load(tmp_path)
    assert Customer.objects.get().name == "Müller & Söhne"


def test_every_trouble_is_told_at_once(tmp_path: Path) -> None:
    message = refused(
        write(tmp_path, customers="customer_id\n", usage="", tickets="id\n")
    )
    assert [line.split(" ")[0] for line in message.splitlines()] == [
        "customers.csv",
        "usage.csv",
        "tickets.csv",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_byte_order_mark_and_other_separators_are_fine(
    tmp_path: Path, separator: str
) -> None:
    text = "customer_id,name,customer_since\r\nC-1,Acme,2024-01-01\r\n"
    (tmp_path / "customers.csv").write_text(
        text.replace(",", separator), encoding="utf-8-sig", newline=""
    )
    assert counts(load(tmp_path), "customers") == (1, 0, 0, 0, 0)


def test_an_owner_nobody_knows_is_a_warning(tmp_path: Path, ana: object) -> None:
    rows = (
        "customer_id,name,customer_since,owner_email\nC-1,Acme,2024-01-01,ANA@example.org\n"
        "C-2,Bolt,2024-01-01,gone@example.org\n"
    )
    report = load(write(tmp_path, customers=rows))
    owners = Customer.objects.order_by("external_id").values_list(
        "owner__email", flat=True
    )
    assert list(owners) == ["ana@example.org", None]
    assert report.warnings == {
        "Nobody here signs in as gone@example.org: customers without owner": 1
    }


def test_columns_nobody_reads_are_named_once(tmp_path: Path) -> None:
    rows = "customer_id,name,customer_since,shoe size,odd\nC-1,Acme,2024-01-01,44,x\n"
    assert load(write(tmp_path, customers=rows)).notes == [
        "customers.csv: columns that are not read: shoe size, odd."
    ]


def test_company_settings_are_taken_over_only_before_the_first_customer(
    tmp_path: Path,
) -> None:
    wish = '[company]\ncurrency = "{}"\ntime_zone = "Europe/Bucharest"\ngross_margin = 0.75\n'
    load(write(tmp_path, mapping=wish.format("USD")))
    company = Company.objects.get()
    assert (company.currency, company.time_zone) == ("USD", "Europe/Bucharest")
    assert str(company.gross_margin) == "0.7500"
    assert load(tmp_path).notes == []
    report = load(write(tmp_path, mapping=wish.format("CHF")))
    assert report.notes == [
        (
            "mapping.toml wishes currency = CHF, but the company has customers already and "
            "keeps USD. Change it in the company's settings if you mean it."
        )
    ]
    assert Company.objects.get().currency == "USD"
