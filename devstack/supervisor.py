"""This module will start processes in order, watch them, and stop them in reverse."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from devstack import guard
from devstack.console import Console
from devstack.errors import UnableToRun
from devstack.liveness import is_alive
from devstack.processes import Child, Spec, tie_to_parent
from devstack.progress import Progress

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
QUICK_DEATH = 10.0
TOO_MANY_QUICK_DEATHS = 5
LONGEST_PAUSE = 8.0
# Ctrl-C promises that everything is gone within ten seconds.
STOP_BUDGET = 9.0


class StopAsked(Exception):
    """This will unwind whatever the supervisor does when it is told to stop."""


class Supervisor:
    """This will look after children from one thread, without ever blocking long."""

    def __init__(self, console: Console, *, quiet_for: float = 0) -> None:
        """This will say nothing about steps shorter than `quiet_for` seconds."""
        self.console = console
        self.quiet_for = quiet_for
        self.children: list[Child] = []
        self.on_change: Callable[[], None] = lambda: None
        self.heed_stop = True
        self.stops_asked: list[int] = []
        self._selector = selectors.DefaultSelector()
        self._quick_deaths: dict[str, int] = {}
        self._start_again_at: dict[str, float] = {}
        self._kept_handlers: dict[int, object] = {}

    def __enter__(self) -> Self:
        """This will take over the signals.

        SIGINT too, explicitly: a background job starts with it ignored.
        """
        self._wake_read, self._wake_write = os.pipe()
        for descriptor in (self._wake_read, self._wake_write):
            os.set_blocking(descriptor, False)
        self._kept_wakeup = signal.set_wakeup_fd(self._wake_write)
        self._selector.register(self._wake_read, selectors.EVENT_READ, None)
        for number in STOP_SIGNALS:
            self._kept_handlers[number] = signal.signal(number, self._on_stop)
        kept = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self._kept_handlers[signal.SIGCHLD] = kept
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", Path(guard.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={},
            cwd="/",
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """This will stop every child, whatever happened."""
        try:
            self.stop()
        finally:
            with suppress(OSError):
                self._guard.communicate()
            for number, handler in self._kept_handlers.items():
                signal.signal(number, handler)  # type: ignore[arg-type]
            signal.set_wakeup_fd(self._kept_wakeup)
            self._selector.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    def _on_stop(self, number: int, _frame: FrameType | None) -> None:
        self.stops_asked.append(number)

    def start(self, spec: Spec, words: str = "", *, wait: bool = True) -> Child:
        """This will start a process and wait until it is ready."""
        child = Child(spec, self.console.line)
        words = words or f"Starting {spec.name}"
        progress = Progress(self.console, words, quiet_for=self.quiet_for)
        self.children.append(child)
        self._launch(child)
        if wait:
            self._await_ready(child, progress)
        progress.finish()
        return child

    def _launch(self, child: Child) -> None:
        try:
            child.launch()
        except OSError as error:
            msg = f"{child.spec.name} cannot be started: {error}"
            raise UnableToRun(msg) from error
        self._tell_guard(f"+{child.pid} {int(child.spec.death_signal)}")
        self._selector.register(child.output, selectors.EVENT_READ, child)
        self.on_change()

    def _tell_guard(self, line: str) -> None:
        # Without its guard the supervisor still works; only kill -9 is less tidy.
        with suppress(OSError):
            if self._guard.stdin is not None:
                self._guard.stdin.write(f"{line}\n")
                self._guard.stdin.flush()

    def _await_ready(self, child: Child, progress: Progress) -> None:
        spec = child.spec
        until = time.monotonic() + spec.patience
        while spec.ready is not None and not spec.ready():
            if child.exit_code() is not None:
                child.pump()
                raise UnableToRun(self._obituary(child))
            if time.monotonic() > until:
                msg = f"{spec.name} was not ready after {spec.patience:.0f} seconds."
                raise UnableToRun(msg)
            progress.tick()
            self.pump(0.05)

    def step(
        self,
        words: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
    ) -> list[str]:
        """This will run a command to its end and return its last lines."""
        progress = Progress(self.console, words, quiet_for=self.quiet_for)
        name = Path(str(command[0])).name

        def show(_name: str, line: str) -> None:
            progress.detail = line.strip()

        spec = Spec(name=name, command=command, environment=environment)
        child = Child(spec, show)
        self.children.append(child)
        self._launch(child)
        while child.exit_code() is None:
            progress.tick()
            self.pump(0.1)
        self._retire(child)
        if child.exit_code() != 0:
            progress.finish("failed")
            raise UnableToRun(f"{words} failed.\n" + "\n".join(child.last_lines))
        progress.finish()
        return list(child.last_lines)

    def foreground(
        self,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        *,
        pass_on: Callable[[int], bool] = lambda _number: True,
    ) -> int:
        """This will run a command on this terminal while watching the children.

        Signals are passed on to the command where `pass_on` agrees, and it is
        left to decide when to end. Returns its exit code as a shell would.
        """
        self.heed_stop = False
        handed_on = len(self.stops_asked)
        try:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(environment),
                preexec_fn=tie_to_parent(signal.SIGTERM),  # noqa: PLW1509
            )
        except OSError as error:
            msg = f"{command[0]} cannot be started: {error}"
            raise UnableToRun(msg) from error
        try:
            while process.poll() is None:
                for number in self.stops_asked[handed_on:]:
                    if pass_on(number):
                        process.send_signal(number)
                handed_on = len(self.stops_asked)
                self.look_after(0.5)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
            self.heed_stop = True
            self.stops_asked.clear()
        code = process.returncode
        return code if code >= 0 else 128 - code

    def watch(self) -> None:
        """This will keep everything running until somebody asks to stop."""
        with suppress(StopAsked):
            while True:
                self.look_after(1.0)

    def look_after(self, seconds: float) -> None:
        """This will wait for something to happen, and restart what has died."""
        self.pump(seconds)
        now = time.monotonic()
        for child in self.children:
            name = child.spec.name
            if name in self._start_again_at:
                if now >= self._start_again_at[name]:
                    del self._start_again_at[name]
                    self._launch(child)
            elif child.exit_code() is not None:
                self._plan_restart(child, now)

    def _plan_restart(self, child: Child, now: float) -> None:
        name = child.spec.name
        quick = now - child.started_at < QUICK_DEATH
        deaths = self._quick_deaths.get(name, 0) + 1 if quick else 1
        self._quick_deaths[name] = deaths
        # What it left behind may still hold its port.
        child.send(signal.SIGKILL, group=True)
        self._release(child)
        if deaths > TOO_MANY_QUICK_DEATHS:
            raise UnableToRun(
                f"{name} died {deaths} times in a row; giving up.\n"
                + self._obituary(child)
            )
        pause = min(0.25 * 2**deaths, LONGEST_PAUSE)
        how = child.how_it_ended()
        self.console.say(f"{name} died ({how}); starting it again in {pause:g} s")
        self._start_again_at[name] = now + pause

    def pump(self, seconds: float) -> None:
        """This will pass on output for at most `seconds`, and notice a wish to stop."""
        shortest = min(self._start_again_at.values(), default=float("inf"))
        seconds = max(0.0, min(seconds, shortest - time.monotonic()))
        for key, _events in self._selector.select(seconds):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.read(self._wake_read, 4096)
            elif not key.data.pump():
                self._selector.unregister(key.fd)
        if self.stops_asked and self.heed_stop:
            raise StopAsked

    def _obituary(self, child: Child) -> str:
        last = "\n".join(child.last_lines)
        return f"{child.spec.name} stopped ({child.how_it_ended()}).\n{last}".strip()

    def _release(self, child: Child) -> None:
        if child.exit_code() is not None:
            self._tell_guard(f"-{child.pid}")
        if child.process is None or child.process.stdout is None:
            return
        if not child.process.stdout.closed:
            with suppress(KeyError, ValueError):
                self._selector.unregister(child.output)
            child.close()

    def _retire(self, child: Child) -> None:
        self._release(child)
        self.children.remove(child)

    def stop(self) -> None:
        """This will stop all children, the last started first, within ten seconds.

        Each gets its own grace, then a harder signal, then the end of its whole
        process group. A second request to stop skips the waiting.
        """
        self.heed_stop = False
        asked = len(self.stops_asked)
        until = time.monotonic() + STOP_BUDGET
        for child in reversed(self.children):
            if child.process is None:
                continue
            if child.exit_code() is None:
                self._stop_one(child, until, asked)
            child.send(signal.SIGKILL, group=True)
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(0.5)
            self._release(child)
        self.children.clear()
        self._start_again_at.clear()
        self.heed_stop = True

    def _stop_one(self, child: Child, until: float, asked: int) -> None:
        spec = child.spec
        for number, grace in ((spec.stop_signal, spec.grace), (spec.hard_signal, 0.5)):
            child.send(number)
            end = min(until, time.monotonic() + grace)
            while time.monotonic() < end and len(self.stops_asked) <= asked:
                if child.exit_code() is not None or not is_alive(child.pid):
                    return
                self.pump(0.05)
