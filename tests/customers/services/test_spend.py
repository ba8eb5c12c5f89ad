"""Spend and campaigns that are kept by hand."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, ExchangeRate, User
from customers.models import AcquisitionSpend, Campaign
from customers.services.campaigns import (
    CampaignValues,
    campaign_add,
    campaign_change,
)
from customers.services.spend import (
    SpendValues,
    UnableToNoteSpend,
    spend_add,
    spend_delete,
    spend_restore,
)
from tests.world import NOW, TODAY

LATER = NOW + dt.timedelta(hours=1)
HUNDRED = SpendValues(
    spent_on=TODAY, amount=Decimal("100.50"), currency="EUR", source="Trade fairs"
)


@pytest.fixture
def by(mara: User, company: Company) -> Actor:
    return Actor(user=mara)


def told() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_spend_is_noted(by: Actor) -> None:
    spend = spend_add(values=HUNDRED, by=by, now=NOW)
    spend.refresh_from_db()
    assert (spend.amount, spend.source, spend.created_by) == (
        Decimal("100.50"),
        "Trade fairs",
        by.user,
    )
    assert (spend.recorded_at, spend.recorded_assumed) == (NOW, False)
    entry = AuditEntry.objects.get()
    assert entry.action == "customers.spend_added"
    assert entry.after == {
        "spent_on": "2026-06-30",
        "amount": "100.50",
        "currency": "EUR",
        "source": "Trade fairs",
        "campaign": None,
    }


def test_spend_on_nothing_is_refused(by: Actor) -> None:
    nothing = SpendValues(spent_on=TODAY, amount=Decimal(1), currency="EUR")
    with pytest.raises(UnableToNoteSpend, match="a source, a campaign, or both"):
        spend_add(values=nothing, by=by, now=NOW)
    assert not AcquisitionSpend.objects.exists()


def test_spend_wants_a_rate_of_its_day_or_before(by: Actor) -> None:
    dollars = SpendValues(
        spent_on=TODAY, amount=Decimal(1), currency="USD", source="Paid ads"
    )
    rate = ExchangeRate.objects.create(
        currency="USD", valid_on=TODAY + dt.timedelta(days=1), rate=Decimal("0.9")
    )
    with pytest.raises(UnableToNoteSpend, match="no exchange rate of USD"):
        spend_add(values=dollars, by=by, now=NOW)
    ExchangeRate.objects.filter(pk=rate.pk).update(valid_on=TODAY)
    assert spend_add(values=dollars, by=by, now=NOW).currency == "USD"


def test_what_is_deleted_comes_back_as_it_was(by: Actor) -> None:
    campaign = campaign_add(values=CampaignValues("Fair"), by=by, now=NOW)
    spend = AcquisitionSpend.objects.create(
        external_id="P1",
        campaign=campaign,
        spent_on=TODAY,
        amount=Decimal("7.25"),
        currency="EUR",
        note="stand",
        recorded_at=NOW,
        recorded_assumed=True,
    )
    names = [field.attname for field in AcquisitionSpend._meta.concrete_fields]
    before = AcquisitionSpend.objects.values(*names).get()
    kept = spend_delete(spend=spend, by=by, now=NOW)
    assert not AcquisitionSpend.objects.exists()
    assert spend_restore(kept=kept, by=by, now=LATER) is not None
    assert AcquisitionSpend.objects.values(*names).get() == before
    assert spend_restore(kept=kept, by=by, now=LATER) is None
    assert told()[1:] == ["customers.spend_deleted", "customers.spend_restored"]


def test_what_was_imported_again_meanwhile_does_not_come_twice(by: Actor) -> None:
    values = {
        "external_id": "P1",
        "source": "Paid ads",
        "spent_on": TODAY,
        "amount": Decimal(9),
        "currency": "EUR",
        "recorded_at": NOW,
    }
    kept = spend_delete(spend=AcquisitionSpend.objects.create(**values), by=by, now=NOW)
    AcquisitionSpend.objects.create(**values)
    assert spend_restore(kept=kept, by=by, now=LATER) is None
    assert AcquisitionSpend.objects.count() == 1


def test_who_noted_it_may_be_gone(by: Actor) -> None:
    writer = User.objects.create(email="gone@example.org", name="Gone")
    spend = spend_add(values=HUNDRED, by=Actor(user=writer), now=NOW)
    kept = spend_delete(spend=spend, by=by, now=NOW) | {"created_by_id": 10**9}
    back = spend_restore(kept=kept, by=by, now=LATER)
    assert back is not None
    assert back.created_by is None


def test_campaigns_of_one_name_get_ids_of_their_own(by: Actor) -> None:
    made = [
        campaign_add(values=CampaignValues(name), by=by, now=NOW).external_id
        for name in ("Spring fair", "Spring  Fair", "春")
    ]
    assert made == ["spring-fair", "spring-fair-2", "campaign"]


def test_a_campaign_is_renamed_and_the_log_tells_what(by: Actor) -> None:
    campaign = campaign_add(
        values=CampaignValues("Fair", source="Trade fairs"), by=by, now=NOW
    )
    renamed = CampaignValues("Hanover", source="Trade fairs", starts_on=TODAY)
    assert campaign_change(campaign=campaign, values=renamed, by=by, now=LATER)
    assert not campaign_change(campaign=campaign, values=renamed, by=by, now=LATER)
    stored = Campaign.objects.get()
    assert (stored.name, stored.starts_on, stored.external_id) == (
        "Hanover",
        TODAY,
        "fair",
    )
    assert told() == ["customers.campaign_added", "customers.campaign_changed"]
    entry = AuditEntry.objects.order_by("number").last()
    assert entry is not None
    assert (entry.before, entry.after) == (
        {"name": "Fair", "starts_on": None},
        {"name": "Hanover", "starts_on": "2026-06-30"},
    )
