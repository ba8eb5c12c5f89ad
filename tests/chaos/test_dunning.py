"""The short form of charging under fire, with real processes."""

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_killed_anywhere_every_invoice_is_charged_once() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.dunning"],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=1_700,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" ok\n") == 9
