"""The guard ends what a killed supervisor left behind, whatever it listens to."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from devstack import guard
from devstack.guard import end, listen, tell
from devstack.liveness import is_alive
from tests.devstack.conftest import Started, wait_until
from tests.devstack.test_supervisor import DEAF

SUPERVISOR = f"""
import sys
from devstack.console import Console
from devstack.processes import Spec
from devstack.supervisor import Supervisor
with Supervisor(Console()) as supervisor:
    child = supervisor.start(Spec(name="deaf", command=[sys.executable, "-c", {DEAF!r}]))
    print("pid", child.pid, flush=True)
    supervisor.watch()
"""


def test_only_what_still_runs_is_left() -> None:
    assert listen(["+5 15\n", "+6 2\n", "-5\n", "-4\n", "+7 3\n"]) == {6: 2, 7: 3}


def test_asks_first_and_then_ends() -> None:
    deaf = subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True
    )
    polite = subprocess.Popen(["sleep", "300"], start_new_session=True)
    with deaf, polite:
        assert deaf.stdout is not None
        deaf.stdout.readline()
        asked = {polite.pid: signal.SIGINT, deaf.pid: signal.SIGTERM, 2**22 + 1: 15}
        end({pid: int(number) for pid, number in asked.items()}, grace=0.3)
        assert deaf.wait(60) == -signal.SIGKILL
        assert polite.wait(60) == -signal.SIGINT
    assert not tell(deaf.pid, 0)


def test_nothing_left_is_quick() -> None:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-I", "-S", Path(guard.__file__)],
        input="+1 15\n-1\n",
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0
    # Its patience with what does not end is ten times as long.
    assert time.monotonic() - began < 20


def test_kill_9_ends_even_the_deaf(start: Callable[..., Started]) -> None:
    supervisor = start("-c", SUPERVISOR)
    supervisor.wait_for("pid ")
    supervisor.wait_for("| deaf")
    pid = int(supervisor.output.split("pid ")[1].split()[0])
    supervisor.process.kill()
    supervisor.end()
    assert is_alive(pid)
    wait_until(lambda: not is_alive(pid))
