"""What is owed on an invoice after all that happened to it."""

from decimal import Decimal

import pytest

from billing.calculations.owing import Sums


@pytest.mark.parametrize(
    ("sums", "owing", "overpaid"),
    [
        (Sums(Decimal(100), Decimal(19)), Decimal(119), Decimal(0)),
        (Sums(Decimal(100), Decimal(19), paid=Decimal(119)), Decimal(0), Decimal(0)),
        (Sums(Decimal(100), Decimal(19), paid=Decimal(120)), Decimal(0), Decimal(1)),
        # A credit note takes its share of the tax along, and all of it with all.
        (
            Sums(Decimal(100), Decimal(19), credited=Decimal(30)),
            Decimal("83.30"),
            Decimal(0),
        ),
        (
            Sums(Decimal(100), Decimal(19), credited=Decimal(100)),
            Decimal(0),
            Decimal(0),
        ),
        # What was paid and then credited is to be given back, and then is.
        (
            Sums(Decimal(100), credited=Decimal(30), paid=Decimal(100)),
            Decimal(0),
            Decimal(30),
        ),
        (
            Sums(
                Decimal(100),
                credited=Decimal(30),
                paid=Decimal(100),
                refunded=Decimal(30),
            ),
            Decimal(0),
            Decimal(0),
        ),
        # A refund without a credit note is a gift; a chargeback is owed again.
        (
            Sums(Decimal(100), paid=Decimal(100), refunded=Decimal(20)),
            Decimal(0),
            Decimal(0),
        ),
        (
            Sums(Decimal(100), paid=Decimal(100), charged_back=Decimal(100)),
            Decimal(100),
            Decimal(0),
        ),
        (
            Sums(Decimal(100), paid=Decimal(200), charged_back=Decimal(100)),
            Decimal(0),
            Decimal(0),
        ),
        # Paid by its source's word, whatever is known of payments.
        (Sums(Decimal(100), settled=True), Decimal(0), Decimal(0)),
        (
            Sums(
                Decimal(100), paid=Decimal(40), charged_back=Decimal(40), settled=True
            ),
            Decimal(40),
            Decimal(0),
        ),
        # An invoice of nothing has no tax to share out.
        (Sums(Decimal(0)), Decimal(0), Decimal(0)),
    ],
)
def test_what_is_left(sums: Sums, owing: Decimal, overpaid: Decimal) -> None:
    assert (sums.owing, sums.overpaid) == (owing, overpaid)


def test_a_thirds_tax_is_rounded_to_the_cent() -> None:
    sums = Sums(Decimal(3), Decimal("0.57"), credited=Decimal(1))
    assert sums.credited_gross == Decimal("1.19")
