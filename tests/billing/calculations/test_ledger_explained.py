"""Why two conventions differ, in codes."""

from dataclasses import fields, replace

import pytest

from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.ledger import CODES, EVERY_DISCOUNT, differences_explained
from billing.calculations.ledger.log import PAUSED
from tests.billing.calculations.logs import Told, day, gaps_of

MARCH = {"first": day("2024-03-01"), "last": day("2024-03-31")}


def told() -> Told:
    """This will make a customer for each switch, numbered in the order of the codes."""
    lines = Told()
    until = day("2024-06-01")
    lines.of(1, 1).start(
        "2024-03-02", 750, list_mrr=1000, discount=0.25, discount_until=until
    )
    lines.of(2, 2).start("2024-01-02", 900).line("2024-03-05", 0, state=PAUSED)
    lines.of(3, 3).start("2024-01-02", 900)
    lines.of(4, 4).start("2024-01-02", 900, "2024-01-02T10:00").end(
        "2024-04-02", "2024-03-10T10:00"
    )
    lines.of(5, 5).start("2024-02-29", 900, "2024-02-29T23:50").line(
        "2024-03-01", 1000, known="2024-03-01T00:10"
    )
    lines.of(6, 6).start("2024-03-02", 900).end("2024-03-20")
    lines.of(7, 7).start("2023-11-02", 900).end("2024-01-20").start("2024-03-20", 900)
    lines.of(8, 8).start("2024-01-02", 900).line("2024-03-20", 1000)
    return lines


OTHER = Conventions(
    churn_on="cancellation",
    same_month="ignored",
    reactivation_days=30,
    discounts="lasting_only",
    paused="unchanged",
    past_due_days=15,
    group_minutes=0,
)


def codes(a: Conventions, b: Conventions) -> dict[int, list[str]]:
    return differences_explained(
        told().log,
        a,
        b,
        gaps=gaps_of((3, day("2024-03-01"), day("2024-04-01"))),
        until=day("2024-12-31"),
        **MARCH,
    )


def test_there_is_a_code_for_every_switch() -> None:
    assert set(CODES) == {field.name for field in fields(Conventions)}


def test_each_customer_differs_for_its_own_reason() -> None:
    want = {number: [code] for number, code in enumerate(CODES.values(), start=1)}
    assert codes(Conventions(), OTHER) == want
    assert codes(OTHER, Conventions()) == want


@pytest.mark.parametrize("name", CODES)
def test_one_switch_is_one_reason(name: str) -> None:
    one = replace(Conventions(), **{name: getattr(OTHER, name)})
    assert codes(Conventions(), one) == {list(CODES).index(name) + 1: [CODES[name]]}


def test_discounts_that_last_have_another_name() -> None:
    ignored = Conventions(discounts="ignored")
    assert codes(Conventions(), ignored) == {1: [EVERY_DISCOUNT]}
    assert codes(ignored, Conventions(discounts="lasting_only")) == {}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_does_not_differ_from_itself(name: str) -> None:
    assert codes(PRESETS[name], PRESETS[name]) == {}
