"""The gateway's own clock: real, or where a test has put it."""

import time


class Clock:
    """Seconds since 1970. Once set it stands still until it is moved."""

    def __init__(self) -> None:
        self.standing: float | None = None

    def now(self) -> int:
        """This will return the present second."""
        return int(time.time() if self.standing is None else self.standing)

    def set(self, moment: float | None) -> None:
        """This will put the clock somewhere, or let it run for real again."""
        self.standing = moment

    def advance(self, seconds: float) -> None:
        """This will move it forward, and let it stand there."""
        self.standing = self.now() + seconds
