"""What must hold for every simulated company."""

import csv
import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from demo.calculations.tables import Demo, demo_of, stage_of, tables_written
from demo.texts import TEXTS
from demo.texts.places import COUNTRIES
from tests.demo.calculations.conftest import TODAY

KEYS = {
    "campaigns": "campaign_id",
    "customers": "customer_id",
    "spend": "spend_id",
    "contacts": "contact_id",
    "subscriptions": "subscription_id",
    "plans": "plan",
    "invoices": "invoice_id",
    "payments": "payment_id",
    "credit_notes": "credit_note_id",
    "refunds": "refund_id",
    "purchases": "purchase_id",
    "tickets": "ticket_id",
    "interactions": "interaction_id",
    "survey_responses": "response_id",
    "churn_events": "churn_id",
    "truth": "customer_id",
}


@pytest.fixture(params=["company", "first", "second"])
def demo(request: pytest.FixtureRequest) -> Demo:
    if request.param == "company":
        return request.getfixturevalue("company")
    return request.getfixturevalue("others")[request.param == "second"]


def days_of(row: object, *names: str) -> list[str]:
    return [str(getattr(row, name))[:10] for name in names if getattr(row, name)]


def test_the_same_wish_makes_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        made = demo_of(seed=4, today=TODAY, months=9, customers=25)
        tables_written(made.tables, folder)
    names = sorted(path.name for path in folders[0].iterdir())
    assert len(names) == 21
    assert all(
        (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
        for name in names
    )


def test_another_seed_makes_another_company() -> None:
    one = demo_of(seed=4, today=TODAY, months=9, customers=25)
    two = demo_of(seed=5, today=TODAY, months=9, customers=25)
    assert one.tables["customers"] != two.tables["customers"]


def test_files_hold_the_tables_and_empty_tables_no_file(tmp_path: Path) -> None:
    made = demo_of(seed=4, today=TODAY, months=9, customers=25)
    size = tables_written({**made.tables, "tickets": []}, tmp_path)
    assert size == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert not (tmp_path / "tickets.csv").exists()
    with (tmp_path / "customers.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert [row["name"] for row in read] == [
        row.name for row in made.tables["customers"]
    ]


def test_nothing_lies_in_the_future(demo: Demo) -> None:
    columns = {
        "customers": ("customer_since",),
        "contacts": ("left_on",),
        "subscriptions": ("started_on", "ended_on"),
        "subscription_changes": ("effective_on",),
        "invoices": ("issued_on", "paid_on"),
        "payments": ("happened_at",),
        "credit_notes": ("issued_on",),
        "refunds": ("happened_at",),
        "purchases": ("bought_on",),
        "usage": ("day",),
        "tickets": (
            "opened_at",
            "first_response_at",
            "resolved_at",
            "escalated_at",
            "reopened_at",
        ),
        "interactions": ("happened_at",),
        "survey_responses": ("responded_at",),
        "churn_events": ("left_on",),
        "spend": ("spent_on",),
    }
    latest = {
        name: max(day for row in demo.tables[name] for day in days_of(row, *dates))
        for name, dates in columns.items()
    }
    assert {name: day for name, day in latest.items() if day >= TODAY.isoformat()} == {}
    assert latest["usage"] == (TODAY - dt.timedelta(days=1)).isoformat()


def test_ids_are_unique(demo: Demo) -> None:
    twice = {
        name: [
            key
            for key, n in Counter(getattr(r, column) for r in demo.tables[name]).items()
            if n > 1
        ]
        for name, column in KEYS.items()
    }
    assert all(not keys for keys in twice.values()), twice
    usage = Counter((row.customer_id, row.day) for row in demo.tables["usage"])
    changes = Counter(
        (row.subscription_id, row.effective_on)
        for row in demo.tables["subscription_changes"]
    )
    assert max(usage.values()) == max(changes.values()) == 1


def test_names_and_addresses_are_unique_and_unreachable(demo: Demo) -> None:
    contacts = demo.tables["contacts"]
    names = [row.name for row in demo.tables["customers"]]
    emails = [row.email for row in contacts]
    assert len(set(names)) == len(names)
    assert len(set(emails)) == len(emails)
    assert all(email.endswith(".example") and email.isascii() for email in emails)


def test_contacts_belong_to_their_customers(demo: Demo) -> None:
    owner = {row.contact_id: row.customer_id for row in demo.tables["contacts"]}
    for name in ("tickets", "interactions", "survey_responses"):
        for row in demo.tables[name]:
            if row.contact_id is not None:
                assert owner[row.contact_id] == row.customer_id


def test_nobody_acts_after_having_left(demo: Demo) -> None:
    left = {
        row.contact_id: row.left_on for row in demo.tables["contacts"] if row.left_on
    }
    for name, when in (
        ("tickets", "opened_at"),
        ("interactions", "happened_at"),
        ("survey_responses", "responded_at"),
    ):
        for row in demo.tables[name]:
            if row.contact_id in left:
                assert getattr(row, when)[:10] < left[row.contact_id]


def test_every_customer_has_exactly_one_main_contact(demo: Demo) -> None:
    main = Counter(
        row.customer_id for row in demo.tables["contacts"] if row.is_primary == "true"
    )
    assert set(main) == {row.customer_id for row in demo.tables["customers"]}
    assert set(main.values()) == {1}


def test_a_subscription_ended_exactly_where_somebody_left(demo: Demo) -> None:
    ended = {
        row.customer_id: row.ended_on
        for row in demo.tables["subscriptions"]
        if row.ended_on
    }
    left = {row.customer_id: row.left_on for row in demo.tables["churn_events"]}
    assert ended == left


def test_nothing_is_used_owed_or_changed_after_leaving(demo: Demo) -> None:
    left = {row.customer_id: row.left_on for row in demo.tables["churn_events"]}
    owner = {
        row.subscription_id: row.customer_id for row in demo.tables["subscriptions"]
    }
    for name, when in (
        ("usage", "day"),
        ("invoices", "issued_on"),
        ("tickets", "opened_at"),
        ("interactions", "happened_at"),
        ("survey_responses", "responded_at"),
    ):
        for row in demo.tables[name]:
            if row.customer_id in left:
                assert getattr(row, when)[:10] < left[row.customer_id]
    for row in demo.tables["subscription_changes"]:
        customer = owner[row.subscription_id]
        assert customer not in left or row.effective_on < left[customer]


def test_the_times_of_a_ticket_follow_each_other(demo: Demo) -> None:
    def moment(text: str | None) -> dt.datetime | None:
        return dt.datetime.fromisoformat(text) if text else None

    for row in demo.tables["tickets"]:
        opened, answered = moment(row.opened_at), moment(row.first_response_at)
        escalated, resolved = moment(row.escalated_at), moment(row.resolved_at)
        reopened = moment(row.reopened_at)
        assert opened is not None
        assert answered is None or opened < answered
        assert resolved is None or (answered is not None and answered < resolved)
        assert escalated is None or opened < escalated
        assert reopened is None or (answered is not None and answered < reopened)
        assert reopened is None or resolved is None or reopened < resolved
        assert row.satisfaction is None or (
            resolved is not None and 1 <= row.satisfaction <= 5
        )


def test_everybody_has_somebody_who_runs_the_product(demo: Demo) -> None:
    admins = {r.customer_id for r in demo.tables["contacts"] if r.is_admin == "true"}
    assert admins == {row.customer_id for row in demo.tables["customers"]}
    experts = [row for row in demo.tables["contacts"] if row.role == "Administrator"]
    assert {row.is_admin for row in experts} == {"true"}
    there = {row.customer_id for row in experts}
    others = [row for row in demo.tables["contacts"] if row.customer_id in there]
    assert {r.is_admin for r in others if r.role != "Administrator"} == {"false"}


def test_key_features_are_a_part_of_what_is_done(demo: Demo) -> None:
    usage = demo.tables["usage"]
    assert all(0 <= row.key_events <= row.events for row in usage)
    share = sum(row.key_events for row in usage) / sum(row.events for row in usage)
    assert 0.1 < share < 0.22


def test_who_pays_by_the_year_has_a_discount(demo: Demo) -> None:
    """Some who pay by the month are welcomed with one that ends; add-ons have none."""
    plans = [r for r in demo.tables["subscriptions"] if not r.parent_subscription_id]
    terms = {(r.interval_months, r.discount_percent) for r in plans}
    assert terms == {(1, 0), (1, 20), (12, 10)}
    ending = [r for r in plans if r.discount_until]
    assert {r.discount_percent for r in ending} == {20}
    assert all(float(r.mrr) < float(r.list_mrr or 0) for r in ending)


def test_some_solutions_do_not_hold(company: Demo) -> None:
    tickets = company.tables["tickets"]
    reopened = [row for row in tickets if row.reopened_at]
    assert 0.01 < len(reopened) / len(tickets) < 0.12


def test_payments_settle_the_invoices(demo: Demo) -> None:
    invoices = {row.invoice_id: row for row in demo.tables["invoices"]}
    credited = Counter[str]()
    for row in demo.tables["credit_notes"]:
        credited[row.invoice_id] += round(float(row.amount) * 100)
    paid = {
        row.invoice_id: row
        for row in demo.tables["payments"]
        if row.state == "succeeded"
    }
    assert set(paid) == {key for key, row in invoices.items() if row.paid_on}
    for key, payment in paid.items():
        assert payment.happened_at[:10] == invoices[key].paid_on
        gross = float(invoices[key].total) + float(invoices[key].tax)
        assert float(payment.amount) == pytest.approx(gross, abs=0.001)
    # None is given back more often than it was charged.
    assert all(
        sum_ <= float(invoices[key].total) * 100 for key, sum_ in credited.items()
    )
    failed = [row for row in demo.tables["payments"] if row.state == "failed"]
    assert all(row.reason for row in failed)


def test_lines_sum_to_their_invoices_and_charge_no_day_twice(demo: Demo) -> None:
    sums: Counter[str] = Counter()
    periods: dict[str, list[tuple[str, str]]] = {}
    for row in demo.tables["invoice_lines"]:
        sums[row.invoice_id] += round(float(row.amount) * 100)
        if row.subscription_id:
            days = periods.setdefault(row.subscription_id, [])
            days.append((row.begins_on, row.ends_on))
    totals = {r.invoice_id: float(r.total) * 100 for r in demo.tables["invoices"]}
    assert all(totals[key] == total for key, total in sums.items())
    for days in periods.values():
        days.sort()
        assert all(one[1] <= other[0] for one, other in pairwise(days))


def test_what_went_back_was_paid(demo: Demo) -> None:
    paid = {
        row.payment_id: row
        for row in demo.tables["payments"]
        if row.state == "succeeded"
    }
    for row in demo.tables["refunds"]:
        assert row.happened_at > paid[row.payment_id].happened_at
        assert float(row.amount) <= float(paid[row.payment_id].amount)


def test_every_kind_of_revenue_is_there(company: Demo) -> None:
    tables = company.tables
    assert {row.kind for row in tables["plans"]} == {
        "base",
        "bundle",
        "add_on",
        "one_off",
    }
    assert {row.currency for row in tables["subscriptions"]} == {"EUR", "GBP"}
    assert {row.kind for row in tables["refunds"]} == {"refund", "chargeback"}
    actions = Counter(row.action for row in tables["subscription_changes"])
    wanted = ("paused", "resumed", "upgraded", "discount_ended", "price_moved")
    assert min(actions[action] for action in wanted) >= 2
    told = [row for row in tables["subscriptions"] if row.ended_recorded_at]
    assert len(told) >= 10
    assert all(str(row.ended_recorded_at) < str(row.ended_on) for row in told)
    assert tables["purchases"]
    assert company.rates[0].valid_on < company.world.grid.first.isoformat()


def test_unpaid_customers_leave_behind_an_open_invoice(demo: Demo) -> None:
    unpaid = {
        r.customer_id for r in demo.tables["churn_events"] if r.kind == "involuntary"
    }
    open_ones = {r.customer_id for r in demo.tables["invoices"] if r.paid_on is None}
    assert unpaid
    assert unpaid <= open_ones


def test_pulses_carry_a_number_and_nothing_else_does(demo: Demo) -> None:
    for row in demo.tables["interactions"]:
        assert (row.kind == "pulse") == (row.pulse is not None)


def test_languages_and_owners_fit(demo: Demo) -> None:
    countries = {place.name: place for place in COUNTRIES.values()}
    country = {row.customer_id: row.country for row in demo.tables["customers"]}
    for row in demo.tables["contacts"]:
        assert row.language == countries[country[row.customer_id]].language
        assert row.time_zone == countries[country[row.customer_id]].time_zone
        assert row.title in {
            t for pairs in TEXTS[row.language].titles.values() for p in pairs for t in p
        }
    assert len({row.owner_email for row in demo.tables["customers"]}) == 5


def test_branches_have_their_parent_and_its_owner(demo: Demo) -> None:
    customers = {row.customer_id: row for row in demo.tables["customers"]}
    branches = [row for row in customers.values() if row.parent_id]
    assert branches
    for row in branches:
        parent = customers[row.parent_id]
        assert (parent.owner_email, parent.parent_id) == (row.owner_email, "")
        assert row.name.startswith(parent.name)


def test_the_truth_is_told_of_all_who_are_here(demo: Demo) -> None:
    left = {row.customer_id for row in demo.tables["churn_events"]}
    here = {row.customer_id for row in demo.tables["customers"]} - left
    assert {row.customer_id for row in demo.tables["truth"]} == here
    assert all(0 <= row.p90 <= 1 for row in demo.tables["truth"])


def test_tasks_are_for_customers_who_are_here_and_due_this_week(demo: Demo) -> None:
    here = {row.customer_id for row in demo.tables["truth"]}
    owner = {row.customer_id: row.owner_email for row in demo.tables["customers"]}
    due = Counter(row.owner_email for row in demo.tasks)
    assert len(due) == 5
    assert min(due.values()) >= 4
    for task in demo.tasks:
        assert task.customer_id in here
        assert task.owner_email == owner[task.customer_id]
        days = (dt.date.fromisoformat(task.due_on) - TODAY).days
        assert -1 <= days <= 3
    keys = Counter((task.customer_id, task.type, task.reason) for task in demo.tasks)
    assert max(keys.values()) == 1


def test_stages_follow_age_and_renewal(company: Demo) -> None:
    stages = Counter(row.stage for row in company.tables["customers"])
    assert set(stages) == {"onboarding", "adoption", "mature", "renewal"}
    end = company.world.ends[0]
    late = company.world.grid.date(end + 400).isoformat()
    assert stage_of(company.world, 0, late) == "mature"
    here = {row.customer_id for row in company.tables["truth"]}
    ages = {
        row.customer_id: (TODAY - dt.date.fromisoformat(row.customer_since)).days
        for row in company.tables["customers"]
        if row.stage == "onboarding" and row.customer_id in here
    }
    assert max(ages.values()) < 130
    assert (
        stage_of(company.world, 0, company.world.grid.date(end).isoformat())
        == "renewal"
    )
