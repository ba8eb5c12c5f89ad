"""Scores set by hand."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.models import AuditDetail, AuditEntry, Company, User
from customers.models import Customer, Event
from health.enums import Basis
from health.models import Override, Score, Standing
from health.selectors.overrides import override_now
from health.services.overrides import (
    UnableToOverride,
    UnableToReturnOverride,
    override_end,
    override_return,
    override_set,
)
from tests import world
from tests.world import NOW, TODAY, days_ago, score

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(minutes=5)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    found = world.healthy_customer("Brightwater", owner=ana)
    score(TODAY)
    return found


def set_to(customer: Customer, value: int, ana: User, **more: object) -> Override:
    values = {
        "score": value,
        "reason": "Their sponsor told us.",
        "expires_on": TODAY + dt.timedelta(days=30),
        "by": Actor(ana),
        "today": TODAY,
        "now": NOW,
    }
    return override_set(customer=customer, **(values | more))  # type: ignore[arg-type]


def test_it_counts_at_once(customer: Customer, ana: User) -> None:
    before = Standing.objects.get(pk=customer.pk)
    set_to(customer, 20, ana)
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.score, standing.band, standing.basis) == (20, 1, Basis.OVERRIDE)
    assert standing.computed == pytest.approx(before.computed, abs=1e-9)
    stored = Score.objects.get(customer=customer, as_of=TODAY)
    assert (stored.score, stored.basis) == (20, Basis.OVERRIDE)


def test_ending_it_lets_the_data_count_again(customer: Customer, ana: User) -> None:
    before = Standing.objects.get(pk=customer.pk).score
    set_to(customer, 20, ana)
    ended = override_end(customer=customer, by=Actor(ana), now=LATER)
    assert ended is not None
    assert (ended.ended_at, ended.ended_by) == (LATER, ana)
    standing = Standing.objects.get(pk=customer.pk)
    assert (standing.basis, standing.score) == (Basis.OWN, pytest.approx(before))
    assert override_end(customer=customer, by=Actor(ana), now=LATER) is None


def test_a_second_one_ends_the_first(customer: Customer, ana: User) -> None:
    first = set_to(customer, 20, ana)
    second = set_to(customer, 90, ana, now=LATER)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (LATER, None)
    assert override_now(customer_id=customer.pk, today=TODAY) == second
    assert Standing.objects.get(pk=customer.pk).score == 90


def test_it_can_come_back(customer: Customer, ana: User) -> None:
    set_to(customer, 20, ana)
    override_end(customer=customer, by=Actor(ana), now=LATER)
    back = override_return(
        customer=customer, by=Actor(ana), today=TODAY, now=LATER + dt.timedelta(1)
    )
    assert (back.score, back.reason) == (20, "Their sponsor told us.")
    assert Override.objects.count() == 2


def test_one_that_has_expired_does_not_come_back(customer: Customer, ana: User) -> None:
    set_to(customer, 20, ana, expires_on=TODAY)
    override_end(customer=customer, by=Actor(ana), now=LATER)
    with pytest.raises(UnableToReturnOverride):
        override_return(
            customer=customer,
            by=Actor(ana),
            today=TODAY + dt.timedelta(days=1),
            now=LATER,
        )


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"score": 101}, "A score is a whole number from 0 to 100."),
        ({"score": -1}, "A score is a whole number from 0 to 100."),
        ({"reason": "  "}, "Say why another score should count."),
        ({"expires_on": days_ago(1)}, "The last day must not lie in the past."),
        (
            {"expires_on": TODAY + dt.timedelta(days=181)},
            "A score set by hand lasts 180 days at most.",
        ),
    ],
)
def test_what_is_refused(
    customer: Customer, ana: User, wrong: dict[str, object], text: str
) -> None:
    with pytest.raises(UnableToOverride, match=text):
        set_to(customer, 20, ana, **wrong)
    assert not Override.objects.exists()
    assert not Event.objects.filter(kind__startswith="health.override").exists()


def test_the_longest_time_is_taken(customer: Customer, ana: User) -> None:
    found = set_to(customer, 20, ana, expires_on=TODAY + dt.timedelta(days=180))
    assert found.expires_on == TODAY + dt.timedelta(days=180)


def test_it_is_told_and_audited(customer: Customer, ana: User) -> None:
    override = set_to(customer, 20, ana)
    override_end(customer=customer, by=Actor(ana), now=LATER)
    told = Event.objects.filter(kind__startswith="health.override").order_by("id")
    assert [(one.kind, one.data, one.actor) for one in told] == [
        ("health.override_set", {"score": 20, "days": 31}, ana),
        ("health.override_ended", {"score": 20}, ana),
    ]
    assert [one.subject_id for one in told] == [str(override.pk)] * 2
    entries = AuditEntry.objects.filter(action__startswith="health.override")
    assert list(entries.order_by("number").values_list("action", flat=True)) == [
        "health.override_set",
        "health.override_ended",
    ]
    first = entries.order_by("number")[0]
    assert first.after == {"score": 20, "expires_on": "2026-07-30"}
    assert "sponsor" not in str(first.after)
    detail = AuditDetail.objects.get(entry=first)
    assert detail.data["after"]["reason"] == "Their sponsor told us."


def test_after_its_last_day_the_data_counts_again(
    customer: Customer, ana: User
) -> None:
    set_to(customer, 20, ana, expires_on=TODAY)
    tomorrow = TODAY + dt.timedelta(days=1)
    score(tomorrow, now=NOW + dt.timedelta(days=1))
    assert Score.objects.get(customer=customer, as_of=tomorrow).basis == Basis.OWN
    assert override_now(customer_id=customer.pk, today=tomorrow) is None
    # The day it counted on is explained as it was.
    assert Score.objects.get(customer=customer, as_of=TODAY).basis == Basis.OVERRIDE
