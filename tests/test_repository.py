"""Guards on the repository itself."""

import ast
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
APPS = [
    "accounts",
    "billing",
    "common",
    "customers",
    "demo",
    "health",
    "insights",
    "mail",
    "surveys",
]
# Each holds the ones before it.
REQUIREMENTS = (
    "requirements",
    "requirements-dev",
    "requirements-bench",
    "requirements-peers",
)


def tracked(*patterns: str) -> list[Path]:
    """This will list the files of the checkout that git knows or would take."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    files = [ROOT / line for line in out if (ROOT / line).is_file()]
    assert files, f"no file matches {patterns}"
    return files


def test_the_network_is_closed_but_for_loopback() -> None:
    with pytest.raises(Exception, match=r"allow_hosts|not allowed|A test tried"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_files_name_no_machine_and_no_index() -> None:
    forbidden = re.compile(
        r"(?<![\w.])/(?:root|home)/[a-z]|--(?:extra-)?index-url|find-links"
    )
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:80]}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".txt", ".in", ".toml", ".yml", ".html", ""}
        and path != Path(__file__)
        for line in path.read_text(errors="ignore").splitlines()
        if forbidden.search(line) and "# allowed" not in line
    ]
    assert found == []


def test_templates_have_no_inline_style_script_or_handler() -> None:
    """The strict Content-Security-Policy would refuse them in the browser."""
    inline = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*\bsrc=)""")
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in tracked("templates/*.html", "templates/**/*.html")
        for match in [inline.search(path.read_text())]
        if match
    ]
    assert found == []


# ADR 7: where a cursor may be spoken to.
SQL_HOMES = re.compile(
    r"/selectors/|_sql\.py$|/importing/|/importers/|^common/(copy|locks|partitions)\.py$"
    r"|^health/services/(runs|writing|finishing)\.py$|^customers/services/imports\.py$"
    r"|/migrations/"
)


def test_raw_sql_stays_in_its_homes() -> None:
    strays = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if path.relative_to(ROOT).parts[0] in APPS
        and "connection.cursor(" in path.read_text()
        and not SQL_HOMES.search(str(path.relative_to(ROOT)))
        and path.name != "views.py"
    ]
    assert strays == []


def test_only_the_health_check_speaks_to_a_cursor_in_a_view() -> None:
    views = [p for p in tracked("*.py") if p.name == "views.py"]
    found = [
        str(path.relative_to(ROOT))
        for path in views
        if "connection.cursor(" in path.read_text()
    ]
    assert found == ["common/views.py"]


def test_calculations_know_no_clock() -> None:
    clock = re.compile(r"\b(?:date\.today|datetime\.now|timezone\.now|time\.time)\(")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if "/calculations/" in str(path)
        and "tests" not in path.relative_to(ROOT).parts
        and clock.search(path.read_text())
    ]
    assert found == []


def test_every_dependency_says_what_it_is_for() -> None:
    for name in REQUIREMENTS:
        lines = (ROOT / f"{name}.in").read_text().splitlines()
        silent = [x for x in lines if x and x[0] not in "#-" and " # " not in x]
        assert silent == [], name


def test_locked_requirements_carry_hashes() -> None:
    for name in REQUIREMENTS:
        text = (ROOT / f"{name}.txt").read_text()
        pinned = re.findall(r"^[\w.\[\],-]+==", text, flags=re.MULTILINE)
        assert len(pinned) > 40
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "http://" not in text
        assert "https://" not in text


def test_psycopg_3_is_not_locked_in() -> None:
    """Django would silently prefer it over psycopg2 (ADR 4)."""
    assert not re.search(
        r"^psycopg==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE
    )


def test_the_version_is_the_changelogs() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert heading is not None
    assert heading.group(1) == version


def test_every_app_is_installed_and_described() -> None:
    described = (ROOT / "docs" / "architecture.md").read_text()
    for name in APPS:
        assert apps.is_installed(name)
        assert re.search(rf"^{name}\s", described, re.MULTILINE), name
        assert (ROOT / name / "apps.py").read_text().startswith('"""')


def test_the_fake_gateway_needs_nothing_but_python() -> None:
    """It runs beside the application, not inside, and is no part of the image."""
    imported = {
        name.split(".")[0]
        for path in tracked("fakegateway/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - set(sys.stdlib_module_names) == {"fakegateway"}
    assert "fakegateway" not in (ROOT / ".dockerignore").read_text()


def test_every_script_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    scripts = [
        p.name for p in (ROOT / "script").iterdir() if not p.name.startswith("_")
    ]
    assert [name for name in sorted(scripts) if f"script/{name}" not in readme] == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = re.compile(r"@pytest\.mark\.(?:skip|xfail)|pytest\.importorskip")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("tests/*.py", "tests/**/*.py")
        if path != Path(__file__) and marks.search(path.read_text())
    ]
    assert found == []


def test_languages_have_their_catalogues() -> None:
    for code, _name in settings.LANGUAGES:
        if code != "en":
            assert (ROOT / "locale" / code / "LC_MESSAGES" / "django.po").is_file()
