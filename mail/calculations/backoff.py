"""How long to wait before a mail is tried once more."""

import datetime as dt

FIRST = dt.timedelta(minutes=1)
CAP = dt.timedelta(hours=1)
# 1, 2, 4, 8, 16 and 32 minutes, then every hour: 24 hours and 3 minutes altogether.
TRIES = 30

SHORTEST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(minutes=10)


def retry_after(attempts: int, *, first: dt.timedelta = FIRST) -> dt.timedelta | None:
    """This will return the wait after so many tries; None means that it was the last."""
    if attempts >= TRIES:
        return None
    # Beyond the cap the power would only grow without being used.
    doubled: dt.timedelta = first * 2 ** min(max(attempts - 1, 0), 16)
    return min(doubled, CAP)


def pause_after(troubled_for: dt.timedelta) -> dt.timedelta:
    """This will return how long everything waits while the server does not let us in.

    As long as it has been so already: 30 seconds at first, doubling up to ten minutes.
    """
    return min(max(troubled_for, SHORTEST_PAUSE), LONGEST_PAUSE)
