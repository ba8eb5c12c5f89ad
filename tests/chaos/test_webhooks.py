"""The short form of webhooks under fire, with real processes."""

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_no_event_is_lost_counted_twice_or_believed_when_it_is_forged() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.webhooks"],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=1_700,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" ok\n") == 13
