"""The facts of a day: each column against rows written down by hand."""

import datetime as dt

import pytest

from accounts.models import ExchangeRate
from customers.models import Customer, SupportTicket, UsageDaily
from health.calculations.facts import Facts
from health.selectors.frame import Moment, SourceAges, facts_of, source_ages
from tests import world
from tests.world import NOW, TODAY, days_ago, noon

pytestmark = pytest.mark.django_db
AGES = SourceAges(usage=0, tickets=0, invoices=0)


def facts(as_of: dt.date = TODAY, known: dt.datetime = NOW) -> Facts:
    moment = Moment(as_of, known, "UTC", "EUR")
    return facts_of(moment, AGES, first=0, last=2**62)


def row(customer: Customer, **kwargs: dt.datetime | dt.date) -> dict[str, float]:
    got = facts(**kwargs)  # type: ignore[arg-type]
    index = got["customer_id"].tolist().index(customer.pk)
    return {name: column[index].item() for name, column in got.items()}


def test_a_bare_customer_has_marks_for_none() -> None:
    customer = world.make_customer(since=days_ago(100))
    got = row(customer)
    assert got["tenure"] == 100
    assert (got["mrr"], got["seats"], got["renewal_days"]) == (0, 0, -1)
    assert (got["usage_days"], got["unused_days"]) == (0, -1)
    assert (got["nps"], got["pulse"], got["contact_days"]) == (-1, -1, -1)
    assert (got["invoices_seen"], got["contacts_known"]) == (0, 0)


def test_money_is_summed_over_live_subscriptions() -> None:
    customer = world.make_customer()
    first = world.subscribe(customer, mrr="1000", seats=20, since=days_ago(400))
    world.change_subscription(first, on=days_ago(30), mrr="600", seats=12)
    ended = world.subscribe(customer, mrr="300", seats=5, since=days_ago(300))
    world.change_subscription(ended, on=days_ago(10), mrr="0", seats=0, kind="end")
    got = row(customer)
    assert got["mrr"] == 600
    assert got["mrr_before"] == 1300
    assert got["seats"] == 12


def test_another_currency_needs_a_rate_of_the_day() -> None:
    customer = world.make_customer()
    world.subscribe(customer, mrr="1000", currency="USD")
    assert row(customer)["rate_missing"] is True
    ExchangeRate.objects.create(currency="USD", valid_on=days_ago(900), rate="0.5")
    ExchangeRate.objects.create(currency="USD", valid_on=days_ago(5), rate="0.9")
    got = row(customer)
    assert (got["rate_missing"], got["mrr"]) == (False, 900)
    assert row(customer, as_of=days_ago(6))["mrr"] == 500


def test_yearly_subscriptions_renew_on_their_anniversary() -> None:
    customer = world.make_customer()
    world.subscribe(customer, months=12, since=dt.date(2024, 9, 15))
    assert row(customer)["renewal_days"] == (dt.date(2026, 9, 15) - TODAY).days


def test_a_monthly_subscription_has_no_renewal() -> None:
    customer = world.make_customer()
    world.subscribe(customer, months=1)
    assert row(customer)["renewal_days"] == -1


def test_a_given_renewal_date_wins() -> None:
    customer = world.make_customer()
    world.subscribe(customer, renews_on=TODAY + dt.timedelta(days=24))
    assert row(customer)["renewal_days"] == 24


def test_usage_of_two_windows() -> None:
    customer = world.make_customer()
    world.use(customer, first=120, last=31, users=20, events=200, features=6)
    world.use(customer, first=30, last=2, users=10, events=62, features=3)
    got = row(customer)
    assert (got["users_recent"], got["users_earlier"]) == (10, 20)
    assert got["events_recent"] == pytest.approx(62 * 29 / 31)
    assert got["events_earlier"] == 200
    assert (got["features_peak"], got["features_before"]) == (3, 6)
    assert got["users_peak"] == 10
    assert got["unused_days"] == 2
    assert got["active_days"] == 26  # days 2 to 27 of the last 28
    assert got["usage_days"] == 119


def test_a_monthly_roll_up_counts_for_its_days() -> None:
    customer = world.make_customer()
    for end in (dt.date(2026, 4, 30), dt.date(2026, 5, 31), TODAY):
        world.use(customer, first=(TODAY - end).days, last=(TODAY - end).days)
    UsageDaily.objects.update(period_days=31, events=310)
    got = row(customer)
    assert got["active_days"] == 28
    assert got["events_recent"] == 10
    # 31 May still lies in the last 31 days; 30 April alone is left before.
    assert got["events_earlier"] == 10


def test_usage_is_the_sum_of_what_was_known() -> None:
    customer = world.make_customer()
    world.use(customer, first=5, last=5, users=10)
    world.use(customer, first=5, last=5, users=-4, recorded_on=days_ago(1))
    assert row(customer)["users_peak"] == 6
    assert row(customer, as_of=days_ago(2))["users_peak"] == 10


def test_tickets_count_from_when_they_were_known() -> None:
    customer = world.make_customer()
    world.open_ticket(customer, days=5, hours=None, escalated=True)
    world.open_ticket(customer, days=20, hours=10, satisfaction=4)
    world.open_ticket(customer, days=40, hours=30, satisfaction=2)
    world.open_ticket(customer, days=100)
    got = row(customer)
    assert (got["tickets_recent"], got["tickets_total"]) == (2, 4)
    assert got["tickets_monthly_before"] == pytest.approx(2 / 3)
    assert got["tickets_escalated"] == 1
    assert got["resolution_hours"] == 20
    assert got["satisfaction"] == 3
    assert got["satisfaction_age"] == 20


def test_a_resolution_that_became_known_later_is_not_seen_before() -> None:
    customer = world.make_customer()
    ticket = world.open_ticket(customer, days=20, hours=10)
    SupportTicket.objects.filter(pk=ticket.pk).update(
        resolved_recorded_at=noon(days_ago(3))
    )
    known = noon(days_ago(4))
    assert row(customer, as_of=days_ago(4), known=known)["resolution_hours"] == -1
    assert row(customer)["resolution_hours"] == 10


def test_the_latest_answer_and_the_one_before() -> None:
    customer = world.make_customer()
    world.answer(customer, days=200, score=9)
    world.answer(customer, days=10, score=4)
    world.answer(customer, days=2, score=1, kind="csat")
    got = row(customer)
    assert (got["nps"], got["nps_before"], got["nps_age"]) == (4, 9, 10)


def test_invoices_overdue_late_and_earned() -> None:
    customer = world.make_customer()
    world.invoice(customer, days=30, total="100", paid_after=None)  # due 16 days ago
    world.invoice(customer, days=100, total="200", paid_after=25)  # 11 days late
    world.invoice(customer, days=160, total="400", paid_after=16)  # 2 days: not late
    owed = world.invoice(customer, days=400, total="800", paid_after=60)  # too old
    world.failed_payment(owed, days=50)
    world.failed_payment(owed, days=70)
    # We tried again: that is no worse.
    world.failed_payment(owed, days=47)
    got = row(customer)
    assert got["overdue_days"] == 16
    assert got["invoices_late"] == 2
    assert got["earned"] == 1400
    assert got["invoices_seen"] == 4
    assert got["payments_failed"] == 1


def test_contacts_and_pulses() -> None:
    customer = world.make_customer()
    world.touch(customer, days=63)
    world.touch(customer, days=3, kind="note")
    world.touch(customer, days=9, kind="pulse", pulse=2)
    world.touch(customer, days=90, kind="pulse", pulse=5)
    world.person(customer, left_on=days_ago(26), is_primary=False, is_executive=True)
    world.person(customer)
    got = row(customer)
    assert got["contact_days"] == 63
    assert (got["pulse"], got["pulse_age"]) == (2, 9)
    assert (got["sponsor_left_days"], got["contacts_known"]) == (26, 2)


def test_those_who_left_are_out_until_they_subscribe_again() -> None:
    stays, left, back = (world.make_customer() for _ in range(3))
    for customer in (stays, left, back):
        world.subscribe(customer, mrr="100")
    world.leave(left, days=20)
    world.leave(back, days=20)
    world.subscribe(back, mrr="700", since=days_ago(5))
    assert facts()["customer_id"].tolist() == [stays.pk, back.pk]
    # The old subscription ended with the departure.
    assert row(back)["mrr"] == 700
    assert left.pk in facts(as_of=days_ago(21))["customer_id"]


def test_a_departure_counts_from_when_it_was_known() -> None:
    customer = world.make_customer()
    world.leave(customer, days=20, recorded_at=noon(days_ago(2)))
    known = noon(days_ago(10))
    assert facts(days_ago(10), known)["customer_id"].tolist() == [customer.pk]
    assert facts()["customer_id"].tolist() == []


def test_future_customers_are_not_there() -> None:
    world.make_customer(since=TODAY + dt.timedelta(days=1))
    assert facts()["customer_id"].tolist() == []


def test_sources_have_ages() -> None:
    moment = Moment(TODAY, NOW, "UTC", "EUR")
    assert source_ages(moment) == SourceAges(-1, -1, -1)
    customer = world.make_customer()
    world.use(customer, first=9, last=4)
    world.open_ticket(customer, days=7)
    world.invoice(customer, days=12)
    assert source_ages(moment) == SourceAges(4, 7, 12)
