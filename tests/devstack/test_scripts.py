"""The commands in script/: plain sh, help for each, and quick when nothing changed."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from devstack.places import CHECKOUT

SCRIPTS = sorted(
    path for path in (CHECKOUT / "script").iterdir() if not path.name.startswith("_")
)
FILES = [*SCRIPTS, CHECKOUT / "script" / "_common.sh", CHECKOUT / ".ci" / "run"]


def run(*command: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        env={**os.environ, **extra},
        timeout=120,
        check=False,
    )


def test_the_promised_commands_exist() -> None:
    promised = {"server", "test", "check", "setup", "import", "bench", "chaos"}
    assert promised | {"manage", "lock"} <= {path.name for path in SCRIPTS}


@pytest.mark.parametrize("script", FILES, ids=lambda path: path.name)
def test_plain_sh(script: Path) -> None:
    assert run("sh", "-n", script).returncode == 0
    assert os.access(script, os.X_OK) or script.name == "_common.sh"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_command_has_help(script: Path) -> None:
    for word in ("--help", "-h"):
        done = run(script, word)
        assert done.returncode == 0, done.stderr
        assert f"script/{script.name}" in done.stdout
        assert len(done.stdout) > 150


@pytest.mark.parametrize("name", ["bench", "chaos"])
def test_an_unknown_name_is_explained(name: str) -> None:
    done = run(CHECKOUT / "script" / name, "nonsense")
    assert done.returncode == 2
    assert f"script/{name} --help lists" in done.stderr


def test_unknown_options_of_setup() -> None:
    done = run(CHECKOUT / "script" / "setup", "--fast")
    assert done.returncode == 2
    assert "knows only --dev" in done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout whose packages seem to be in place."""
    checkout = tmp_path / "a checkout"
    for name in ("script", "devstack"):
        shutil.copytree(CHECKOUT / name, checkout / name)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/bin/true")
    for path in CHECKOUT.glob("requirements*.txt"):
        shutil.copy(path, checkout / path.name)
    stamp(checkout, "requirements-dev.txt", "dev")
    return checkout


def stamp(checkout: Path, name: str, kind: str) -> None:
    with (checkout / name).open() as file:
        sums = subprocess.check_output(["cksum"], stdin=file, text=True).strip()
    text = f"{kind} {sums} {checkout}\n"
    (checkout / ".venv" / "keepwell-packages").write_text(text)


def setup(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """script/setup, with a Python that only says that it was needed."""
    python = checkout / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "installs: $*"\n')
    python.chmod(0o755)
    return run(checkout / "script" / "setup", *words, PYTHON=str(python))


def used() -> float:
    """The seconds of work that children took, however busy the machine is."""
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def test_nothing_changed_is_quick(copy: Path) -> None:
    for words in ((), ("--dev",)):
        began = used()
        done = setup(copy, *words)
        assert used() - began < 0.2
        assert (done.returncode, done.stdout) == (0, "")


def test_the_larger_set_needs_installing(copy: Path) -> None:
    stamp(copy, "requirements.txt", "run")
    assert setup(copy).stdout == ""
    assert setup(copy, "--dev").stdout == "installs: -m devstack.install dev\n"


@pytest.mark.parametrize("kind", ["bench", "peers"])
def test_a_larger_set_is_enough_for_less(copy: Path, kind: str) -> None:
    stamp(copy, f"requirements-{kind}.txt", kind)
    assert setup(copy).stdout == ""
    assert setup(copy, "--dev").stdout == ""


def bench(checkout: Path, name: str) -> str:
    """What script/bench installs, with a Python that only says that it was needed."""
    python = checkout / "python"
    python.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "installs: $*"\n')
    python.chmod(0o755)
    return run(checkout / "script" / "bench", name, PYTHON=str(python)).stdout


@pytest.mark.parametrize(
    ("name", "kind"), [("nightly", "bench"), ("clv_peers", "peers")]
)
def test_measuring_against_others_needs_more_than_working_on_it(
    copy: Path, name: str, kind: str
) -> None:
    assert bench(copy, name) == f"installs: -m devstack.install {kind}\n"


def test_the_largest_set_is_enough_for_all(copy: Path) -> None:
    stamp(copy, "requirements-peers.txt", "peers")
    assert bench(copy, "nightly") == bench(copy, "clv_peers") == ""
    stamp(copy, "requirements-bench.txt", "bench")
    assert bench(copy, "nightly") == ""
    assert bench(copy, "clv_peers") == "installs: -m devstack.install peers\n"


def test_a_changed_lock_needs_installing(copy: Path) -> None:
    with (copy / "requirements-dev.txt").open("a") as file:
        file.write("# newer\n")
    assert setup(copy).stdout == "installs: -m devstack.install run\n"


def test_a_copied_checkout_needs_installing(copy: Path) -> None:
    moved = copy.rename(copy.with_name("elsewhere"))
    assert setup(moved).stdout == "installs: -m devstack.install run\n"


def test_a_missing_interpreter_needs_installing(copy: Path) -> None:
    (copy / ".venv" / "bin" / "python").unlink()
    assert setup(copy).stdout == "installs: -m devstack.install run\n"


def test_a_machine_without_python_is_told_what_to_do(copy: Path) -> None:
    shutil.rmtree(copy / ".venv")
    tools = copy / "tools"
    tools.mkdir()
    for name in ("dirname", "cksum", "sh", "cat"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    done = run(copy / "script" / "setup", PATH=str(tools), PYTHON="")
    assert done.returncode == 1
    assert "Keepwell needs Python 3.11 or newer" in done.stderr
    assert "apt-get install python3" in done.stderr
