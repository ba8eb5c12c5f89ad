"""Many threads write, a hundred people are erased, and a superuser tampers 100 times."""

import os
import subprocess
import sys

from tests import once
from tests.processes import ROOT, own_database

FIGURES = {
    "written.by_threads": "360",
    "erased.entries": "360",
    "erased.false_alarms": "0",
    "tampered.found": "100",
    "tampered.false_alarms": "0",
    "speed.faults": "0",
}


def test_everything_is_found_and_nothing_else() -> None:
    with own_database(once.migrated()) as url:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.audit"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    found = {line[0]: line[1] for line in lines if line[0] in FIGURES}
    assert found == FIGURES
