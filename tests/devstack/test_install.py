"""Installing: the stamp, the half-made environment, and plain words when it fails."""

import fcntl
import shutil
import sys
from io import StringIO
from pathlib import Path

import pytest

from devstack import install as module
from devstack.console import Console
from devstack.errors import UnableToRun
from devstack.install import (
    STAMP,
    UNFINISHED,
    add_packages,
    install,
    make_venv,
    usable_venv,
    uv_program,
    wanted_stamp,
)
from devstack.modules import described


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "CHECKOUT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    (tmp_path / "requirements.txt").write_text("django==5 \\\n    --hash=x\n")
    (tmp_path / "requirements-dev.txt").write_text("django==5\npytest==9\n")
    (tmp_path / "requirements-bench.txt").write_text("django==5\nduckdb==2\n")
    (tmp_path / "requirements-peers.txt").write_text("django==5\nlifetimes==0\n")
    return tmp_path


@pytest.fixture
def console(screen: StringIO) -> Console:
    return Console(screen)


def fake_tools(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A uv that writes down how it was called, and makes a venv of links."""
    diary = checkout / "diary"
    uv = checkout / "uv"
    uv.write_text(
        f'#!/bin/sh\necho "$1 $2" >> "{diary}"\n'
        f'if [ "$1" = venv ]; then\n  for last; do :; done\n  mkdir -p "$last/bin"\n'
        f'  ln -s "{sys.executable}" "$last/bin/python"\nfi\n'
    )
    uv.chmod(0o755)
    monkeypatch.setattr(module, "uv_program", lambda: str(uv))
    return diary


def test_first_and_second_installation(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = fake_tools(checkout, monkeypatch)
    install("run", console)
    assert diary.read_text() == "venv --quiet\npip install\n"
    assert (checkout / ".venv" / STAMP).read_text() == wanted_stamp("run")
    install("run", console)
    assert diary.read_text() == "venv --quiet\npip install\n"


def test_tools_stay_once_they_are_installed(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_tools(checkout, monkeypatch)
    install("run", console)
    for larger in ("dev", "bench", "peers"):
        install(larger, console)
        assert module.installed_kind() == larger
        install("run", console)
        assert module.installed_kind() == larger
    install("dev", console)
    assert module.installed_kind() == "peers"


def test_an_installation_that_was_killed_begins_anew(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    diary = fake_tools(checkout, monkeypatch)
    install("run", console)
    (checkout / ".venv" / UNFINISHED).touch()
    (checkout / ".venv" / "half").touch()
    (checkout / ".venv" / STAMP).unlink()
    install("run", console)
    assert diary.read_text() == "venv --quiet\npip install\n" * 2
    assert not (checkout / ".venv" / "half").exists()
    assert not (checkout / ".venv" / UNFINISHED).exists()


def test_a_moved_environment_is_not_built_upon(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_tools(checkout, monkeypatch)
    install("run", console)
    assert usable_venv()
    (checkout / ".venv" / STAMP).write_text("run 1 2 /elsewhere\n")
    assert not usable_venv()


def test_no_environment_is_not_built_upon(checkout: Path) -> None:
    assert not usable_venv()


def test_a_python_without_venv_is_explained(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = checkout / "python"
    broken.write_text("#!/bin/sh\necho ensurepip is not available\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(module.sys, "executable", str(broken))
    with pytest.raises(
        UnableToRun, match=r"ensurepip[\s\S]*apt-get install python3-venv"
    ):
        make_venv(None, console)
    assert not (checkout / ".venv").exists()


def test_a_real_environment_replaces_what_is_in_the_way(
    checkout: Path, console: Console
) -> None:
    (checkout / ".venv").write_text("a file")
    make_venv(None, console)
    assert usable_venv() is False  # nothing is installed yet
    (checkout / ".venv" / UNFINISHED).unlink()
    assert usable_venv() is True


def test_a_failed_installation_shows_the_last_words(
    checkout: Path, console: Console, screen: StringIO
) -> None:
    tool = checkout / "uv"
    tool.write_text(
        "#!/bin/sh\necho Collecting django\necho no route to host\nexit 1\n"
    )
    tool.chmod(0o755)
    with pytest.raises(UnableToRun, match=r"no route to host[\s\S]*on the network"):
        add_packages(str(tool), checkout / "requirements.txt", console)
    assert "Installing packages (a few seconds with uv): failed" in screen.getvalue()


def test_pip_checks_every_checksum_too(
    checkout: Path, console: Console, screen: StringIO
) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" > {checkout}/words\n')
    python.chmod(0o755)
    add_packages(None, checkout / "requirements.txt", console)
    words = (checkout / "words").read_text()
    assert words.startswith("-m pip install")
    assert "--require-hashes" in words
    assert "Installing packages (about half a minute" in screen.getvalue()


def test_a_folder_that_cannot_be_written_is_explained(
    checkout: Path, console: Console
) -> None:
    shutil.rmtree(checkout)
    with pytest.raises(UnableToRun, match="cannot be written"):
        install("run", console)


def test_modules_are_listed_without_importing_them(tmp_path: Path) -> None:
    (tmp_path / "nightly.py").write_text('"""Times the nightly run.\n\nMore."""\n1 / 0')
    (tmp_path / "broken.py").write_text("def")
    (tmp_path / "_private.py").touch()
    (tmp_path / "silent.py").touch()
    assert described(tmp_path) == [
        "  broken             (cannot be read)",
        "  nightly            Times the nightly run.",
        "  silent",
    ]


def test_two_installers_wait_for_each_other(
    checkout: Path, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_tools(checkout, monkeypatch)
    with (checkout / ".venv.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        monkeypatch.setattr(
            module.time, "sleep", lambda _: fcntl.flock(other, fcntl.LOCK_UN)
        )
        install("run", console)
    assert module.installed_kind() == "run"


def test_uv_is_taken_from_the_path_or_the_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda _name: None)
    assert uv_program() is None
    own = checkout / ".venv" / "bin" / "uv"
    own.parent.mkdir(parents=True)
    own.touch()
    assert uv_program() == str(own)
    monkeypatch.setattr(module.shutil, "which", lambda _name: "/usr/bin/uv")
    assert uv_program() == "/usr/bin/uv"
