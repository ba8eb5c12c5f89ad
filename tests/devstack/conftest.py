"""What the tests of the supervisor share: folders, real servers, subprocesses."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest

from devstack.binaries import Binaries, find_binaries
from devstack.console import Console
from devstack.liveness import is_alive
from devstack.places import CHECKOUT, Places, server_account
from devstack.supervisor import Supervisor
from devstack.throwaway import throwaway_places

# Of a machine that does much else; what works is over long before.
PATIENCE = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The supervisor has one thread; only here does it share a process with more."""
    threads = "ignore:.*multi-threaded.*fork:DeprecationWarning"
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings(threads))


@pytest.fixture
def places() -> Iterator[Places]:
    with throwaway_places() as made:
        yield made


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    return find_binaries(server_account())


@pytest.fixture
def screen() -> StringIO:
    return StringIO()


@pytest.fixture
def supervisor(screen: StringIO) -> Iterator[Supervisor]:
    with Supervisor(Console(screen)) as made:
        yield made


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder for KEEPWELL_VAR that the servers' user can reach, with short paths."""
    folder = Path(tempfile.mkdtemp(prefix="keepwell-var-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class Started:
    """A devstack command in a process of its own, killed at the end whatever happens."""

    def __init__(self, var: Path, *words: str, **extra: str) -> None:
        clean = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "REDIS_URL"}
            and not name.startswith("KEEPWELL_")
        }
        self.log = var / f"output-{time.monotonic_ns()}"
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                cwd=CHECKOUT,
                env={**clean, "KEEPWELL_VAR": str(var), **extra},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str, seconds: float = PATIENCE) -> None:
        def there() -> bool:
            assert self.process.poll() is None or text in self.output, self.output
            return text in self.output

        wait_until(there, seconds)

    def end(self, seconds: float = PATIENCE) -> int:
        return self.process.wait(seconds)


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Started]]:
    started: list[Started] = []

    def begin(*words: str, **extra: str) -> Started:
        started.append(Started(var, *words, **extra))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(PATIENCE)
            one.process.kill()
            one.process.wait()
    wait_until(lambda: not using(var))


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def using(folder: Path) -> list[str]:
    """The living processes whose command line or environment names a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if pid == os.getpid() or not is_alive(pid):
            continue
        with suppress(OSError):
            words = (entry / "cmdline").read_bytes()
            with suppress(OSError):
                words += (entry / "environ").read_bytes()
            if str(folder).encode() in words:
                found.append(f"{pid} {words[:80]!r}")
    return found
