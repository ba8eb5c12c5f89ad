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
import redis

ROOT = Path(__file__).resolve().parents[1]
# For what surely comes, in seconds: a busy machine takes its time, a broken one for ever.
WAIT = 600


def server_statements(*statements: str) -> None:
    """This will speak to the given server outside of any transaction."""
    parts = dj_database_url.parse(os.environ["DATABASE_URL"])
    server = psycopg2.connect(
        dbname="postgres",
        user=parts["USER"] or None,
        password=parts["PASSWORD"] or None,
        host=parts["HOST"] or None,
        port=parts["PORT"] or None,
    )
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        server.close()


def url_of(name: str) -> str:
    """This will return the address of another database on the given server."""
    split = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(split._replace(path=f"/{name}"))


@contextmanager
def own_database(template: str = "template1") -> Iterator[str]:
    """This will copy a database on the given server, an empty one unless told, and drop it."""
    name = f"chaos_{uuid.uuid4().hex[:10]}"
    server_statements(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield url_of(name)
    finally:
        server_statements(f'DROP DATABASE "{name}" WITH (FORCE)')


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


def worker(
    env: dict[str, str], log: Path, queues: str = "default,mail,nightly"
) -> Child:
    """This will start a worker with two processes."""
    return Child(
        "celery", "-A", "config", "worker", "-Q", queues,
        "--concurrency", "2", "-O", "fair", "--loglevel", "WARNING",
        env=env, log=log,
    )  # fmt: skip


def beat(env: dict[str, str], log: Path, state: Path) -> Child:
    """This will start a beat with a state file of its own."""
    return Child(
        "celery", "-A", "config", "beat", "-s", str(state), "--loglevel", "WARNING",
        env=env, log=log,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool], what: str, seconds: float = WAIT) -> None:
    """This will poll until the condition holds, or fail naming what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    msg = f"{what} did not come within {seconds:.0f} s."
    raise TimeoutError(msg)


def own_redis() -> str:
    """This will choose an address on the given server that no other test process uses.

    The numbered databases of the one server: the default is 0, test workers take 2 and up.
    """
    given = os.environ["REDIS_URL"]
    number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw"))
    if given.startswith("redis+socket"):
        return f"{given.partition('?')[0]}?virtual_host={number}"
    return f"{given.rstrip('/').rpartition('/')[0]}/{number}"


def redis_client(url: str) -> "redis.Redis":
    """This will speak to the broker itself, to wipe it."""
    if url.startswith("redis+socket://"):
        path, _, query = url.removeprefix("redis+socket://").partition("?")
        number = int(query.rpartition("=")[2] or 0)
        return redis.Redis(unix_socket_path=path, db=number)
    return redis.Redis.from_url(url)
