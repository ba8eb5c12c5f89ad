"""Workers step back where somebody waits for a page."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from common.priority import NICE, backend_steps_back, step_back

pytestmark = pytest.mark.django_db


def priority(pid: int) -> int:
    return os.getpriority(os.PRIO_PROCESS, pid)


def test_a_process_steps_back_once_and_never_forward() -> None:
    before = priority(0)
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as child:
        assert priority(child.pid) == before
        step_back(child.pid)
        assert priority(child.pid) == max(before, NICE)
        os.setpriority(os.PRIO_PROCESS, child.pid, 15)
        step_back(child.pid)
        assert priority(child.pid) == 15
        child.communicate(b"\n")


def test_a_process_that_is_gone_is_no_error() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    step_back(child.pid)
    assert child.returncode == 0


def test_the_database_s_process_steps_back_if_it_is_ours() -> None:
    other = connection.copy()
    try:
        other.ensure_connection()
        info = other.connection.info
        local = info.host.startswith("/")
        before = priority(info.backend_pid) if local else 0
        backend_steps_back(connection=other)
        if local:
            assert priority(info.backend_pid) == max(before, NICE)
    finally:
        other.close()


def test_a_database_elsewhere_is_left_alone() -> None:
    class Info:
        host = "127.0.0.1"
        backend_pid = os.getpid()

    class Reached:
        connection = type("Driver", (), {"info": Info})

    before = priority(0)
    backend_steps_back(connection=Reached)
    assert priority(0) == before
    # A socket of another machine's database: the number is not a PostgreSQL of ours.
    Info.host = "/run/elsewhere"
    backend_steps_back(connection=Reached)
    assert priority(0) == before
