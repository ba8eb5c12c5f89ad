"""This module will tell whether static files have to be collected again."""

import hashlib
from pathlib import Path

from devstack.places import CHECKOUT, Places

SOURCES = ("static/**/*", "*/static/**/*", "var/build/static/**/*")
# Packages bring static files too, and settings say how they are stored.
ALSO = ("requirements.txt", "config/settings.py")


def fingerprint(checkout: Path = CHECKOUT) -> str:
    """This will return a sum over names, sizes and times of all static files."""
    paths = {path for pattern in SOURCES for path in checkout.glob(pattern)}
    paths |= {checkout / name for name in ALSO}
    # The default place of the collected files themselves matches the patterns.
    result = checkout / "var" / "static"
    paths = {path for path in paths if not path.is_relative_to(result)}
    found = hashlib.sha256(str(checkout).encode())
    for path in sorted(paths):
        if path.is_file():
            status = path.stat()
            found.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def up_to_date(places: Places, found: str) -> bool:
    """This will tell whether the collected files are those of this fingerprint."""
    stamp = places.static / ".collected"
    return stamp.is_file() and stamp.read_text() == found


def remember(places: Places, found: str) -> None:
    """This will note which files have been collected, once they all are."""
    places.static.mkdir(exist_ok=True)
    (places.static / ".collected").write_text(found)
