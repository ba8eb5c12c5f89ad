"""This module will start one child process and look after it until it is gone."""

import ctypes
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from devstack.liveness import LINUX
from devstack.places import CHECKOUT, Account

PR_SET_PDEATHSIG = 1
# Loaded before any fork: loading it between fork and exec could deadlock.
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def _always(_line: str) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Spec:
    """This will describe a process: what to run, when it is ready, how to stop it."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = CHECKOUT
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    hard_signal: signal.Signals = signal.SIGKILL
    death_signal: signal.Signals = signal.SIGTERM
    grace: float = 2.0
    prepare: Callable[[], None] | None = None
    ready: Callable[[], bool] | None = None
    patience: float = 60.0
    keep_line: Callable[[str], bool] = _always


def tie_to_parent(death_signal: int) -> Callable[[], None] | None:
    """This will return what a child does between fork and exec, on Linux.

    The kernel then sends `death_signal` when the parent dies, even by kill -9.
    The supervisor must not fork from a thread: the signal would come when the
    thread ends.
    """
    if _libc is None:
        return None
    prctl, parent, getppid, leave = _libc.prctl, os.getpid(), os.getppid, os._exit

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if getppid() != parent:  # it died before the line above
            leave(1)

    return tie


class Child:
    """This will run one Spec, restartable, with its output as lines."""

    def __init__(self, spec: Spec, write: Callable[[str, str], None]) -> None:
        """This will hand each line of output to `write(name, line)`."""
        self.spec = spec
        self.write = write
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.last_lines: deque[str] = deque(maxlen=15)
        self._pending = b""

    def launch(self) -> None:
        """This will start the process in a session of its own.

        So the terminal's Ctrl-C reaches only the supervisor, which stops its
        children in order.
        """
        spec = self.spec
        if spec.prepare is not None:
            spec.prepare()
        account = spec.account
        self.process = subprocess.Popen(
            [str(part) for part in spec.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=spec.folder,
            env=dict(spec.environment) or None,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=tie_to_parent(spec.death_signal),  # noqa: PLW1509 (no threads)
        )
        self.started_at = time.monotonic()
        os.set_blocking(self.output, False)

    @property
    def pid(self) -> int:
        """This will return the number of the process."""
        if self.process is None:
            msg = f"{self.spec.name} was never started"
            raise ValueError(msg)
        return self.process.pid

    @property
    def output(self) -> int:
        """This will return the file descriptor its output arrives at."""
        if self.process is None or self.process.stdout is None:
            msg = f"{self.spec.name} was never started"
            raise ValueError(msg)
        return self.process.stdout.fileno()

    def exit_code(self) -> int | None:
        """This will return how the process ended, None while it runs."""
        return self.process.poll() if self.process is not None else None

    def pump(self) -> bool:
        """This will pass on the output that has arrived; False at its end."""
        while True:
            try:
                data = os.read(self.output, 65536)
            except BlockingIOError:
                return True
            if not data:
                self._emit(b"\n" if self._pending else b"")
                return False
            self._emit(data)

    def _emit(self, data: bytes) -> None:
        # A progress bar returns to the beginning of its line without ending it.
        data = data.replace(b"\r", b"\n")
        *lines, self._pending = (self._pending + data).split(b"\n")
        for raw in lines:
            line = raw.decode(errors="replace").rstrip()
            if line and self.spec.keep_line(line):
                self.last_lines.append(line)
                self.write(self.spec.name, line)

    def send(self, number: int, *, group: bool = False) -> None:
        """This will signal the process, or all of its process group."""
        with suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(self.pid, number)
            elif self.exit_code() is None:
                os.kill(self.pid, number)

    def close(self) -> None:
        """This will read the last output and release the pipe."""
        if self.process is not None and self.process.stdout is not None:
            with suppress(OSError, ValueError):
                self.pump()
            self.process.stdout.close()

    def how_it_ended(self) -> str:
        """This will say in words how the process ended."""
        code = self.exit_code()
        if code is None:
            return "still running"
        if code < 0:
            return f"ended by {signal.Signals(-code).name}"
        return f"exit code {code}"
