"""A dead process, a zombie, and a living one are told apart."""

import os
import subprocess
import sys

import pytest

from devstack import liveness
from devstack.liveness import command_line, is_alive
from tests.devstack.conftest import wait_until


def zombie() -> int:
    """The number of a child that has ended and that nobody has waited for."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    wait_until(lambda: not is_alive(pid))
    os.kill(pid, 0)  # it still answers: this is why a signal is no proof of life
    return pid


def test_living_process() -> None:
    assert is_alive(os.getpid())


def test_dead_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        pass
    assert not is_alive(process.pid)
    assert command_line(process.pid) == ""


def test_zombie_is_dead() -> None:
    pid = zombie()
    assert not is_alive(pid)
    os.waitpid(pid, 0)


def test_other_systems_ask_ps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(liveness, "LINUX", False)
    assert is_alive(os.getpid())
    assert "python" in command_line(os.getpid())
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    wait_until(lambda: not is_alive(pid))
    os.waitpid(pid, 0)
    assert not is_alive(pid)
    assert command_line(pid) == ""


def test_command_line_of_a_process() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        wait_until(lambda: command_line(process.pid) == "sleep 60")
        process.kill()
