"""The short form of a survey under fire, with real processes."""

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT


@pytest.mark.chaos
@pytest.mark.timeout(1_800)
def test_everybody_is_asked_once_and_only_people_answer() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.surveys"],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=1_700,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" ok\n") == 30
