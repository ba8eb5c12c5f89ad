"""This module will run every linter and print one line for each."""

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from devstack.application import manage
from devstack.places import CHECKOUT
from devstack.run import run_throwaway

TOOL = (sys.executable, "-m")
# Programs of their own, which Python cannot run as a module, stand beside it.
PROGRAMS = Path(sysconfig.get_path("scripts"))
PRODUCTION = {
    "KEEPWELL_DEBUG": "0",
    "KEEPWELL_HTTPS": "1",
    "KEEPWELL_ALLOWED_HOSTS": "keepwell.example",
    # As long and varied as the deployment check asks for; it guards nothing.
    "KEEPWELL_SECRET_KEY": "only-for-script-check-" + "0123456789abcdefghijk" * 2,
}


@dataclass(frozen=True)
class Linter:
    """This will hold one linter: its name, its command, and what it is told."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


LINTERS = (
    Linter("ruff", (*TOOL, "ruff", "check", "--output-format", "concise", ".")),
    Linter("ruff format", (*TOOL, "ruff", "format", "--check", ".")),
    Linter("mypy", (*TOOL, "mypy", ".")),
    Linter(
        "import-linter",
        (
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
        ),
    ),
    Linter("djlint", (*TOOL, "djlint", "templates", "--lint", "--profile", "django")),
    Linter("djangofmt", (str(PROGRAMS / "djangofmt"), "--check", "templates")),
    Linter(
        "deployment check",
        tuple(manage("check", "--deploy", "--fail-level", "WARNING")),
        PRODUCTION,
    ),
    Linter("migrations", tuple(manage("makemigrations", "--check", "--dry-run"))),
)


def check(linters: Sequence[Linter] = LINTERS) -> int:
    """This will run all linters, however many complain; 1 if any does."""
    failed = 0
    # The slow one leaves a second core free for all others.
    with ThreadPoolExecutor(2) as pool:
        for linter, (complaint, seconds) in zip(
            linters, pool.map(timed, linters), strict=True
        ):
            verdict = "FAILED" if complaint is not None else "ok"
            print(f"{linter.name:<18} {verdict:<7} {seconds:.1f} s", flush=True)
            if complaint is not None:
                failed += 1
                print(complaint, flush=True)
    if failed:
        print(f"{failed} of {len(linters)} linters complain.")
    return 1 if failed else 0


def timed(linter: Linter) -> tuple[str | None, float]:
    """This will return what `complaint_of` says, and after how many seconds."""
    began = time.monotonic()
    complaint = complaint_of(linter)
    return complaint, time.monotonic() - began


def complaint_of(linter: Linter) -> str | None:
    """This will return a linter's words if it is not content, or could not run."""
    try:
        done = subprocess.run(
            linter.command,
            cwd=CHECKOUT,
            env={**os.environ, **linter.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"could not run: {error}"
    if done.returncode == 0:
        return None
    return done.stdout.strip() or f"exit code {done.returncode}, without a word"


if __name__ == "__main__":
    if "--inside" in sys.argv[1:]:
        sys.exit(check())
    # Django's own checks look at the database and for the built assets.
    inside = [*TOOL, "devstack.check", "--inside"]
    sys.exit(run_throwaway(inside, fast=True, assets=True))
