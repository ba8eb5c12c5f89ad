"""Remembers what was built from what, so that nothing is built twice."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from common.errors import KeepwellError


class UnableToBuild(KeepwellError):
    """Something must be built and its place cannot be written."""


class Workshop:
    """Builds files and keeps, in one file, from which sources each was built."""

    def __init__(self, memory: Path) -> None:
        self.memory = memory

    def build(self, target: Path, sources: bytes, make: Callable[[], bytes]) -> bool:
        """This will make a target unless it stands there, built from these very sources.

        Returns whether it had to. The file appears whole or not at all.
        """
        digest = hashlib.sha256(sources).hexdigest()
        known = self._known()
        if target.exists() and known.get(str(target)) == digest:
            return False
        content = make()
        self._write(target, content)
        self._write(self.memory, json.dumps({**known, str(target): digest}).encode())
        return True

    def _known(self) -> dict[str, str]:
        if not self.memory.exists():
            return {}
        known: dict[str, str] = json.loads(self.memory.read_text())
        return known

    def _write(self, target: Path, content: bytes) -> None:
        fresh = target.with_name(f".{target.name}.fresh")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(content)
            fresh.replace(target)
        except OSError as error:
            msg = (
                f"{target} cannot be written ({error.strerror}). Run build_assets where"
                " the checkout is writable, for example while building an image; where"
                " everything is built already it writes nothing."
            )
            raise UnableToBuild(msg) from error
