"""The short form of learning under fire, with real processes."""

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_killed_workers_learn_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.training"],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=1_700,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" ok\n") == 10
