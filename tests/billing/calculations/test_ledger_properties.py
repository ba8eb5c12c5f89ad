"""Random logs: the ledger against the slow way of making it, under all conventions."""

from dataclasses import replace
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.ledger import (
    Closings,
    Movements,
    closings,
    differences_explained,
    movements,
    reasons,
)
from tests.billing.calculations import naive
from tests.billing.calculations.logs import CURRENCIES, Line, gaps_of, log_of

# From January to the middle of March 2000, with a 29 February; few, so that lines meet.
DAYS = st.sampled_from([0, 1, 2, 9, 14, 15, 28, 30, 31, 32, 45, 58, 59, 60, 75])
LATEST = 80
HOURS = st.sampled_from([300, 1800, 43_200, 84_600, 86_100])
AMOUNTS = st.sampled_from([0, 999, 1000, 3333, 5000])
SHARES = st.sampled_from([-1.0, 0.0, 0.1, 0.3333, 1.0])


@st.composite
def line(draw: st.DrawFn, customer: int, subscription: int) -> Line:
    on = draw(DAYS)
    kind = draw(st.sampled_from([0, 0, 1, 1, 1, 2]))
    state = 0 if kind == 2 else draw(st.sampled_from([0, 0, 0, 1, 2]))
    mrr = draw(AMOUNTS) if kind < 2 and state == 0 else 0
    told = kind < 2 and draw(st.booleans())
    # Booked on the day, ahead of it, or entered late; or nobody knows when.
    apart = draw(st.sampled_from([None, 0, 0, 0, -1, -9, -30, 5]))
    known = -1 if apart is None else max(0, on + apart) * naive.DAY + draw(HOURS)
    return Line(
        on,
        mrr,
        kind,
        customer,
        subscription,
        draw(st.sampled_from([0, 0, 0, 1, 2])),
        known,
        state,
        mrr + draw(AMOUNTS) if told else -1,
        draw(SHARES),
        draw(st.sampled_from([-1, -1, 60])),
    )


@st.composite
def companies(draw: st.DrawFn) -> list[Line]:
    lines = []
    for customer in range(1, draw(st.integers(1, 3)) + 1):
        for subscription in range(draw(st.integers(1, 3))):
            number = 10 * customer + subscription
            lines += draw(st.lists(line(customer, number), min_size=1, max_size=6))
    return lines


GAPS = st.lists(
    st.tuples(st.sampled_from([10, 11, 20, 30, 99]), DAYS, st.integers(-1, LATEST)),
    max_size=3,
)
SWITCHES = st.builds(
    Conventions,
    churn_on=st.sampled_from(["period_end", "cancellation"]),
    same_month=st.sampled_from(["counted", "ignored"]),
    reactivation_days=st.sampled_from([None, 0, 10]),
    discounts=st.sampled_from(["subtracted", "lasting_only", "ignored"]),
    paused=st.sampled_from(["zero", "unchanged"]),
    past_due_days=st.sampled_from([None, 0, 15]),
    group_minutes=st.sampled_from([0, 60, 1440, 3000]),
)


def rows(lines: Movements) -> list[tuple[int, ...]]:
    columns = (
        lines.customer,
        lines.currency,
        lines.day,
        lines.kind,
        lines.amount,
        lines.before,
        lines.after,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


def closed(
    log: list[Line], gaps: list[tuple[int, int, int]], by: Conventions, until: int
) -> Closings:
    return closings(
        log_of(log),
        by,
        gaps_of(*gaps),
        np.arange(until + 1),
        currencies=len(CURRENCIES),
        until=until,
    )


@settings(max_examples=80)
@given(companies(), GAPS, SWITCHES, st.integers(20, LATEST))
def test_the_ledger_is_what_asking_every_day_gives(
    log: list[Line], gaps: list[tuple[int, int, int]], by: Conventions, until: int
) -> None:
    want, worth = naive.ledger(log, gaps, by, until)
    assert rows(movements(log_of(log), by, gaps=gaps_of(*gaps), until=until)) == want
    got = closed(log, gaps, by, until)
    for day in range(until + 1):
        paid = [days.get(day, {}) for days in worth.values()]
        for currency in range(len(CURRENCIES)):
            amounts = [each.get(currency, 0) for each in paid]
            assert got.amounts[day, currency] == sum(amounts)
            assert got.customers[day, currency] == sum(map(bool, amounts))
        assert got.everybody[day] == sum(map(bool, paid))


@pytest.mark.parametrize("preset", PRESETS)
@settings(max_examples=15)
@given(companies(), GAPS, st.integers(20, LATEST))
def test_opening_and_movements_give_the_closing_of_every_day(
    preset: str, log: list[Line], gaps: list[tuple[int, int, int]], until: int
) -> None:
    by = PRESETS[preset]
    lines = movements(log_of(log), by, gaps=gaps_of(*gaps), until=until)
    got = closed(log, gaps, by, until)
    moved = np.zeros_like(got.amounts)
    # Whatever was booked before the first day is in its opening.
    np.add.at(moved, (np.maximum(lines.day, 0), lines.currency), lines.amount)
    opening = np.vstack((np.zeros_like(moved[:1]), got.amounts[:-1]))
    np.testing.assert_array_equal(opening + moved, got.amounts)
    assert (got.amounts >= 0).all()
    assert (lines.before >= 0).all()
    assert (lines.after >= 0).all()
    assert ((lines.amount > 0) == (lines.kind <= 3)).all()


@settings(max_examples=20)
@given(companies(), GAPS, SWITCHES)
def test_a_customer_alone_is_the_same_as_among_others(
    log: list[Line], gaps: list[tuple[int, int, int]], by: Conventions
) -> None:
    def told(lines: list[Line]) -> list[tuple[int, ...]]:
        return rows(movements(log_of(lines), by, gaps=gaps_of(*gaps), until=LATEST))

    alone = [[x for x in log if x.customer == number] for number in (1, 2, 3)]
    assert [row for lines in alone for row in told(lines)] == told(log)
    # Whose lines come first does not matter as long as each one's stand together.
    turned = [replace(line, customer=9 - line.customer) for line in log]
    again = [(9 - row[0], *row[1:]) for row in told(turned)]
    assert sorted(again, key=itemgetter(0, 2, 1)) == told(log)


@settings(max_examples=25)
@given(companies(), GAPS, SWITCHES, SWITCHES)
def test_reasons_add_up_to_the_whole_difference(
    log: list[Line], gaps: list[tuple[int, int, int]], a: Conventions, b: Conventions
) -> None:
    month = {"first": 31, "last": 59, "until": LATEST}

    def figures(by: Conventions) -> dict[tuple[int, int, int], int]:
        found: dict[tuple[int, int, int], int] = {}
        for customer, currency, on, kind, amount, *_ in naive.ledger(
            log, gaps, by, LATEST
        )[0]:
            for key, counts in ((kind, 31 <= on <= 59), (0, on <= 59)):
                if counts:
                    place = (customer, currency, key)
                    found[place] = found.get(place, 0) + amount
        return found

    was, now = figures(a), figures(b)
    want = {
        key: now.get(key, 0) - was.get(key, 0)
        for key in {*was, *now}
        if now.get(key, 0) != was.get(key, 0)
    }
    found = reasons(log_of(log), a, b, gaps=gaps_of(*gaps), **month)
    got: dict[tuple[int, int, int], int] = {}
    for customer, currency, kind, amount in zip(
        found.customer.tolist(),
        found.currency.tolist(),
        found.kind.tolist(),
        found.amount.tolist(),
        strict=True,
    ):
        place = (customer, currency, kind)
        got[place] = got.get(place, 0) + amount
    assert {key: amount for key, amount in got.items() if amount} == want
    told = differences_explained(log_of(log), a, b, gaps=gaps_of(*gaps), **month)
    assert set(told) == {customer for customer, _currency, _kind in want}
    assert all(told.values())
