"""A load that is killed goes on with the same command, as if nothing had happened."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from customers.enums import ImportState
from customers.models import ImportedFile, ImportRun, UsageDaily
from customers.services.imports import UnableToImport
from tests.customers.importing.content import content
from tests.customers.importing.folder import counts, load, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]
CHECKOUT = Path(__file__).resolve().parents[3]
BAD_EVERY = 1_000


def company_folder(folder: Path, rows: int = 30_000) -> Path:
    """This will write rows of usage, a bad one in every thousand."""
    customers = "customer_id,name,customer_since\n" + "".join(
        f"C-{number},Name {number},{'2024-01-01' if number else 'x'}\n"
        for number in range(501)
    )
    usage = ["customer_id,day,events"]
    for line in range(rows):
        day, number = divmod(line, 500)
        who = f"C-{number + 1}" if line % BAD_EVERY else "C-9999"
        usage.append(
            f"{who},{2024 + day // 336}-{day % 336 // 28 + 1:02}-{day % 28 + 1:02},7"
        )
    return write(folder, customers=customers, usage="\n".join(usage))


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """This will run the command in a process of its own, on the test's database."""
    url = f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}"
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_folder", str(folder), "--no-score"],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait_until(condition: Any, process: "subprocess.Popen[bytes]") -> None:
    """This will wait for the database to show something while the process lives."""
    deadline = time.monotonic() + 240
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            output = process.communicate()[0].decode()
            pytest.fail(f"The load ended before it could be killed:\n{output}")
        time.sleep(0.005)


def forget() -> None:
    call_command("flush", interactive=False, verbosity=0)


def test_a_killed_load_goes_on_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    folder = company_folder(tmp_path, rows=60_000)
    whole = load(folder)
    expected, rejects = content(), (folder / "rejected.csv").read_bytes()
    assert counts(whole, "usage") == (59_940, 0, 0, 60, 0)
    forget()
    (folder / "rejected.csv").unlink()

    # Killed while it reads the usage, then while it writes it.
    moments = (
        lambda: ImportedFile.objects.filter(table="customers", finished=True).exists(),
        lambda: ImportedFile.objects.filter(table="usage", lines_done__gt=0).exists(),
    )
    for reached in moments:
        process = start(folder)
        wait_until(reached, process)
        process.kill()
        process.communicate()
        wait_for_backend()
        assert not ImportedFile.objects.get(table="usage").finished
        assert not (folder / "rejected.csv").exists()
    written = UsageDaily.objects.count()
    assert 0 < written < 59_940

    process = start(folder)
    output = process.communicate(timeout=240)[0].decode()
    assert process.returncode == 0, output
    assert "Going on where the last import stopped." in output
    assert content() == expected
    assert (folder / "rejected.csv").read_bytes() == rejects
    file = ImportedFile.objects.get(table="usage")
    assert (file.created, file.changed, file.unchanged) == (59_940, 0, 0)
    assert ImportRun.objects.get().state == ImportState.DONE


def wait_for_backend() -> None:
    """The server notices a dead client when it next talks to it; it holds the lock."""
    with connection.cursor() as cursor:
        for _ in range(4_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
            if cursor.fetchone()[0] == 0:
                return
            time.sleep(0.05)
    pytest.fail("The killed load still holds its lock.")


def test_a_changed_file_begins_anew(tmp_path: Path) -> None:
    folder = company_folder(tmp_path)
    process = start(folder)
    wait_until(
        lambda: ImportedFile.objects.filter(table="customers", finished=True).exists(),
        process,
    )
    process.kill()
    process.communicate()
    wait_for_backend()
    with (folder / "usage.csv").open("a") as file:
        file.write("\nC-1,2025-11-20,7")
    report = load(folder)
    assert report.resumed is False
    assert [run.state for run in ImportRun.objects.order_by("pk")] == [
        ImportState.FAILED,
        ImportState.DONE,
    ]


def test_two_loads_at_once_are_refused(tmp_path: Path) -> None:
    folder = company_folder(tmp_path)
    process = start(folder)
    try:
        wait_until(ImportRun.objects.exists, process)
        with pytest.raises(UnableToImport, match="Another import is running"):
            load(folder)
    finally:
        process.kill()
        process.communicate()
        wait_for_backend()
