"""The sums of customers won: from rows, part by part, and what is spent beside them."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.db.models.functions import Now
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Company, ExchangeRate
from customers.models import AcquisitionSpend, Campaign, Customer, Segment
from health.calculations.acquired import own_spread
from health.calculations.winning import Spend, Table
from health.enums import ShardState
from health.models import AcquisitionDay, Run, Standing, ValueCheck
from health.selectors.acquisition import Checked, Group, customers_won, year_checked
from health.selectors.spend import Known, Uncounted, spend_sums
from health.services.acquisition import (
    acquisition_start,
    acquisition_wake,
    acquisition_work,
)
from health.services.ticking import tick
from tests import learnt, world
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
MONTH = 365.25 / 12


@pytest.fixture
def fair(company: Company) -> Campaign:
    company.gross_margin, company.support_cost = Decimal("0.5"), Decimal(10)
    company.save()
    return Campaign.objects.create(
        external_id="F", name="Fair", source="Trade fairs", starts_on=TODAY
    )


def paid(customer: Customer, *, days: int, total: str) -> None:
    """This will save an invoice that was paid on the day it was issued."""
    world.invoice(customer, days=days, total=total, paid_after=0)


def gone(source: str, *, days: int = 400, **fields: object) -> Customer:
    """This will save a customer that left without having subscribed to anything since."""
    customer = world.make_customer(
        since=world.days_ago(days), acquisition_source=source, **fields
    )
    world.subscribe(customer)
    world.leave(customer, days=30)
    return customer


def summed(run: Run | None = None) -> AcquisitionDay:
    """This will score everybody and sum what they bring."""
    run = run or world.score()
    day = AcquisitionDay.objects.get(run=run)
    acquisition_work(day_id=day.pk, seconds=None)
    day.refresh_from_db()
    assert day.reason == ""
    assert day.state == ShardState.DONE
    return day


def table(day: AcquisitionDay, name: str = "origin") -> Table:
    return Table.from_json(day.content[name])


def test_who_left_counts_with_what_it_earned(fair: Campaign) -> None:
    """800 and 200 paid at a margin of 50 %, less three tickets at 10: 470."""
    customer = gone("Paid ads", acquisition_cost=Decimal(90))
    paid(customer, days=390, total="800")
    paid(customer, days=200, total="200")
    for days in (395, 394, 100):
        world.open_ticket(customer, days=days)
    found = table(summed())
    year = world.days_ago(400).year
    assert found.keys.tolist() == [[0, year, 1, 0]]
    assert found.sums.tolist() == [[1, 470, 470**2, 0, 0, 90]]
    # 400 days are 13 whole months; month 0 has 800 paid and two tickets.
    want = np.zeros(36)
    want[0], want[int(200 // MONTH)], want[int(300 // MONTH)] = 380, 100, -10
    assert found.margin.tolist() == [want.tolist()]
    assert found.through[0].tolist() == [1.0] * 13 + [0.0] * 23


def test_who_is_here_brings_what_its_standing_says(fair: Campaign) -> None:
    customer = world.make_customer(
        acquisition_source="Referral", acquisition_cost=Decimal(300)
    )
    world.subscribe(customer)
    paid(customer, days=100, total="1000")
    run = world.score()
    Standing.objects.update(clv=5000, clv_p10=2000, clv_p50=4000, clv_p90=9000)
    found = table(summed(run))
    spread = own_spread(*(np.array([x]) for x in (2000.0, 4000.0, 9000.0)))[0]
    assert found.sums.tolist() == [
        [1, 5300, 5300**2, pytest.approx(spread, abs=0.01), 5300 - 500, 300]
    ]


def test_groups_are_those_of_the_customers(fair: Campaign) -> None:
    """A campaign's source counts where the customer names none; quarters by the day."""
    large = Segment.objects.create(key="large", name="Large")
    one = gone("", campaign=fair)
    two = gone("Paid ads", days=500, segment=large.key)
    day = summed()
    assert day.parameters["sources"] == ["Paid ads", "Trade fairs"]
    first, second = world.days_ago(500), world.days_ago(400)
    assert (
        table(day).keys.tolist()
        == [
            [0, first.year, 1, 0],
            [0, second.year, 2, fair.pk],
        ]
        or first.year == second.year
    )
    quarters = [x.year * 10 + (x.month + 2) // 3 for x in (first, second)]
    assert sorted(table(day, "cohort").keys[:, 0].tolist()) == quarters
    assert sorted(table(day, "segment").keys[:, 0].tolist()) == sorted(
        [one.segment_id, two.segment_id]
    )
    assert len(set(table(day, "plan").keys[:, 0].tolist())) == 1


def test_who_could_not_be_scored_is_left_out(fair: Campaign) -> None:
    customer = world.make_customer(acquisition_source="Referral")
    world.subscribe(customer, currency="USD")  # nobody knows its worth
    gone("Paid ads")
    day = summed()
    assert table(day).sums[:, 0].sum() == 1
    assert day.parameters["sources"] == ["Paid ads", "Referral"]


def test_parts_give_the_same_as_the_whole(fair: Campaign, settings: Settings) -> None:
    for number in range(5):
        paid(gone("Paid ads", campaign=fair), days=90, total=str(100 * number))
    whole = summed()
    settings.HEALTH_SHARD_CUSTOMERS = 2
    AcquisitionDay.objects.update(
        state=ShardState.PENDING, content={}, cursor=0, parameters={}
    )
    for _turn in range(3):  # No time: one part a job is not even begun …
        acquisition_work(day_id=whole.pk, seconds=0.0)
    day = AcquisitionDay.objects.get()
    assert (day.state, day.cursor, day.content) == (ShardState.PENDING, 0, {})
    AcquisitionDay.objects.update(attempts=0)
    assert summed(whole.run).content == whole.content


def test_a_killed_worker_costs_one_part(fair: Campaign, settings: Settings) -> None:
    """What was kept stays; the next worker takes over once the lease has run out."""
    settings.HEALTH_SHARD_CUSTOMERS = 1
    for _number in range(3):
        gone("Paid ads")
    whole = summed()
    first = Customer.objects.order_by("id").first()
    assert first is not None
    settings.HEALTH_SHARD_CUSTOMERS = 1
    part = {name: _one_third(rows) for name, rows in whole.content.items()}
    AcquisitionDay.objects.update(
        state=ShardState.RUNNING,
        content=part,
        cursor=first.pk,
        lease_until=Now() + dt.timedelta(minutes=1),
    )
    acquisition_work(day_id=whole.pk, seconds=None)
    assert AcquisitionDay.objects.get().state == ShardState.RUNNING
    AcquisitionDay.objects.update(lease_until=Now() - dt.timedelta(minutes=1))
    acquisition_work(day_id=whole.pk, seconds=None)
    day = AcquisitionDay.objects.get()
    assert day.state == ShardState.DONE
    assert table(day).sums[:, 0].sum() == 3


def _one_third(rows: dict[str, list[list[float]]]) -> dict[str, list[list[float]]]:
    counts = {
        name: [[x / 3 for x in row] for row in rows[name]]
        for name in ("sums", "margin", "through")
    }
    return rows | counts


def test_a_newer_run_makes_old_sums_needless(fair: Campaign) -> None:
    gone("Paid ads")
    old = world.score()
    new = world.score(now=NOW + dt.timedelta(hours=1))
    assert AcquisitionDay.objects.count() == 2
    acquisition_work(day_id=AcquisitionDay.objects.get(run=old).pk, seconds=None)
    assert AcquisitionDay.objects.get().run == new
    newest = summed(new)
    again = summed(world.score(now=NOW + dt.timedelta(hours=2)))
    assert again.pk != newest.pk
    assert AcquisitionDay.objects.get() == again


def test_it_is_given_up_when_workers_die_on_it(fair: Campaign) -> None:
    gone("Paid ads")
    run = world.score()
    AcquisitionDay.objects.update(attempts=5)
    acquisition_work(day_id=AcquisitionDay.objects.get(run=run).pk, seconds=None)
    day = AcquisitionDay.objects.get()
    assert (day.state, day.reason) == (
        ShardState.FAILED,
        "Workers died on it too often.",
    )


def test_a_fault_is_kept_with_its_reason(fair: Campaign) -> None:
    gone("Paid ads")
    run = world.score()
    Run.objects.filter(pk=run.pk).update(parameters={})
    acquisition_work(day_id=AcquisitionDay.objects.get(run=run).pk, seconds=None)
    day = AcquisitionDay.objects.get()
    assert (day.state, day.reason) == (ShardState.FAILED, "KeyError: 'economics'")


def test_what_waits_is_woken_and_what_is_worked_on_is_not(
    fair: Campaign,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    gone("Paid ads")
    run = world.score()
    assert acquisition_start(run=run) == AcquisitionDay.objects.get()
    soon, past = Now() + dt.timedelta(minutes=1), Now() - dt.timedelta(minutes=1)
    for state, lease, woken in (
        (ShardState.PENDING, None, 1),
        (ShardState.RUNNING, soon, 0),
        (ShardState.RUNNING, past, 1),
        (ShardState.DONE, None, 0),
        (ShardState.FAILED, None, 0),
    ):
        AcquisitionDay.objects.update(state=state, lease_until=lease)
        with django_capture_on_commit_callbacks() as bells:
            acquisition_wake()
        assert len(bells) == woken


def test_the_end_of_a_run_and_the_tick_wake_a_worker(
    fair: Campaign,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    gone("Paid ads")
    world.score()
    assert AcquisitionDay.objects.get().state == ShardState.PENDING
    tick(now=NOW)  # whatever else is due begins here
    with django_capture_on_commit_callbacks() as waiting:
        tick(now=NOW)
    AcquisitionDay.objects.update(state=ShardState.DONE)
    with django_capture_on_commit_callbacks() as without:
        tick(now=NOW)
    assert len(waiting) == len(without) + 1


def test_spend_is_summed_at_the_rate_of_its_day(fair: Campaign) -> None:
    days = [dt.date(2024, 1, 1), dt.date(2024, 7, 1)]
    for day, rate in zip(days, ("0.5", "2"), strict=True):
        ExchangeRate.objects.create(currency="USD", valid_on=day, rate=Decimal(rate))
    for source, campaign, day, amount, currency in (
        ("Paid ads", None, days[0], 100, "USD"),
        ("Paid ads", None, days[1], 100, "USD"),
        ("Paid ads", None, dt.date(2023, 12, 31), 7, "USD"),
        ("", fair, dt.date(2025, 1, 1), 30, "EUR"),
        ("Trade fairs", fair, dt.date(2025, 2, 1), 12, "EUR"),
        ("Radio", None, dt.date(2025, 2, 1), 5, "EUR"),
        ("Radio", None, dt.date(2025, 2, 1), 4, "CHF"),
        ("Radio", None, dt.date(2025, 2, 1), 1, "CHF"),
    ):
        AcquisitionSpend.objects.create(
            source=source,
            campaign=campaign,
            spent_on=day,
            amount=amount,
            currency=currency,
            recorded_at=NOW,
        )
    known = Known(["Trade fairs"], [fair.pk])
    found = spend_sums(currency="EUR", known=known)
    assert found.sources == ["Trade fairs", "Paid ads", "Radio"]
    assert found.rows == [
        Spend(2, 0, 2024, 250.0),
        Spend(3, 0, 2025, 5.0),
        Spend(1, fair.pk, 2025, 42.0),
    ]
    assert found.uncounted == [
        Uncounted("CHF", 2, Decimal(5)),
        Uncounted("USD", 1, Decimal(7)),
    ]
    others = Known([], [], other_sources=True, other_campaigns=True)
    assert {
        (one.source, one.campaign)
        for one in spend_sums(currency="EUR", known=others).rows
    } == {
        (-1, 0),
        (-1, -1),
    }


def test_a_forecast_of_a_year_ago_says_how_far_sums_are_off(fair: Campaign) -> None:
    customer = gone("Paid ads")
    assert year_checked() == Checked(0, 0.0, 0.0)
    version = world.forecast_version(learnt.learnt_content())
    ValueCheck.objects.create(
        version=version,
        customer=customer,
        as_of=TODAY,
        realised=60,
        left=False,
        **dict.fromkeys(("expected", "low", "mid", "high"), 100),
    )
    assert year_checked() == Checked(1, 100.0, 60.0)
    day = summed()
    assert day.parameters["checked"] == 1
    assert day.parameters["miss"] == pytest.approx(np.sqrt((0.03 + 0.16) / 4))


def test_the_customers_of_a_group_are_found(fair: Campaign) -> None:
    mara = world.make_user("lead@example.org", role="manager")
    led, plain, none = gone("", campaign=fair), gone("Paid ads"), gone("", days=30)

    def of(by: str, key: object, year: int | None = None) -> set[int]:
        rows = customers_won(mara, Group(by, str(key), year))
        return set(rows.values_list("pk", flat=True))

    since = plain.customer_since
    cohort = since.year * 10 + (since.month + 2) // 3
    plan = world.Plan.objects.get().pk
    everybody = {led.pk, plain.pk, none.pk}
    assert of("source", "Paid ads") == {plain.pk}
    assert of("source", "Trade fairs") == {led.pk}
    assert of("source", "") == {none.pk}
    assert of("campaign", fair.pk) == {led.pk}
    assert of("campaign", 0) == {plain.pk, none.pk}
    assert of("segment", plain.segment_id) == everybody
    assert of("plan", plan) == everybody
    assert of("plan", 0) == set()
    assert of("cohort", cohort) == {led.pk, plain.pk}
    assert of("segment", plain.segment_id, since.year) == {led.pk, plain.pk}
    last = gone("Paid ads")
    Customer.objects.filter(pk=last.pk).update(customer_since=dt.date(2023, 12, 31))
    assert of("cohort", 20234) == {last.pk}
    assert of("cohort", 20241) == set()
