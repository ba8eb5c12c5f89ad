"""This module will make data folders that live as long as one command."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from devstack.places import (
    Places,
    make_folder,
    private_sockets,
    server_account,
    temporary_folder,
)

PREFIX = "keepwell-test-"


@contextmanager
def throwaway_places() -> Iterator[Places]:
    """This will give fresh folders and remove them afterwards."""
    account = server_account()
    parent = temporary_folder(account)
    remove_abandoned(parent)
    root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        make_folder(root, 0o711 if account else 0o700)
        yield Places(
            var=make_folder(root / "var", 0o700),
            data=make_folder(root / "data", 0o711),
            sockets=private_sockets(root / "sockets", account),
            account=account,
        )
    finally:
        shutil.rmtree(root, ignore_errors=True)
        os.close(descriptor)


def remove_abandoned(parent: Path) -> None:
    """This will remove folders whose command was killed before it could.

    A living command holds the lock of its folder; young folders are left alone,
    because theirs may not be locked yet.
    """
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_uid != os.geteuid():
                continue
            if time.time() - folder.stat().st_mtime < 60:
                continue
            descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
