"""What is made once in a run of the tests and copied wherever one is needed.

A run is pytest with all its workers and whatever these start; KEEPWELL_TEST_RUN names its
folder. A database with all tables takes many seconds to migrate and half a second to copy.
"""

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT, server_statements, url_of

RUN = "KEEPWELL_TEST_RUN"
# Small enough for a browser to go through, old enough for everything to have a page.
DEMO = ("demo", "--customers", "60", "--months", "14")


def run_folder() -> Path:
    """This will return the run's folder; who asks first is the one to clear it away."""
    if RUN not in os.environ:
        # Beside the static files of throw-away servers it goes with them, whatever happens.
        beside = Path(os.environ.get("KEEPWELL_STATIC_ROOT", "/nowhere")).parent
        where = beside if beside.is_dir() else None
        folder = Path(tempfile.mkdtemp(prefix="keepwell-run-", dir=where))
        os.environ[RUN] = str(folder)
        atexit.register(_clear, folder, os.getpid())
    return Path(os.environ[RUN])


def migrated() -> str:
    """This will return the name of a database to copy: all tables, no rows of ours."""
    return _database("migrated", "", ["migrate", "-v0"])


def with_demo() -> str:
    """This will return the name of a database to copy that holds a small demo company."""
    return _database("demo", migrated(), [*DEMO])


def static_files() -> Path:
    """This will return a folder with the collected static files, for all to read."""
    folder = run_folder() / "static"
    made_once("static", lambda: manage(["collectstatic", "--noinput", "-v0"], {}))
    return folder


def made_once(name: str, make: Callable[[], None]) -> None:
    """This will make something in the first process that asks; the others wait for it."""
    done = run_folder() / f"{name}.done"
    with unhurried(), (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        failed = done.with_suffix(".failed")
        assert not failed.exists(), failed.read_text()
        if not done.exists():
            try:
                make()
            except BaseException as problem:
                failed.write_text(f"{name} could not be made: {problem}")
                raise
            done.touch()


@contextmanager
def unhurried() -> Iterator[None]:
    """This will stop the clock of the test that asked first: the others gain by it."""
    left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)


def _database(name: str, template: str, command: list[str]) -> str:
    database = f"{run_folder().name.replace('-', '_')}_{name}"

    def make() -> None:
        copy = f' TEMPLATE "{template}"' if template else ""
        server_statements(
            f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)',
            f'CREATE DATABASE "{database}"{copy}',
        )
        with (run_folder() / "databases").open("a") as names:
            names.write(f"{database}\n")
        manage(command, {"DATABASE_URL": url_of(database), "KEEPWELL_DEMO": "1"})

    made_once(name, make)
    return database


def manage(command: list[str], env: dict[str, str]) -> None:
    """This will run a command of manage.py with more in its environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "KEEPWELL_STATIC_ROOT": str(run_folder() / "static"),
            "KEEPWELL_DEBUG": "0",
            "OMP_NUM_THREADS": "1",
            **env,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=3_600,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _clear(folder: Path, owner: int) -> None:
    if os.getpid() != owner:
        return
    names = folder / "databases"
    if names.exists():
        server_statements(
            *(
                f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
                for name in reversed(names.read_text().split())
            )
        )
    shutil.rmtree(folder, ignore_errors=True)
