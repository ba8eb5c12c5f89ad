"""When a source is late."""

import pytest

from health.calculations.sources import SourceState, late_days


@pytest.mark.parametrize(
    ("age", "rhythm", "late"),
    [(0, 3, 0), (3, 3, 0), (4, 3, 1), (40, 3, 37), (-1, 3, 0), (400, None, 0)],
)
def test_lateness_is_silence_beyond_the_rhythm(
    age: int, rhythm: int | None, late: int
) -> None:
    assert SourceState(age, rhythm).late == late


def test_only_late_sources_are_named() -> None:
    states = {"usage": SourceState(9, 3), "tickets": SourceState(2, 14)}
    assert late_days(states) == {"usage": 6}


def test_payments_are_late_with_the_invoices_they_come_along_with() -> None:
    assert late_days({"invoices": SourceState(50, 45)}) == {
        "invoices": 5,
        "payments": 5,
    }
