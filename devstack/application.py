"""This module will describe the application's own processes: web, worker, beat."""

import http.client
import sys
from collections.abc import Mapping, Sequence
from signal import SIGKILL, SIGQUIT
from typing import Final

from devstack.places import Places
from devstack.processes import Spec

PYTHON: Final = (sys.executable, "-m")

# Shared with docker-compose.yml, which a test compares.
WEB: Sequence[str] = (
    *("gunicorn", "config.wsgi:application"),
    *("--workers", "2", "--threads", "4"),
    # gunicorn would otherwise leave a control socket in the home folder.
    "--no-control-socket",
    *("--timeout", "60"),
    *("--log-level", "warning"),
)
WORKER: Sequence[str] = (
    *("celery", "-A", "config", "--quiet", "worker"),
    *("-Q", "default,mail,nightly,training", "--concurrency", "2", "-O", "fair"),
    # With one worker there is nobody to gossip with; it starts a second sooner.
    *("--without-gossip", "--without-mingle"),
    *("--loglevel", "WARNING"),
)
BEAT: Sequence[str] = (
    *("celery", "-A", "config", "--quiet", "beat"),
    *("--pidfile=", "--loglevel", "WARNING"),
)


def manage(*words: str) -> list[str]:
    """This will return the command line of one of manage.py's commands."""
    return [sys.executable, "manage.py", *words]


def web_spec(environment: Mapping[str, str], port: int) -> Spec:
    """This will describe the web server on this machine's own address."""
    # Ctrl-C promises an end within ten seconds for everything together.
    quick_end = ("--graceful-timeout", "2")
    return Spec(
        name="web",
        command=[*PYTHON, *WEB, *quick_end, "--bind", f"127.0.0.1:{port}"],
        environment=environment,
        hard_signal=SIGQUIT,
        death_signal=SIGQUIT,
        grace=2.2,
        ready=lambda: answers(port),
        patience=90,
    )


def worker_spec(environment: Mapping[str, str]) -> Spec:
    """This will describe the worker.

    When it is stopped in the middle of a task, the task's row in the database
    stays pending and is picked up again later.
    """
    return Spec(
        name="worker",
        command=[*PYTHON, *WORKER],
        # Numerical libraries would start a thread per core in each process.
        environment={**environment, "OMP_NUM_THREADS": "1"},
        hard_signal=SIGQUIT,
        # Without its queue, which dies as well, Celery would not end by itself.
        death_signal=SIGKILL,
        grace=2.5,
    )


def beat_spec(environment: Mapping[str, str], places: Places) -> Spec:
    """This will describe the clock that ticks once a minute."""
    return Spec(
        name="beat",
        command=[*PYTHON, *BEAT, "-s", places.var / "beat"],
        environment=environment,
        grace=1.0,
    )


def answers(port: int, path: str = "/healthz/ready", *, within: float = 2) -> bool:
    """This will tell whether the web server answers 200 within so many seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=within)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
