"""This module will end the supervisor's children when it was killed itself.

On Linux the kernel has already asked them to end, but a worker that waits for its
queue may not listen; elsewhere nobody has asked. It runs as a process of its own,
on the bare standard library, and learns from the end of its input that the
supervisor is gone.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 5.0


def listen(lines: Iterable[str]) -> dict[int, int]:
    """This will return the process groups left at the end of the input.

    Lines are `+GROUP SIGNAL` for a start and `-GROUP` for an end.
    """
    left: dict[int, int] = {}
    for line in lines:
        words = line[1:].split()
        if line.startswith("+"):
            left[int(words[0])] = int(words[1])
        else:
            left.pop(int(words[0]), None)
    return left


def end(groups: dict[int, int], grace: float = GRACE) -> None:
    """This will ask the groups to end, the last started first, and then end them."""
    remaining = [group for group in reversed(groups) if tell(group, groups[group])]
    until = time.monotonic() + grace
    while remaining and time.monotonic() < until:
        time.sleep(0.1)
        remaining = [group for group in remaining if tell(group, 0)]
    for group in remaining:
        tell(group, signal.SIGKILL)


def tell(group: int, number: int) -> bool:
    """This will signal a process group and tell whether there was one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end(listen(sys.stdin))
