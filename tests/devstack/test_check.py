"""script/check: runs all linters, and one that could not run is a red light."""

import sys

import pytest

from devstack.check import LINTERS, Linter, check


def linter(name: str, code: str) -> Linter:
    return Linter(name, (sys.executable, "-c", code))


def test_all_content(capsys: pytest.CaptureFixture[str]) -> None:
    assert check([linter("good", "print('fine')")]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.split()[:2] == ["good", "ok"]


def test_all_run_whatever_the_first_says(capsys: pytest.CaptureFixture[str]) -> None:
    linters = [
        linter("bad", "print('line 3 is wrong'); exit(1)"),
        linter("silent", "exit(2)"),
        Linter("missing", ("/no/such/linter",)),
        linter("good", ""),
    ]
    assert check(linters) == 1
    shown = capsys.readouterr().out
    assert "line 3 is wrong" in shown
    assert "exit code 2, without a word" in shown
    assert "could not run" in shown
    assert shown.splitlines()[-1] == "3 of 4 linters complain."
    assert "good               ok" in shown


def test_the_linters() -> None:
    assert [one.name for one in LINTERS] == [
        *("ruff", "ruff format", "mypy", "import-linter", "djlint", "djangofmt"),
        *("deployment check", "migrations"),
    ]
