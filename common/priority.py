"""Work in the background steps back where somebody waits for a page.

A night takes both cores of a small machine for as long as it lasts. With a lower priority
it has them whenever nobody else wants them, and pages hardly feel it.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

# Of 19: about a tenth of a processor that is wanted by somebody else too.
NICE = 10


def step_back(pid: int = 0) -> None:
    """This will lower the priority of a process, by default our own.

    Where the system does not let us it stays as it is: everything works, only less evenly.
    """
    with suppress(OSError):
        if os.getpriority(os.PRIO_PROCESS, pid) < NICE:
            os.setpriority(os.PRIO_PROCESS, pid, NICE)


def backend_steps_back(*, connection: Any, **_: Any) -> None:
    """This will do the same for the database's process behind a Django connection.

    Only where it runs on this machine: reached through a socket, and called what
    PostgreSQL calls its own. Elsewhere the number would be somebody else's.
    """
    info = connection.connection.info
    if not (info.host or "").startswith("/"):
        return
    with suppress(OSError):
        name = Path(f"/proc/{info.backend_pid}/cmdline").read_bytes()
        if name.startswith(b"postgres:"):
            step_back(info.backend_pid)
