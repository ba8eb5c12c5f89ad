"""How an invoice stands, in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.calculations.owing import Sums
from billing.models import Invoice
from customers.extension import Tag


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice with its sums, on a day."""

    invoice: Invoice
    sums: Sums
    today: dt.date

    @property
    def overdue(self) -> bool:
        """This will say whether money should be here and is not."""
        return self.sums.owing > 0 and self.invoice.due_on < self.today

    @property
    def tag(self) -> Tag:
        """This will say how it stands, beside its number."""
        if self.sums.owing > 0:
            if self.invoice.paid_on is not None:
                return Tag("crit", "undo-2", _("Taken back by the bank"))
            if self.overdue:
                return Tag("crit", "triangle-alert", _("Overdue"))
            return Tag("warn", "clock", _("Open"))
        if self.sums.credited and self.sums.credited >= self.sums.total:
            return Tag("unknown", "receipt", _("Credited in full"))
        return Tag("ok", "circle-check", _("Paid"))
