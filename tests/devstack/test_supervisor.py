"""Starting in order, restarting, giving up, and stopping in reverse order."""

import os
import signal
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from devstack import supervisor as module
from devstack.errors import UnableToRun
from devstack.liveness import is_alive
from devstack.processes import Child, Spec
from devstack.supervisor import StopAsked, Supervisor
from tests.devstack.conftest import wait_until

DUMMY = """
import signal, sys, time
name, diary = sys.argv[1:]
def note(word):
    with open(diary, "a") as file:
        file.write(f"{name} {word}\\n")
def end(number, frame):
    note("stops")
    sys.exit()
signal.signal(signal.SIGTERM, end)
note("starts")
print("hello from", name, flush=True)
time.sleep(300)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(300)"


def python(code: str, *words: str | Path) -> list[str]:
    return [sys.executable, "-c", code, *(str(word) for word in words)]


def dummy(name: str, diary: Path) -> Spec:
    return Spec(
        name=name,
        command=python(DUMMY, name, diary),
        ready=lambda: diary.exists() and f"{name} starts" in diary.read_text(),
    )


def test_start_in_order_stop_in_reverse(
    supervisor: Supervisor, screen: StringIO, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    children = [supervisor.start(dummy(name, diary)) for name in ("a", "b", "c")]
    wait_until(lambda: supervisor.pump(0.05) is None and "from c" in screen.getvalue())
    supervisor.stop()
    assert diary.read_text().split("\n") == [
        *("a starts", "b starts", "c starts"),
        *("c stops", "b stops", "a stops", ""),
    ]
    assert [child.exit_code() for child in children] == [0, 0, 0]
    assert "a        | hello from a\n" in screen.getvalue()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_watch(supervisor: Supervisor, number: int) -> None:
    supervisor.start(Spec(name="quiet", command=["sleep", "300"]))
    os.kill(os.getpid(), number)
    supervisor.watch()
    assert supervisor.stops_asked == [number]


def test_a_signal_ends_a_start(supervisor: Supervisor) -> None:
    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(StopAsked):
        supervisor.start(
            Spec(name="slow", command=["sleep", "300"], ready=lambda: False)
        )


def test_the_deaf_are_killed(supervisor: Supervisor, screen: StringIO) -> None:
    spec = Spec(name="deaf", command=python(DEAF), grace=0.3)
    child = supervisor.start(spec)
    wait_until(lambda: supervisor.pump(0.05) is None and "| deaf" in screen.getvalue())
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began >= 0.3
    assert child.exit_code() == -signal.SIGKILL


def test_stopping_five_deaf_processes_stays_within_ten_seconds(
    supervisor: Supervisor, screen: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have one budget, however long each of them may take; here it is a tenth."""
    assert module.STOP_BUDGET <= 9.5
    monkeypatch.setattr(module, "STOP_BUDGET", module.STOP_BUDGET / 10)
    for _ in range(5):
        supervisor.start(Spec(name="deaf", command=python(DEAF), grace=60))
    pids = [child.pid for child in supervisor.children]
    wait_until(
        lambda: supervisor.pump(0.05) is None and screen.getvalue().count("| deaf") == 5
    )
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 60
    assert not any(is_alive(pid) for pid in pids)


def test_asking_twice_skips_the_waiting(
    supervisor: Supervisor, screen: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_BUDGET", 600)
    for _ in range(3):
        supervisor.start(Spec(name="deaf", command=python(DEAF), grace=60))
    wait_until(
        lambda: supervisor.pump(0.05) is None and screen.getvalue().count("| deaf") == 3
    )
    signal.signal(signal.SIGALRM, supervisor._on_stop)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    began = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - began < 60


def test_what_a_process_left_behind_goes_with_it(supervisor: Supervisor) -> None:
    code = "sleep 300 & echo $! >&2; wait"
    child = supervisor.start(Spec(name="family", command=["sh", "-c", code]))
    wait_until(lambda: supervisor.pump(0.05) is None and bool(child.last_lines))
    grandchild = int(child.last_lines[0])
    supervisor.stop()
    wait_until(lambda: not is_alive(grandchild))


def test_what_dies_is_started_again(supervisor: Supervisor, screen: StringIO) -> None:
    changes: list[int] = []
    supervisor.on_change = lambda: changes.append(1)
    child = supervisor.start(Spec(name="worker", command=["sleep", "300"]))
    first = child.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: supervisor.look_after(0.05) is None and child.pid != first)
    assert child.exit_code() is None
    assert len(changes) == 2
    assert "worker died (ended by SIGKILL); starting it again in 0.5 s" in (
        screen.getvalue()
    )


def test_five_quick_deaths_are_enough(
    supervisor: Supervisor, screen: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.01)
    supervisor.start(Spec(name="web", command=["sh", "-c", "echo no port; exit 3"]))
    with pytest.raises(UnableToRun, match=r"web died 6 times[\s\S]*no port"):
        supervisor.watch()
    assert screen.getvalue().count("web died (exit code 3)") == 5


def test_an_old_death_is_forgotten(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "QUICK_DEATH", 0.0)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.01)
    child = supervisor.start(Spec(name="web", command=["true"]))
    for _ in range(8):
        pid = child.pid
        wait_until(lambda: supervisor.look_after(0.05) is None and child.pid != pid)  # noqa: B023


def test_a_start_that_fails_shows_the_last_words(supervisor: Supervisor) -> None:
    spec = Spec(
        name="web",
        command=["sh", "-c", "echo the port is taken; exit 1"],
        ready=lambda: False,
    )
    with pytest.raises(UnableToRun, match=r"exit code 1[\s\S]*the port is taken"):
        supervisor.start(spec)


def test_patience_has_an_end(supervisor: Supervisor) -> None:
    spec = Spec(name="web", command=["sleep", "300"], ready=lambda: False, patience=0.2)
    with pytest.raises(UnableToRun, match="not ready after 0 seconds"):
        supervisor.start(spec)


def test_a_missing_program(supervisor: Supervisor) -> None:
    with pytest.raises(UnableToRun, match="ghost cannot be started"):
        supervisor.start(Spec(name="ghost", command=["/no/such/program"]))
    with pytest.raises(UnableToRun, match="cannot be started"):
        supervisor.foreground(["/no/such/program"], {})


def test_a_step_returns_its_words(supervisor: Supervisor, screen: StringIO) -> None:
    code = "printf 'one\\ntwo'; echo \"$GREETING\""
    words = supervisor.step("Counting", ["/bin/sh", "-c", code], {"GREETING": " three"})
    assert words == ["one", "two three"]
    assert screen.getvalue().startswith("Counting …\nCounting: done (")
    assert supervisor.children == []


def test_a_step_that_fails_shows_its_words(supervisor: Supervisor) -> None:
    with pytest.raises(UnableToRun, match=r"Counting failed\.\nno numbers"):
        supervisor.step("Counting", ["sh", "-c", "echo no numbers; exit 1"], {})


def test_foreground_gives_the_exit_code(supervisor: Supervisor) -> None:
    environment = dict(os.environ)
    assert supervisor.foreground(["sh", "-c", "exit 7"], environment) == 7
    assert supervisor.foreground(["sh", "-c", "kill -9 $$"], environment) == 137


def test_foreground_gets_the_signals(supervisor: Supervisor) -> None:
    code = "trap 'exit 5' TERM; while :; do sleep 0.05; done"
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    assert supervisor.foreground(["sh", "-c", code], dict(os.environ)) == 5


def test_foreground_is_left_alone_when_it_heard_for_itself(
    supervisor: Supervisor,
) -> None:
    signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    code = supervisor.foreground(
        ["sleep", "0.6"], dict(os.environ), pass_on=lambda _number: False
    )
    assert code == 0


def test_a_server_that_cannot_be_kept_ends_the_command(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.01)
    supervisor.start(Spec(name="postgres", command=["false"]))
    with pytest.raises(UnableToRun, match="postgres died"):
        supervisor.foreground(["sleep", "300"], dict(os.environ))


def test_a_child_that_was_never_started() -> None:
    child = Child(Spec(name="web", command=["true"]), lambda _name, _line: None)
    assert child.exit_code() is None
    assert child.how_it_ended() == "still running"
    with pytest.raises(ValueError, match="never started"):
        _ = child.pid
    with pytest.raises(ValueError, match="never started"):
        _ = child.output
