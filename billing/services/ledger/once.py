"""Writing the ledger once for a transaction that calls many services."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from billing.services.ledger.holding import held
from billing.services.ledger.refreshing import ledger_refresh


@contextmanager
def ledger_held(*, now: dt.datetime, left: bool = False) -> Iterator[None]:
    """This will refresh the ledger once at the end, whatever the services inside ask for.

    The ledger's count is held from then to the commit, so it comes after every other
    lock. `left` leaves it to the caller to mark all of it as old (`ledger_outdate`).
    Inside another one, the outer one does it.
    """
    if held.get() is not None:
        yield
        return
    customers: set[int] = set()
    token = held.set(customers)
    try:
        yield
    finally:
        held.reset(token)
    if customers and not left:
        ledger_refresh(customers=customers, now=now)
