"""This module will say in words what is happening during a long step."""

import time

from devstack.console import Console

FRAMES = "|/-\\"
HEARTBEAT = 10.0


class Progress:
    """This will show one step: a turning sign on a terminal, lines elsewhere."""

    def __init__(self, console: Console, words: str, *, quiet_for: float = 0) -> None:
        """This will speak only after `quiet_for` seconds, so that quick steps do not.

        `words` is the beginning of a sentence, such as "Preparing the database".
        """
        self.console = console
        self.words = words
        self.began = time.monotonic()
        self.speak_at = self.began + quiet_for
        self.spoken = False
        self.turns = 0
        self.detail = ""
        self.tick()

    @property
    def seconds(self) -> float:
        """This will return how long the step has taken."""
        return time.monotonic() - self.began

    def tick(self, *, done: int = 0, total: int = 0) -> None:
        """This will show that work goes on; call it several times a second."""
        now = time.monotonic()
        if now < self.speak_at:
            return
        if self.console.live:
            self.turns += 1
            sign = FRAMES[self.turns % len(FRAMES)]
            shown = bar(done, total) if total else sign
            detail = f"  {self.detail}" if self.detail else ""
            self.console.passing(f"{shown} {self.words}  {self.seconds:.0f} s{detail}")
            self.speak_at = now
        elif not self.spoken:
            self.console.say(f"{self.words} …")
            self.speak_at = now + HEARTBEAT
        else:
            count = f", {done} of {total}" if total else ""
            detail = f": {self.detail}" if self.detail else ""
            took = f"{self.seconds:.0f} s{count}"
            self.console.say(f"{self.words} … still at it ({took}){detail}")
            self.speak_at = now + HEARTBEAT
        self.spoken = True

    def finish(self, result: str = "done") -> None:
        """This will close the step with how it went and how long it took."""
        self.console.passing("")
        if self.spoken:
            self.console.say(f"{self.words}: {result} ({self.seconds:.1f} s)")


def bar(done: int, total: int, width: int = 20) -> str:
    """This will draw how much of a known amount is done."""
    filled = round(width * min(done, total) / total)
    return f"[{'#' * filled}{'.' * (width - filled)}] {done} of {total}"
