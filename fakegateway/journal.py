"""A file of JSON lines, one per request that changed something."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from fakegateway.errors import Obj


class Journal:
    """What is written is there when the process is killed right after."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.file = -1
        if path is not None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            self.file = os.open(path, flags, 0o600)

    def write(self, line: Obj) -> None:
        """This will append a line, in one write."""
        if self.file >= 0:
            os.write(
                self.file, json.dumps(line, separators=(",", ":")).encode() + b"\n"
            )

    def lines(self) -> Iterator[Obj]:
        """This will read what was written; a last line cut short is left out."""
        if self.path is None:
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                if line.endswith("\n"):
                    yield json.loads(line)

    def restart(self, line: Obj | None = None) -> None:
        """This will begin anew with one line that holds everything."""
        if self.path is None:
            return
        fresh = self.path.with_suffix(".new")
        text = "" if line is None else json.dumps(line, separators=(",", ":")) + "\n"
        fresh.write_text(text, encoding="utf-8")
        os.close(self.file)
        fresh.replace(self.path)
        self.file = os.open(self.path, os.O_WRONLY | os.O_APPEND)

    def close(self) -> None:
        """This will let the file go."""
        if self.file >= 0:
            os.close(self.file)
            self.file = -1
