"""Making the revenue ledger from the change log, and the sums beside it.

`ledger_refresh` after a log was written, `ledger_outdate` where anybody's may have been,
`ledger_build` for commands that wait; all else happens by the tick (ADR 27).
"""

from billing.services.ledger.building import UnableToBuildLedger, ledger_build
from billing.services.ledger.once import ledger_held
from billing.services.ledger.refreshing import ledger_outdate, ledger_refresh
from billing.services.ledger.ticking import ledger_tick
from billing.services.ledger.working import ledger_work

__all__ = [
    "UnableToBuildLedger",
    "ledger_build",
    "ledger_held",
    "ledger_outdate",
    "ledger_refresh",
    "ledger_tick",
    "ledger_work",
]
