"""The command: what it prints and how it ends."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer
from health.models import Run
from tests.customers.importing.folder import write

pytestmark = pytest.mark.django_db


def test_it_prints_what_became_of_every_table(tmp_path: Path) -> None:
    usage = "customer_id,day,events\nC-1,2024-03-01,5\nC-9,2024-03-01,5\n"
    out = io.StringIO()
    call_command(
        "import_folder", write(tmp_path, usage=usage), "--no-score", stdout=out
    )
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert [line[:6] for line in lines[:3]] == [
        ["table", "created", "changed", "unchanged", "rejected", "dropped"],
        ["customers", "2", "0", "0", "0", "0"],
        ["usage", "1", "0", "0", "1", "0"],
    ]
    assert out.getvalue().splitlines()[3:] == [
        "The newest fact is of 2024-03-01.",
        f"1 rejected row stands in {tmp_path / 'rejected.csv'}.",
    ]
    assert Run.objects.count() == 0


def test_it_scores_the_history(tmp_path: Path) -> None:
    usage = "customer_id,day,events\nC-1,2024-03-01,5\n"
    call_command("import_folder", write(tmp_path, usage=usage), stdout=io.StringIO())
    assert Run.objects.exists()


def test_it_ends_with_1_when_nothing_could_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nothing was imported") as caught:
        call_command("import_folder", tmp_path)
    assert caught.value.returncode == 1
    assert Customer.objects.count() == 0


def test_it_ends_with_2_without_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder") as caught:
        call_command("import_folder", tmp_path / "none")
    assert caught.value.returncode == 2
