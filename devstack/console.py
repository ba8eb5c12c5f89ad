"""This module will write lines for a person, each behind the name of its process."""

import os
import sys
from contextlib import suppress
from typing import TextIO

COLOURS = {
    "postgres": "34",
    "valkey": "31",
    "web": "32",
    "worker": "33",
    "beat": "35",
}
WIDTH = max(len(name) for name in COLOURS)


class Console:
    """This will print whole lines, and keep one passing line below them."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """This will write to `stream`, by default the standard output."""
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self.colour = self.live and "NO_COLOR" not in os.environ
        self._passing = ""

    def say(self, text: str) -> None:
        """This will print one line."""
        self._write(self._clear() + text + "\n" + self._passing)

    def line(self, name: str, text: str) -> None:
        """This will print one line that a process wrote."""
        prefix = f"{name:<{WIDTH}} |"
        if self.colour:
            prefix = f"\x1b[{COLOURS.get(name, '36')}m{prefix}\x1b[0m"
        self.say(f"{prefix} {text}")

    def passing(self, text: str) -> None:
        """This will show a line that the next one overwrites (terminals only)."""
        if self.live:
            clear = self._clear()
            columns = _columns(self.stream)
            self._passing = text[: columns - 1]
            self._write(clear + self._passing)

    def _clear(self) -> str:
        return "\r\x1b[K" if self._passing else ""

    def _write(self, text: str) -> None:
        # A closed terminal must not keep the supervisor from stopping its children.
        with suppress(OSError, ValueError):
            self.stream.write(text)
            self.stream.flush()


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
