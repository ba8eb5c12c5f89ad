"""Sums of movements: lines, cells, parts and what becomes of them, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from billing.calculations.ledger import Closings
from billing.calculations.revenue.beside import differences, preset_cells
from billing.calculations.revenue.cells import Cells
from billing.calculations.revenue.daily import closing_cells, day_cells
from billing.calculations.revenue.facts import Departures, History, Profile
from billing.calculations.revenue.lines import Lines
from billing.calculations.revenue.monthly import COLUMNS, RENEWED, Known, month_cells
from billing.calculations.revenue.months import first_day, last_day, month_of
from billing.calculations.revenue.part import SHAPES, Part, Words
from billing.calculations.revenue.renewals import Renewals
from billing.calculations.revenue.whole import (
    Table,
    cohort_rows,
    day_tables,
    month_tables,
    preset_tables,
)
from tests.billing.calculations.revenue.made import (
    CURRENCIES,
    JAN,
    RATES,
    column,
    lines,
)

# Of three customers: in euros, in dollars without a rate at first, and back after leaving.
MOVES = (
    (1, "EUR", 0, 1, 1000, 1000),
    (1, "EUR", 40, 3, 500, 1500),
    (1, "EUR", 70, 4, -300, 1200),
    (2, "USD", 10, 1, 2000, 2000),
    (2, "EUR", 45, 3, 100, 100),
    (2, "EUR", 80, 5, -100, 0),
    (2, "USD", 80, 5, -2000, 0),
    (3, "EUR", 5, 1, 700, 700),
    (3, "EUR", 36, 5, -700, 0),
    (3, "EUR", 95, 2, 800, 800),
)
MOVED = lines(*MOVES)
UNTIL = JAN + 400
MONTH = int(month_of(np.array([JAN]))[0])


def closings(found: Lines, days: list[int]) -> Closings:
    """The state at the ends of days, by a plain loop."""
    amounts, customers, everybody = [], [], []
    for day in days:
        paid = {}
        for who, currency, when, _, _, after in MOVES:
            if when <= day:
                paid[who, currency] = after
        amounts.append(
            [sum(v for (_, c), v in paid.items() if c == one) for one in CURRENCIES]
        )
        customers.append(
            [sum(v > 0 for (_, c), v in paid.items() if c == one) for one in CURRENCIES]
        )
        everybody.append(len({who for (who, _), v in paid.items() if v}))
    return Closings(
        np.array(days) + JAN,
        np.array(amounts),
        np.array(customers),
        np.array(everybody),
    )


def known(**more: object) -> Known:
    customers = np.array([1, 2, 3])
    words = {
        "segment": ("", "big"), "stage": ("",), "plan": ("7", "8"), "source": ("ads",),
        "persona": ("",), "owner": ("", "5"),
    }  # fmt: skip
    codes = {name: np.zeros(3, np.int64) for name in words}
    codes |= {"plan": np.array([0, 1, 1]), "segment": np.array([0, 1, 0])}
    empty = np.zeros(0, np.int64)
    fields = {
        "profile": Profile(customers, codes, words),
        "history": History(
            np.array([1, 1]), np.array([JAN + 33, JAN + 75]),
            {"segment": np.array([0, 1]), "stage": np.array([0, 0])},
        ),
        "departures": Departures(
            np.array([2, 3]), np.array([JAN + 78, JAN + 90]), np.array([True, True]),
            np.array([0, 0]), ("price",),
        ),
        "renewals": Renewals(empty, empty, empty, empty, empty),
    }  # fmt: skip
    return Known(**(fields | more))  # type: ignore[arg-type]


def part_of(found: Lines, facts: Known) -> Part:
    words = Words()
    days = sorted({int(day) - JAN for day in found.moves.day})
    told = {
        "days": day_cells(found, words),
        "closings": closing_cells(closings(found, days), CURRENCIES, words),
    }
    told["months"], told["cohorts"] = month_cells(
        found, facts, RATES, until=UNTIL, words=words
    )
    told["presets"], told["preset_closings"] = preset_cells(0, found, words)
    return replace(
        Part.none(), words=words.told(), lacking=found.without_rate(), **told
    )


WHOLE = part_of(MOVED, known())
TABLES = {table.key: table for table in day_tables(WHOLE, RATES, until=UNTIL)}


def month(dimension: str, value: str, number: int) -> dict[str, int]:
    """The sums of a month, January being 0, without those that are 0."""
    everybody = TABLES[""] if dimension == "" else None
    for name, table in month_tables(WHOLE, everybody):
        if (name, table.key) == (dimension, value) and MONTH + number in table.at:
            place = table.at.tolist().index(MONTH + number)
            row = {one: int(values[place]) for one, values in table.columns.items()}
            return {one: amount for one, amount in row.items() if amount}
    return {}


def test_days_add_up_and_rates_only_move_the_converted() -> None:
    for key, table in TABLES.items():
        flows = sum(
            table.columns[one]
            for one in ("new", "reactivation", "expansion", "contraction", "churn")
        )
        left = table.columns["closing"] - table.columns["opening"] - flows
        assert (left == table.columns["revaluation"]).all()
        assert left.any() == (key == "")
    every = TABLES[""]
    # The dollars enter with their first rate, on 1 February, and nobody has moved.
    assert every.columns["revaluation"][31] == 1000
    assert every.columns["closing"][[0, 10, 30, 31, 80, 400]].tolist() == [
        1000,
        1700,
        1700,
        2700,
        1200,
        2000,
    ]
    assert every.columns["customers"][[0, 10, 36, 80, 95]].tolist() == [1, 3, 2, 1, 2]
    # Who leaves two currencies on a day is one customer lost.
    assert every.columns["customers_lost"][80] == 1
    assert TABLES["USD"].columns["customers_lost"][70] == 1
    assert WHOLE.lacking == ("USD",)


def test_a_month_of_everybody() -> None:
    assert month("", "", 0) == {
        "new": 1700, "closing": 1700, "customers_new": 3, "customers_closing": 2,
    }  # fmt: skip
    assert month("", "", 1) == {
        "opening": 1700, "expansion": 600, "churn": -700, "revaluation": 1000,
        "closing": 2600, "customers_opening": 2, "customers_lost": 1,
        "customers_closing": 2,
    }  # fmt: skip
    # Churned on day 80; told on day 78 and involuntary. On day 36 nobody told in time.
    assert month("", "", 2)["churn_involuntary"] == -1100
    assert month("", "", 2)["customers_lost_involuntary"] == 1
    assert month("", "", 3)["customers_back"] == 1


def test_a_year_later() -> None:
    row = month("", "", 12)
    assert (row["year_ago"], row["kept_with_expansion"], row["kept_without"]) == (
        1700,
        1200,
        1000,
    )


def test_segments_count_as_known_at_the_months_end() -> None:
    # Until 6 March it is in none; its first line speaks for the time before too.
    assert month("segment", "", 0)["customers_closing"] == 2
    assert month("segment", "big", 0).get("customers_closing") is None
    assert month("segment", "big", 2)["opening"] == 1500 + 1100
    assert month("segment", "", 2) == {}


def test_reasons_tell_only_what_was_lost() -> None:
    assert month("reason", "price", 2) == {
        "churn": -1100, "churn_involuntary": -1100, "customers_lost": 1,
        "customers_lost_involuntary": 1,
    }  # fmt: skip
    assert month("reason", "", 1) == {"churn": -700, "customers_lost": 1}


def test_tenure_is_counted_from_the_first_payment() -> None:
    assert month("tenure", "0", 2)["customers_opening"] == 2
    assert month("tenure", "3", 3)["customers_back"] == 1
    assert month("tenure", "12", 12)["year_ago"] == 1700


def test_plans_and_renewals() -> None:
    due = Renewals(
        customer=np.array([1, 3, 9]), currency=np.zeros(3, np.int64),
        day=np.array([JAN + 90] * 3), due=np.array([1200, 700, 50]),
        kept=np.array([1200, 0, 50]),
    )  # fmt: skip
    part = part_of(MOVED, known(renewals=due))
    found = {}
    for name, table in month_tables(part, None):
        if name == "plan":
            april = table.at.tolist().index(MONTH + 3)
            found[table.key] = [int(table.columns[one][april]) for one in RENEWED]
    assert found == {"7": [1, 1, 1200, 1200], "8": [1, 0, 700, 0]}


def test_cohorts_tell_every_month_since() -> None:
    rows = list(cohort_rows(WHOLE, until=UNTIL))
    assert {cohort for cohort, *_ in rows} == {MONTH}
    assert [age for _, age, *_ in rows] == list(range(14))
    assert rows[0][2:] == (2, 1700)
    assert rows[3][2:] == (2, 2000)


def test_what_a_preset_says() -> None:
    (table,) = preset_tables(WHOLE, ("mine", "nobodys"), RATES, until=UNTIL)
    assert table.key == "mine"
    assert table.columns["closing"][:4].tolist() == [1700, 2600, 1200, 2000]
    assert table.columns["revaluation"][:3].tolist() == [0, 1000, 0]
    assert table.columns["customers_lost"][:3].tolist() == [0, 1, 1]


def test_where_a_preset_differs() -> None:
    other = [list(move) for move in MOVES]
    other[2][2] = 55  # the contraction a month sooner
    found = differences(lines(*map(tuple, other)), MOVED)  # type: ignore[arg-type]
    assert found.customer.tolist() == [1, 1]
    assert (found.month - MONTH).tolist() == [1, 2]
    assert found.flows[:, 3].tolist() == [-300, 300]
    assert found.closing.tolist() == [-300, 0]
    assert len(differences(MOVED, MOVED).customer) == 0


def test_parts_add_up_and_are_kept() -> None:
    halves = [
        part_of(MOVED.take(MOVED.moves.customer == who), known()) for who in (1, 2, 3)
    ]
    again = [Part.from_bytes(half.as_bytes()) for half in halves]
    months = Part.joined(again)
    assert set(months.words) == set(WHOLE.words)
    order = np.array([months.words.index(word) for word in WHOLE.words])
    for name in ("days", "months", "cohorts", "presets", "preset_closings"):
        mine, theirs = getattr(WHOLE, name), getattr(months, name)
        place = SHAPES[name][0]
        if place is not None:
            mine = mine.with_words(place, order).together()
        assert (mine.keys == theirs.keys).all()
        assert (mine.sums == theirs.sums).all()
    assert len(Part.joined([]).days) == 0


def test_nobody_comes_to_nothing() -> None:
    nobody = lines()
    months, cohorts = month_cells(nobody, known(), RATES, until=UNTIL, words=Words())
    assert (len(months), len(cohorts)) == (0, 0)
    assert list(day_tables(Part.none(), RATES, until=UNTIL)) == []
    assert list(month_tables(Part.none(), None)) == []
    assert nobody.firsts.tolist() == []
    assert len(Cells.none(2, 3).together()) == 0


def test_without_a_log_of_profiles_or_departures() -> None:
    empty = np.zeros(0, np.int64)
    bare = known(
        history=History(empty, empty, {"segment": empty, "stage": empty}),
        departures=Departures(empty, empty, empty.astype(bool), empty, ()),
    )
    part = part_of(MOVED, bare)
    found = {(name, table.key) for name, table in month_tables(part, None)}
    assert ("reason", "") in found
    assert ("segment", "big") in found


@pytest.mark.parametrize("size", [1, 3])
def test_portions_make_no_difference(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing.calculations.revenue import monthly

    monkeypatch.setattr(monthly, "AT_ONCE", size)
    part = part_of(MOVED, known())
    assert (part.months.sums == WHOLE.months.sums).all()
    assert (part.cohorts.sums == WHOLE.cohorts.sums).all()


def test_keys_that_cannot_be_told_apart_are_refused() -> None:
    keys = np.array([[0, 0], [2**40, 2**40]])
    with pytest.raises(OverflowError, match="63 bits"):
        Cells(keys, keys).together()


def test_days_and_months_are_numbers() -> None:
    march = MONTH + 2
    assert first_day(column(1, march)).tolist() == [JAN + 59]
    assert last_day(column(1, march)).tolist() == [JAN + 89]
    assert isinstance(TABLES[""], Table)
    assert len(COLUMNS) == SHAPES["months"][2]
