"""When a bundle is no cheaper than its parts."""

import datetime as dt
from decimal import Decimal

from billing.calculations.bundles import Part, Price, TooDear, price_at, too_dear

JAN, MAR, JUN = dt.date(2027, 1, 1), dt.date(2027, 3, 1), dt.date(2027, 6, 1)


def price(amount: str, day: dt.date = JAN, number: int = 1) -> Price:
    return Price(day, number, Decimal(amount))


PARTS = [Part(1, 2, [price("10.00")]), Part(2, 1, [price("9.00")])]


def test_a_cent_less_is_cheaper_and_as_much_is_not() -> None:
    assert too_dear([price("28.99")], PARTS, since=JAN) is None
    found = too_dear([price("29.00")], PARTS, since=JAN)
    assert found == TooDear(JAN, Decimal("29.00"), Decimal("29.00"))
    assert found.at_most == Decimal("28.99")


def test_a_part_that_gets_cheaper_later_is_found_on_that_day() -> None:
    later = [Part(1, 2, [price("10.00"), price("9.90", JUN, 2)]), PARTS[1]]
    found = too_dear([price("28.80")], later, since=MAR)
    assert found == TooDear(JUN, Decimal("28.80"), Decimal("28.80"))


def test_a_part_without_a_price_cannot_be_compared() -> None:
    parts = [PARTS[0], Part(2, 1, [price("9.00", JUN)])]
    assert too_dear([price("1.00")], parts, since=JAN) == TooDear(
        JAN, Decimal("1.00"), missing=2
    )


def test_nothing_is_cheaper_than_free_parts() -> None:
    found = too_dear([price("0.00")], [Part(1, 1, [price("0.00")])], since=JAN)
    assert found is not None
    assert found.at_most is None


def test_days_before_the_bundle_has_a_price_do_not_matter() -> None:
    assert too_dear([price("5.00", JUN)], PARTS, since=JAN) is None
    assert price_at([price("5.00", JUN)], JAN) is None


def test_of_two_prices_of_a_day_the_later_version_counts() -> None:
    assert price_at([price("5"), price("6", JAN, 2)], MAR) == price("6", JAN, 2)
