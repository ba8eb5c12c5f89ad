"""Where things live, for an ordinary user and for root."""

import os
import stat
from pathlib import Path

import pytest

from devstack import places as module
from devstack.errors import UnableToRun
from devstack.places import (
    LONGEST_SOCKET_NAME,
    SOCKET_PATH_LIMIT,
    Places,
    closed_home,
    make_folder,
    permanent_places,
    private_sockets,
    reachable_by_others,
    secret_key,
    server_account,
    temporary_folder,
)

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="needs root")


def test_root_runs_servers_as_somebody_else() -> None:
    account = server_account()
    if ROOT:
        assert account is not None
        assert account.uid != 0
    else:
        assert account is None


def test_ordinary_user_runs_servers_as_himself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert server_account() is None


def test_root_without_nobody_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(_name: str) -> None:
        raise KeyError

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(module.pwd, "getpwnam", unknown)
    with pytest.raises(UnableToRun, match="as an ordinary user"):
        server_account()


def test_socket_paths_are_short_enough(places: Places) -> None:
    longest = f"{places.sockets}{LONGEST_SOCKET_NAME}"
    assert len(longest) < SOCKET_PATH_LIMIT


def test_a_long_folder_for_temporary_files_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: f"/var/{'x' * 60}")
    assert temporary_folder(None) == Path("/tmp")  # noqa: S108


def test_permanent_places(var: Path) -> None:
    places = permanent_places({"KEEPWELL_VAR": str(var)})
    assert places.var == places.data == var
    assert places.postgres == var / "postgres"
    private_sockets(places.sockets, places.account)
    found = places.sockets.stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert found.st_uid == (places.account.uid if places.account else os.geteuid())
    assert len(f"{places.sockets}{LONGEST_SOCKET_NAME}") < SOCKET_PATH_LIMIT
    assert permanent_places({"KEEPWELL_VAR": str(var)}) == places
    places.sockets.rmdir()


@only_root
def test_root_keeps_data_outside_a_closed_folder(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = var / "outside"
    monkeypatch.setattr(module, "closed_home", lambda _var: outside)
    inner = var / "closed" / "var"
    inner.parent.mkdir(mode=0o700)
    places = permanent_places({"KEEPWELL_VAR": str(inner)})
    assert (places.var, places.data) == (inner, outside)
    assert stat.S_IMODE(inner.parent.stat().st_mode) == 0o700

    # Opened later, the folder must not seem to have lost its data.
    (outside / "postgres").mkdir()
    inner.parent.chmod(0o711)
    assert permanent_places({"KEEPWELL_VAR": str(inner)}).data == outside


def test_two_checkouts_have_two_homes() -> None:
    assert closed_home(Path("/a/var")) != closed_home(Path("/b/var"))


def test_reachable_by_others(var: Path) -> None:
    assert reachable_by_others(var)
    closed = var / "closed"
    closed.mkdir(mode=0o700)
    (closed / "inner").mkdir(mode=0o755)
    assert not reachable_by_others(closed / "inner")


def test_sockets_of_somebody_else_are_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    trap = tmp_path / "sockets"
    trap.symlink_to(elsewhere)
    with pytest.raises(UnableToRun, match="belongs to somebody else"):
        private_sockets(trap, None)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnableToRun, match="KEEPWELL_VAR"):
        make_folder(tmp_path / "file" / "var", 0o700)


def test_a_folder_of_another_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_path: Path, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", forbidden)
    with pytest.raises(UnableToRun, match="belongs to another user"):
        make_folder(tmp_path / "var", 0o700)


def test_secret_key_is_made_once_and_private(places: Places) -> None:
    first = secret_key(places)
    assert len(first) >= 50
    assert secret_key(places) == first
    assert [path.name for path in places.var.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((places.var / "secret_key").stat().st_mode) == 0o600
