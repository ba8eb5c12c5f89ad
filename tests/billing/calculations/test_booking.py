"""Courses: what is changed now stays changed in what is booked for later."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from billing.calculations.booking import (
    Course,
    Point,
    changed,
    changed_for_a_while,
    lines_between,
    next_change,
    taken_back,
)
from billing.calculations.outlook import year_total
from billing.calculations.terms import Terms

TODAY = dt.date(2026, 6, 30)
TEAM = Terms(
    plan=1,
    price=1,
    amount=Decimal(20),
    interval_months=1,
    anchored_on=dt.date(2026, 1, 1),
    quantity=10,
)
START = Course((Point(dt.date(2026, 1, 1), TEAM, "started"),))


def on(month: int, day: int = 1) -> dt.date:
    return dt.date(2026, month, day)


def seats(course: Course, quantity: int, day: dt.date) -> Course:
    return changed(
        course,
        lambda terms: replace(terms, quantity=quantity),
        group="quantity",
        on=day,
        today=TODAY,
        action="quantity",
    )


def half_price(course: Course, day: dt.date) -> Course:
    return changed(
        course,
        lambda terms: replace(terms, discount=Decimal("0.5")),
        group="discount",
        on=day,
        today=TODAY,
        action="discounted",
    )


def test_what_is_changed_now_stays_changed_later() -> None:
    course = seats(half_price(START, on(9)), 12, on(7))
    found = [
        (point.on, point.terms.quantity, point.terms.discount)
        for point in course.points
    ]
    assert found == [
        (on(1), 10, None),
        (on(7), 12, None),
        (on(9), 12, Decimal("0.5")),
    ]
    assert [point.action for point in lines_between(START, course)] == [
        "quantity",
        "discounted",
    ]


def test_what_is_booked_later_about_the_same_is_replaced() -> None:
    course = seats(seats(START, 15, on(9)), 12, on(7))
    assert [point.terms.quantity for point in course.points] == [10, 12, 12]
    [line, again] = lines_between(seats(START, 15, on(9)), course)
    assert (line.on, line.action) == (on(7), "quantity")
    assert (again.on, again.action) == (on(9), "corrected")


def test_a_late_entry_counts_until_the_next_change_that_has_happened() -> None:
    course = seats(seats(START, 15, on(5)), 12, on(3))
    assert [(p.on, p.terms.quantity) for p in course.points] == [
        (on(1), 10),
        (on(3), 12),
        (on(5), 15),
    ]
    assert next_change(course, "quantity", on=on(3), last=on(4)) is None


def test_for_a_while_goes_back_to_what_is_there_then() -> None:
    actions = ("raised_for_a_while", "while_over")
    course = changed_for_a_while(
        half_price(START, on(8)),
        lambda terms: replace(terms, quantity=30),
        on=on(7),
        until=on(9),
        actions=actions,
    )
    assert [(p.on, p.terms.quantity, p.terms.mrr, p.action) for p in course.points] == [
        (on(1), 10, 200, "started"),
        (on(7), 30, 600, "raised_for_a_while"),
        (on(8), 30, 300, "discounted"),
        (on(9), 10, 100, "while_over"),
    ]


def test_taking_back_undoes_what_the_day_brought_and_no_more() -> None:
    course = seats(half_price(START, on(8)), 12, on(9))
    back = taken_back(course, on(8))
    assert [
        (p.on, p.terms.quantity, p.terms.discount, p.action) for p in back.points
    ] == [
        (on(1), 10, None, "started"),
        (on(8), 10, None, "corrected"),
        (on(9), 12, None, "quantity"),
    ]
    assert back.booked(TODAY) == [(back.points[2], TEAM)]
    # Until the next change of the same thing.
    twice = seats(seats(START, 12, on(8)), 15, on(9))
    assert [p.terms.quantity for p in taken_back(twice, on(8)).points] == [10, 10, 15]


def ended(course: Course, day: dt.date) -> Course:
    marked = course.with_point(day, "cancelled")
    return marked.edited(lambda terms: replace(terms, ended=True), on=day)


def test_an_end_lies_over_what_is_booked_after_it() -> None:
    course = half_price(START, on(9))
    over = ended(course, on(8))
    assert (over.ends_on, course.ends_on) == (on(8), None)
    assert [(p.on, p.terms.mrr) for p in over.points] == [
        (on(1), 200),
        (on(8), 0),
        (on(9), 0),
    ]
    assert [(p.on, p.action) for p in lines_between(course, over)] == [
        (on(8), "cancelled"),
        (on(9), "discounted"),
    ]
    # A new point that nobody sees still tells what lies beneath the end.
    later = over.with_point(on(10), "quantity").edited(
        lambda terms: replace(terms, quantity=11), on=on(10)
    )
    assert [(p.on, p.action) for p in lines_between(over, later)] == [
        (on(10), "quantity")
    ]
    again = over.edited(lambda terms: replace(terms, ended=False), on=on(8))
    again = again.with_point(on(8), "kept")
    assert [(p.on, p.action) for p in lines_between(over, again)] == [
        (on(8), "kept"),
        (on(9), "discounted"),
    ]


def test_a_first_log_is_written_whole_and_idle_points_are_not() -> None:
    idle = START.with_point(on(3), "quantity")
    assert lines_between(None, START) == list(START.points)
    assert lines_between(START, idle) == []
    assert START.with_point(on(1)).points == START.points


def test_before_the_start_it_is_what_starts() -> None:
    assert START.at(dt.date(2020, 1, 1)) == TEAM
    assert START.before(on(1)) == TEAM
    assert START.starts_on == on(1)


def test_a_year_to_come() -> None:
    assert year_total(ended(START, on(8)), on(7)) == Decimal(200)
    assert year_total(START, on(7)) == Decimal(2400)


def test_what_was_never_anything_else_is_over_from_its_first_day() -> None:
    over = Course((Point(on(3), replace(TEAM, ended=True), "cancelled"),))
    assert over.ends_on == on(3)
