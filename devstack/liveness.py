"""This module will tell whether a process still lives, and what it is."""

import subprocess
import sys
from pathlib import Path

LINUX = sys.platform.startswith("linux")


def is_alive(pid: int) -> bool:
    """This will tell whether a process runs; a zombie does not.

    In containers whose first process reaps nobody, the dead stay as zombies and
    still answer to `kill -0`.
    """
    if LINUX:
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False
        # The name in brackets may itself hold brackets and spaces.
        return text.rpartition(")")[2].split()[0] not in {"Z", "X"}
    state = _ps(pid, "stat=")
    return bool(state) and not state.startswith("Z")


def command_line(pid: int) -> str:
    """This will return the command of a process, empty when there is none."""
    if LINUX:
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
    return _ps(pid, "command=")


def _ps(pid: int, column: str) -> str:
    found = subprocess.run(
        ["ps", "-o", column, "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip()
