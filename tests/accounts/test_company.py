"""Changing the company's settings."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, ExchangeRate, User
from accounts.services.company import (
    UnableToChangeCurrency,
    UnableToSaveUnseen,
    company_change,
)
from common.changes import digest_of
from tests.accounts.entries import entries, entry, last_number
from tests.accounts.test_people import at_once
from tests.world import NOW, make_user


def save(values: dict[str, Any], *, by: Actor, **more: Any) -> list[str]:
    """This will save as somebody who has just looked."""
    stored = Company.objects.get()
    more.setdefault("seen", digest_of(stored, values))
    return company_change(values=values, by=by, now=NOW, **more)


def test_saves_and_writes_down_only_what_is_different(
    company: Company, admin: User
) -> None:
    values = {"name": "Fleetlane", "gross_margin": Decimal("0.7"), "horizon_months": 36}
    assert save(values, by=Actor(admin)) == ["gross_margin", "horizon_months"]
    company.refresh_from_db()
    assert (company.gross_margin, company.horizon_months) == (Decimal("0.7"), 36)
    found = entry()
    assert (found.action, found.subject_type) == (
        "accounts.company_changed",
        "accounts.company",
    )
    assert found.before == {"gross_margin": "0.8000", "horizon_months": 60}
    assert found.after == {"gross_margin": "0.7", "horizon_months": 36}


def test_the_same_once_more_changes_nothing(company: Company, admin: User) -> None:
    assert save({"name": "Fleetlane"}, by=Actor(admin)) == []
    assert entries() == []


def test_nobody_is_overwritten_unseen(company: Company, admin: User) -> None:
    seen = digest_of(Company.objects.get(), ["name"])
    save({"name": "Theirs"}, by=Actor(admin))
    with pytest.raises(UnableToSaveUnseen):
        save({"name": "Mine"}, by=Actor(admin), seen=seen)
    assert Company.objects.get().name == "Theirs"


def test_other_pages_do_not_get_in_the_way(company: Company, admin: User) -> None:
    seen = digest_of(Company.objects.get(), ["name"])
    save({"horizon_months": 24}, by=Actor(admin))
    assert save({"name": "Mine"}, by=Actor(admin), seen=seen) == ["name"]


@pytest.mark.parametrize(
    "values",
    [
        {"csm_sees": "own", "csm_changes": "team"},
        {"csm_sees": "team", "csm_changes": "all"},
        {"opens_at": dt.time(17), "closes_at": dt.time(9)},
        {"opens_at": dt.time(9), "closes_at": dt.time(9)},
        {"gross_margin": Decimal("1.5")},
        {"accent": "red"},
        {"name": ""},
    ],
)
def test_refuses_what_does_not_fit(
    company: Company, admin: User, values: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        save(values, by=Actor(admin))
    assert entries() == []


class TestCurrency:
    @pytest.fixture
    def rates(self, company: Company) -> None:
        for code, rate in (("USD", "0.9"), ("RON", "0.2")):
            ExchangeRate.objects.create(
                currency=code, valid_on=dt.date(2026, 1, 1), rate=rate
            )

    def test_needs_no_answer_without_rates(self, company: Company, admin: User) -> None:
        assert save({"currency": "USD"}, by=Actor(admin)) == ["currency"]
        assert entry().after == {"currency": "USD"}

    def test_needs_an_answer_about_rates(self, rates: None, admin: User) -> None:
        with pytest.raises(UnableToChangeCurrency):
            save({"currency": "USD"}, by=Actor(admin))
        assert Company.objects.get().currency == "EUR"

    @pytest.mark.parametrize(("keep", "left"), [(True, ["RON"]), (False, [])])
    def test_keeps_or_removes_them(
        self, rates: None, admin: User, *, keep: bool, left: list[str]
    ) -> None:
        """A currency never has a rate to itself."""
        save({"currency": "USD"}, by=Actor(admin), keep_rates=keep)
        assert list(ExchangeRate.objects.values_list("currency", flat=True)) == left
        assert entry().after == {"currency": "USD", "rates_removed": 2 - len(left)}

    def test_other_changes_leave_rates_alone(self, rates: None, admin: User) -> None:
        save({"name": "New"}, by=Actor(admin), keep_rates=False)
        assert ExchangeRate.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_saves_and_all_others_are_told() -> None:
    Company.objects.create(id=1)
    admin = make_user("admin@example.org", role="admin")
    seen = digest_of(Company.objects.get(), ["name"])
    before = last_number()
    results = at_once(
        *(
            lambda n=n: company_change(
                values={"name": f"By {n}"}, seen=seen, by=Actor(admin), now=NOW
            )
            for n in range(20)
        )
    )
    saved = [result for result in results if result == ["name"]]
    told = [result for result in results if isinstance(result, UnableToSaveUnseen)]
    assert (len(saved), len(told)) == (1, 19)
    written = AuditEntry.objects.filter(number__gt=before)
    assert [found.after["name"] for found in written] == [Company.objects.get().name]
