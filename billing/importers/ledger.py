"""Telling the ledger that files have changed what it is made of."""

from billing.models import LedgerState


def ledger_outdate() -> None:
    """This will have all of the ledger made anew by the next tick, or by the command."""
    LedgerState.objects.outdate()
