"""A database of one's own, and real workers and beats to kill."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import psycopg2

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def own_database() -> Iterator[str]:
    """This will make an empty database on the given server and drop it afterwards."""
    given = os.environ["DATABASE_URL"]
    name = f"chaos_{uuid.uuid4().hex[:10]}"
    parts = dj_database_url.parse(given)
    server = psycopg2.connect(
        dbname="postgres",
        user=parts["USER"] or None,
        password=parts["PASSWORD"] or None,
        host=parts["HOST"] or None,
        port=parts["PORT"] or None,
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    split = urlsplit(given)
    try:
        yield urlunsplit(split._replace(path=f"/{name}"))
    finally:
        with server.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        server.close()


class Child:
    """A real process in a session of its own, killed as a whole."""

    def __init__(self, *arguments: str, env: dict[str, str], log: Path) -> None:
        self.log = log.open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=env,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """This will end the process and its children at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def worker(env: dict[str, str], log: Path) -> Child:
    """This will start a worker with two processes."""
    return Child(
        "celery", "-A", "config", "worker", "-Q", "default,nightly",
        "--concurrency", "2", "-O", "fair", "--loglevel", "WARNING",
        env=env, log=log,
    )  # fmt: skip


def beat(env: dict[str, str], log: Path, state: Path) -> Child:
    """This will start a beat with a state file of its own."""
    return Child(
        "celery", "-A", "config", "beat", "-s", str(state), "--loglevel", "WARNING",
        env=env, log=log,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """This will poll until the condition holds, or fail naming what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    msg = f"{what} did not come within {seconds:.0f} s."
    raise TimeoutError(msg)
