"""This module will make .venv and install the locked packages into it.

It runs on whatever Python 3.11 or newer the machine has, before any package is
there: standard library only.
"""

import fcntl
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from devstack.console import Console
from devstack.errors import UnableToRun
from devstack.places import CHECKOUT
from devstack.progress import Progress

VENV = CHECKOUT / ".venv"
STAMP = "keepwell-packages"
UNFINISHED = "keepwell-unfinished"
# Each kind holds the ones before it.
LOCKS = {
    "run": "requirements.txt",
    "dev": "requirements-dev.txt",
    "bench": "requirements-bench.txt",
    "peers": "requirements-peers.txt",
}
PIN = re.compile(r"^[A-Za-z0-9][\w.\-]*==", re.MULTILINE)
# Pure Python that is published as source only; nothing else is ever built.
BUILT_HERE = ("localstripe",)


def install(kind: str, console: Console) -> None:
    """This will bring .venv up to date with the lock of `kind` (a key of LOCKS)."""
    with only_one_installer(console):
        kinds = list(LOCKS)
        if installed_kind() in kinds[kinds.index(kind) :]:
            kind = installed_kind()
        if read_stamp() == wanted_stamp(kind):
            return
        tool = uv_program()
        if not usable_venv():
            make_venv(tool, console)
        unfinished = VENV / UNFINISHED
        unfinished.touch()
        tool = tool or uv_program()
        add_packages(tool, CHECKOUT / LOCKS[kind], console)
        (VENV / STAMP).write_text(wanted_stamp(kind))
        unfinished.unlink()


@contextmanager
def only_one_installer(console: Console) -> Iterator[None]:
    """This will keep two scripts from installing at the same time."""
    path = CHECKOUT / ".venv.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        msg = (
            f"The packages go into {VENV}, and that folder cannot be written "
            f"({error.strerror}). Please copy Keepwell to a folder of your own, or "
            "run as the user it belongs to."
        )
        raise UnableToRun(msg) from None
    progress = Progress(console, "Waiting for another installation", quiet_for=1)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                progress.tick()
                time.sleep(0.1)
        progress.finish()
        yield
    finally:
        os.close(descriptor)


def read_stamp() -> str:
    """This will return what was last installed completely, empty for nothing."""
    try:
        return (VENV / STAMP).read_text()
    except OSError:
        return ""


def installed_kind() -> str:
    """This will return a key of LOCKS, empty before the first installation."""
    return read_stamp().split(" ")[0]


def wanted_stamp(kind: str) -> str:
    """This will return the stamp that script/_common.sh compares with."""
    with (CHECKOUT / LOCKS[kind]).open("rb") as file:
        done = subprocess.run(["cksum"], stdin=file, capture_output=True, check=True)
    return f"{kind} {done.stdout.decode().strip()} {CHECKOUT}\n"


def usable_venv() -> bool:
    """This will tell whether .venv can be built upon.

    One that was copied from elsewhere, or whose installation was cut short, is
    made again: half a package cannot be told from a whole one.
    """
    python = VENV / "bin" / "python"
    if (VENV / UNFINISHED).exists():
        return False
    stamp = read_stamp()
    if stamp and not stamp.endswith(f" {CHECKOUT}\n"):
        return False
    try:
        tried = subprocess.run(
            [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0


def uv_program() -> str | None:
    """This will return uv, from the PATH or the environment itself."""
    own = VENV / "bin" / "uv"
    return shutil.which("uv") or (str(own) if own.exists() else None)


def make_venv(tool: str | None, console: Console) -> None:
    """This will make an empty virtual environment, replacing what is there."""
    if tool is not None and tool.startswith(f"{VENV}/"):
        tool = None
    progress = Progress(console, "Making a virtual environment in .venv")
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    # The marker is there before the first file: a kill at any point is noticed.
    VENV.mkdir()
    (VENV / UNFINISHED).touch()
    if tool is not None:
        command = [tool, "venv", "--quiet", "--allow-existing", "--python"]
        command += [sys.executable, str(VENV)]
    else:
        command = [sys.executable, "-m", "venv", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        msg = (
            "This Python cannot make a virtual environment.\n"
            f"{(done.stdout + done.stderr).strip()}\n"
            "Debian or Ubuntu: apt-get install python3-venv. Or install uv: "
            "https://docs.astral.sh/uv/"
        )
        raise UnableToRun(msg)
    progress.finish()


def add_packages(tool: str | None, lock: Path, console: Console) -> None:
    """This will install exactly what the lock names, checking every checksum."""
    python = str(VENV / "bin" / "python")
    if tool is not None:
        command = [tool, "pip", "install", "--python", python]
        words = "Installing packages (a few seconds with uv)"
    else:
        command = [python, "-m", "pip", "install", "--no-input"]
        command += ["--disable-pip-version-check", "--progress-bar", "off"]
        words = "Installing packages (about half a minute the first time)"
    command += ["--require-hashes", "--only-binary", ":all:"]
    command += ["--no-binary", ",".join(BUILT_HERE), "-r", str(lock)]
    total = len(PIN.findall(lock.read_text()))
    lines = follow(command, Progress(console, words), total)
    if lines is not None:
        raise UnableToRun(
            "The packages could not be installed.\n"
            + "\n".join(lines[-15:])
            + "\nIs this machine on the network? Running the script again goes on "
            "from the beginning."
        )


def follow(command: Sequence[str], progress: Progress, total: int) -> list[str] | None:
    """This will run an installer and show how far it is; its words if it fails."""
    lines: list[str] = []
    begun = 0
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        output = process.stdout
        while output is not None:
            if select.select([output], [], [], 0.2)[0]:
                line = output.readline()
                if not line:
                    break
                lines.append(line.rstrip())
                begun += line.startswith("Collecting ")
                if line.startswith("Installing collected"):
                    progress.detail = "writing files"
            progress.tick(done=begun, total=total if begun else 0)
    progress.finish("done" if process.returncode == 0 else "failed")
    return lines if process.returncode else None


if __name__ == "__main__":
    try:
        install(sys.argv[1], Console(sys.stderr))
    except UnableToRun as problem:
        sys.exit(f"\n{problem}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Running the script again begins anew.")
