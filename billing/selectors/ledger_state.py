"""By which conventions the ledger is made, and how its sums stand."""

from billing.calculations.conventions import Conventions
from billing.models import Conventions as ConventionsRow
from billing.models import LedgerState


def conventions_in_use() -> Conventions:
    """This will return the switches in force; the defaults where nobody chose. One query."""
    row = ConventionsRow.objects.filter(pk=1).first()
    return Conventions() if row is None else Conventions.from_json(row.switches)


def ledger_state() -> LedgerState:
    """This will return how the sums stand; an unsaved row where nothing was built yet.

    They lag behind where `changed` is greater than `built`. One query.
    """
    return LedgerState.objects.filter(pk=1).first() or LedgerState(pk=1)
