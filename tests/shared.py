"""The shared test data: real companies' files, kept outside the repository."""

import os
from pathlib import Path

import pytest

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"


def data_folder(name: str) -> Path:
    """This will return a folder of the shared data.

    Where it is absent a test fails in CI, for a check that did not run is no check, and
    skips loudly elsewhere.
    """
    folder = Path(os.environ.get("KEEPWELL_DATA") or DEFAULT) / name
    if folder.is_dir():
        return folder
    message = f"The shared test data {name!r} is not there; set KEEPWELL_DATA."
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
