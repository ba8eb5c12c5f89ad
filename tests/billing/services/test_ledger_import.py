"""A folder of files leaves a ledger behind."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Company, ExchangeRate
from billing.models import LedgerState, Movement, RevenueDay

pytestmark = pytest.mark.django_db


def test_an_import_makes_the_ledger(company: Company, tmp_path: Path) -> None:
    ExchangeRate.objects.create(currency="USD", valid_on="2026-01-01", rate="0.9")
    (tmp_path / "customers.csv").write_text(
        "customer_id,name,customer_since\nC-1,Alba,2026-01-01\nC-2,Bora,2026-01-01\n"
    )
    subscriptions = tmp_path / "subscriptions.csv"
    begin = "subscription_id,customer_id,started_on,ended_on,mrr,currency\n"
    mine = "S-1,C-1,2026-01-10,,100,EUR\n"
    subscriptions.write_text(f"{begin}{mine}S-2,C-2,2026-02-01,2026-03-01,40,USD\n")
    call_command("import_folder", tmp_path, no_score=True)
    last = RevenueDay.objects.filter(currency="").order_by("-day")[0]
    assert (last.closing, last.customers) == (100, 1)
    assert Movement.objects.count() == 3
    built = LedgerState.objects.get().built
    call_command("import_folder", tmp_path, no_score=True)
    assert LedgerState.objects.get().built == built
    subscriptions.write_text(begin + mine.replace("2026-01-10", "2026-01-20"))
    call_command("import_folder", tmp_path, no_score=True)
    first = Movement.objects.filter(currency="EUR").get()
    assert str(first.day) == "2026-01-20"
