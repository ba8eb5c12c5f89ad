"""What is still owed on an invoice, and what of it was earned. Amounts in one currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Sums:
    """What stands on an invoice and against it.

    `total` and `credited` are net of tax, the money that moved is with it. `settled` is an
    invoice that its source calls paid: then all of it came in, whatever is known of
    payments.
    """

    total: Decimal
    tax: Decimal = ZERO
    credited: Decimal = ZERO
    paid: Decimal = ZERO
    refunded: Decimal = ZERO
    charged_back: Decimal = ZERO
    settled: bool = False

    @property
    def gross(self) -> Decimal:
        """This will return the amount with tax."""
        return self.total + self.tax

    @property
    def credited_gross(self) -> Decimal:
        """This will return the credit with its share of the tax, to the cent.

        A credit note carries the invoice's tax in proportion, so that one over all of it
        takes exactly all of the tax.
        """
        if not self.total:
            return self.credited
        tax = self.tax * self.credited / self.total
        return self.credited + tax.quantize(CENT, ROUND_HALF_EVEN)

    @property
    def balance(self) -> Decimal:
        """This will return what is open (positive) or was paid too much (negative).

        A chargeback takes a payment back, so its amount is open again. A refund gives back
        what was paid too much; what goes beyond that is a gift and opens nothing.
        """
        due = self.gross - self.credited_gross
        received = max(self.paid, due) if self.settled else self.paid
        left = due - received + self.charged_back
        return left if left >= 0 else min(ZERO, left + self.refunded)

    @property
    def owing(self) -> Decimal:
        """This will return what the customer still owes."""
        return max(ZERO, self.balance)

    @property
    def overpaid(self) -> Decimal:
        """This will return what we would have to give back."""
        return max(ZERO, -self.balance)
