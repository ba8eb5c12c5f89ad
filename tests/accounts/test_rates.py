"""Exchange rates, typed and from files."""

import datetime as dt
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.importing.rates import rates_read
from accounts.models import Company, ExchangeRate, User
from accounts.selectors.rates import currencies_with_rates, rates_page
from accounts.services.rates import (
    UnableToStoreRate,
    rate_add,
    rate_delete,
    rates_store,
)
from common.csvfile import UnableToReadCsv
from tests.accounts.entries import entries, entry, last_number
from tests.world import NOW, TODAY

JAN = dt.date(2026, 1, 31)
FEB = dt.date(2026, 2, 28)
HEADER = "currency,valid_on,rate\n"


def add(
    admin: User, currency: str = "USD", day: dt.date = JAN, rate: str = "0.9134"
) -> ExchangeRate:
    return rate_add(
        currency=currency, valid_on=day, rate=Decimal(rate), by=Actor(admin), now=NOW
    )


def stored() -> list[tuple[str, str, str]]:
    rows = ExchangeRate.objects.order_by("currency", "valid_on")
    return [
        (row.currency, row.valid_on.isoformat(), f"{row.rate:f}".rstrip("0"))
        for row in rows
    ]


class TestOne:
    def test_is_stored_and_written_down(self, company: Company, admin: User) -> None:
        add(admin)
        assert stored() == [("USD", "2026-01-31", "0.9134")]
        found = entry()
        assert found.action == "accounts.rate_added"
        assert (found.before, found.after) == (
            {},
            {"currency": "USD", "valid_on": "2026-01-31", "rate": "0.9134"},
        )

    def test_twice_is_once(self, company: Company, admin: User) -> None:
        add(admin)
        add(admin)
        assert len(stored()) == len(entries()) == 1

    def test_another_one_of_the_same_day_is_refused(
        self, company: Company, admin: User
    ) -> None:
        add(admin)
        with pytest.raises(UnableToStoreRate, match="Delete it first"):
            add(admin, rate="0.5")
        assert stored() == [("USD", "2026-01-31", "0.9134")]

    def test_may_begin_in_the_future(self, company: Company, admin: User) -> None:
        add(admin, day=TODAY + dt.timedelta(days=400))
        assert len(stored()) == 1

    @pytest.mark.parametrize(
        ("currency", "rate"),
        [
            ("USD", "0"),
            ("USD", "-1"),
            ("USD", "10000000000"),
            ("EUR", "1"),
            ("ABC", "1"),
            ("usd", "1"),
        ],
    )
    def test_must_make_sense(
        self, company: Company, admin: User, currency: str, rate: str
    ) -> None:
        with pytest.raises(UnableToStoreRate):
            add(admin, currency=currency, rate=rate)
        assert (stored(), entries()) == ([], [])

    def test_is_deleted_once(self, company: Company, admin: User) -> None:
        rate = add(admin)
        before = last_number()
        for _ in range(2):
            rate_delete(rate=rate, by=Actor(admin), now=NOW)
        assert stored() == []
        assert entry(after=before).before["rate"] == "0.9134"


class TestReading:
    @pytest.mark.parametrize(
        "text",
        [
            "currency,valid_on,rate\nUSD,2026-01-31,0.9134\n",
            "Currency;Valid_on;Rate\r\nusd;2026-01-31;0,9134\r\n",
            "rate\tnote\tvalid_on\tcurrency\n0.9134\tECB\t2026-01-31\tUSD\n",
            'currency,valid_on,rate\nUSD,2026-01-31,"0,9134"\n',
            "\ufeffcurrency,valid_on,rate\n\nUSD,2026-01-31,0.91340000\n\n",
        ],
    )
    def test_reads_what_programs_write(self, text: str) -> None:
        read = rates_read(text.encode(), ours="EUR")
        assert read.rates == {("USD", JAN): Decimal("0.9134")}
        assert read.troubles == []

    @pytest.mark.parametrize(
        ("text", "rate"),
        [
            ("currency;valid_on;rate\nIDR;2026-01-31;4,976\n", "4.976"),
            ("currency,valid_on,rate\nIDR,2026-01-31,4.976\n", "4.976"),
            ('currency,valid_on,rate\nIDR,2026-01-31,"4,976.5"\n', "4976.5"),
            ("currency;valid_on;rate\nIDR;2026-01-31;4.976,5\n", "4976.5"),
        ],
    )
    def test_finds_the_decimal_sign_of_the_file(self, text: str, rate: str) -> None:
        read = rates_read(text.encode(), ours="EUR")
        assert list(read.rates.values()) == [Decimal(rate)]

    @pytest.mark.parametrize(
        "text",
        [
            'currency,valid_on,rate\nIDR,2026-01-31,"27,123"\n',
            "currency;valid_on;rate\nUSD;2026-01-30;0,9\nIDR;2026-01-31;27.123\n",
        ],
    )
    def test_does_not_guess(self, text: str) -> None:
        (trouble,) = rates_read(text.encode(), ours="EUR").troubles
        assert "is not a rate" in trouble.text

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("USD,2026-01-31,0", "greater than zero"),
            ("USD,2026-01-31,-0.9", "greater than zero"),
            ("USD,2026-01-31,0.000000001", "too small"),
            ("USD,2026-01-31,12345678901", "too large"),
            ("USD,2026-01-31,much", "“much” is not a rate"),
            ("USD,2026-01-31,NaN", "is not a rate"),
            ("USD,31.01.2026,0.9", "is not a day such as 2026-01-31"),
            ("USD,2026-02-30,0.9", "is not a day"),
            ("USD,0001-01-01,0.9", "out of reach"),
            ("EURO,2026-01-31,0.9", "“EURO” is not a currency code"),
            ("EUR,2026-01-31,0.9", "own currency"),
            ("USD,,0.9", "must all be there"),
            ("USD", "must all be there"),
        ],
    )
    def test_names_the_line_that_is_wrong(self, line: str, words: str) -> None:
        text = f"{HEADER}RON,2026-01-31,0.2\n{line}\nRON,2026-02-28,0.21\n"
        read = rates_read(text.encode(), ours="EUR")
        assert len(read.rates) == 2
        assert [trouble.line for trouble in read.troubles] == [3]
        assert words in read.troubles[0].text

    def test_our_own_currency_may_say_one(self) -> None:
        read = rates_read(f"{HEADER}EUR,2026-01-31,1.0\n".encode(), ours="EUR")
        assert (read.rates, read.troubles) == ({}, [])

    def test_a_line_may_be_repeated_but_not_contradicted(self) -> None:
        lines = ["0.9", "0.90", "0.8"]
        text = HEADER + "".join(f"USD,2026-01-31,{rate}\n" for rate in lines)
        read = rates_read(text.encode(), ours="EUR")
        assert read.rates == {("USD", JAN): Decimal("0.9")}
        assert [(t.line, t.text) for t in read.troubles] == [
            (4, "It says something else than line 2.")
        ]

    def test_has_a_limit(self) -> None:
        text = HEADER + "USD,2026-01-31,1\n" * 50_001
        with pytest.raises(UnableToReadCsv, match="50000 lines"):
            rates_read(text.encode(), ours="EUR")


class TestStoring:
    def test_adds_changes_and_leaves_alone(self, company: Company, admin: User) -> None:
        add(admin, rate="0.9")
        add(admin, "RON", rate="0.2")
        before = last_number()
        compared = rates_store(
            rates={
                ("USD", JAN): Decimal("0.91"),
                ("USD", FEB): Decimal("0.92"),
                ("RON", JAN): Decimal("0.2"),
            },
            by=Actor(admin),
            now=NOW,
        )
        assert (len(compared.added), len(compared.changed), compared.same) == (1, 1, 1)
        assert stored() == [
            ("RON", "2026-01-31", "0.2"),
            ("USD", "2026-01-31", "0.91"),
            ("USD", "2026-02-28", "0.92"),
        ]
        found = entry(after=before)
        assert found.before == {"rates": {"USD 2026-01-31": "0.90000000"}}
        assert found.after == {
            "rates": {"USD 2026-01-31": "0.91", "USD 2026-02-28": "0.92"},
            "added": 1,
            "changed": 1,
        }

    def test_ten_thousand_lines_twice(
        self,
        company: Company,
        admin: User,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        day = dt.date(2000, 1, 1)
        lines = [
            f"{code},{day + dt.timedelta(days=n)},{n + 1}.25\n"
            for n in range(2500)
            for code in ("USD", "RON", "GBP", "CHF")
        ]
        data = (HEADER + "".join(lines)).encode()
        for turn in range(2):
            before = last_number()
            rates = rates_read(data, ours="EUR").rates
            with django_assert_max_num_queries(25):
                compared = rates_store(rates=rates, by=Actor(admin), now=NOW)
            assert ExchangeRate.objects.count() == 10_000
            assert compared.same == turn * 10_000
            assert len(entries(after=before)) == 1 - turn

    def test_stores_nothing_when_one_is_wrong(
        self, company: Company, admin: User
    ) -> None:
        rates = {("USD", JAN): Decimal("0.9"), ("EUR", JAN): Decimal("0.9")}
        with pytest.raises(UnableToStoreRate):
            rates_store(rates=rates, by=Actor(admin), now=NOW)
        assert stored() == []


def test_the_list_tells_what_counts_today(
    company: Company, admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    later = TODAY + dt.timedelta(days=5)
    for code, day, rate in (
        ("USD", JAN, "0.9"),
        ("USD", FEB, "0.8"),
        ("USD", later, "0.7"),
        ("RON", later, "0.2"),
    ):
        add(admin, code, day, rate)
    with django_assert_num_queries(2):
        found = currencies_with_rates(today=TODAY)
    assert [(line.currency, line.rates, line.rate) for line in found] == [
        ("RON", 1, None),
        ("USD", 3, Decimal("0.8")),
    ]
    assert found[0].first_on == later


def test_pages_go_back_in_time_without_gaps(company: Company, admin: User) -> None:
    days = [JAN + dt.timedelta(days=n) for n in range(7)]
    for day in days:
        add(admin, day=day)
        add(admin, "RON", day)
    seen, before = [], None
    while True:
        rates, before = rates_page(currency="USD", before=before, size=3)
        seen.append([rate.valid_on for rate in rates])
        if before is None:
            break
    assert [len(page) for page in seen] == [3, 3, 1]
    assert [day for page in seen for day in page] == days[::-1]
