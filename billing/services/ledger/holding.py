"""Who waits for the ledger to be written once, for a transaction of many services."""

from contextvars import ContextVar

# The customers whose lines wait for the end; None: nobody waits.
held: ContextVar[set[int] | None] = ContextVar("ledger_held", default=None)


def waits(customers: set[int]) -> bool:
    """This will let customers wait for the end of a `ledger_held`, if there is one."""
    waiting = held.get()
    if waiting is None:
        return False
    waiting |= customers
    return True
