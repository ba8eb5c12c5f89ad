"""Throw-away folders vanish, also those of commands that were killed."""

import os
import time
from pathlib import Path

import pytest

from devstack.errors import UnableToRun
from devstack.throwaway import PREFIX, remove_abandoned, throwaway_places


def test_folders_vanish_at_the_end() -> None:
    with throwaway_places() as places:
        root = places.var.parent
        assert places.sockets.is_dir()
    assert not root.exists()


def test_folders_vanish_after_an_error() -> None:
    with pytest.raises(UnableToRun), throwaway_places() as places:
        raise UnableToRun
    assert not places.var.parent.exists()


def test_only_abandoned_folders_are_removed(tmp_path: Path) -> None:
    long_ago = time.time() - 3600
    old, young, other = (
        tmp_path / name for name in (f"{PREFIX}old", f"{PREFIX}young", "other")
    )
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "lock").touch()
    for folder in (old, other):
        os.utime(folder, (long_ago, long_ago))
    remove_abandoned(tmp_path)
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_a_folder_in_use_is_left_alone() -> None:
    with throwaway_places() as places:
        root = places.var.parent
        long_ago = time.time() - 3600
        os.utime(root, (long_ago, long_ago))
        remove_abandoned(root.parent)
        assert places.sockets.is_dir()
