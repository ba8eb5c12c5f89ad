"""Whose turn it is, by each schedule."""

import datetime as dt
from collections import Counter

import pytest

from accounts.models import Company, Holiday
from billing.models import Plan
from customers.events import STAGE_CHANGED
from customers.services.events import event_record
from mail.models import OutboxMessage
from surveys.models import Invitation, Survey
from surveys.selectors.turns import turns_now
from tests import world
from tests.surveys.sending import (
    DAY,
    HOUR,
    ask,
    asked,
    day_at,
    mails,
    make_survey,
    rows,
    somebody,
)
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_the_audience_is_what_all_the_lists_allow(company: Company) -> None:
    right = {"segment": "small", "stage": "mature"}
    inside = somebody("In", customer=world.make_customer(**right), role="Champion")
    world.subscribe(inside.customer)
    for name, values, role in (
        ("Segment", {**right, "segment": "big"}, "Champion"),
        ("Stage", {**right, "stage": "onboarding"}, "Champion"),
        ("Role", right, "User"),
    ):
        other = somebody(name, customer=world.make_customer(**values), role=role)
        world.subscribe(other.customer)
    no_plan = somebody("Plan", customer=world.make_customer(**right), role="Champion")
    subscription = world.subscribe(no_plan.customer)
    subscription.plan = Plan.objects.create(key="other", name="Other")
    subscription.save()
    gone = somebody("Gone", customer=world.make_customer(**right), role="Champion")
    world.subscribe(gone.customer)
    world.leave(gone.customer, days=1)
    left = somebody(
        "Left", customer=world.make_customer(**right), role="Champion", left_on=TODAY
    )
    world.subscribe(left.customer)
    survey = make_survey(
        segments=["small"], stages=["mature"], plans=["team"], roles=["Champion"]
    )
    ask(survey)
    assert rows(survey) == [("In", "asked")]
    everybody = make_survey(contacts_limit=None)
    Invitation.objects.update(created_at=NOW - 400 * DAY)
    ask(everybody)
    assert asked(everybody) == ["In", "Plan", "Role", "Segment", "Stage"]


def every(**fields: object) -> Survey:
    return make_survey(
        **{
            "schedule": "every",
            "every_days": 28,
            "starts_on": dt.date(2026, 6, 1),
            "started_at": world.noon(dt.date(2026, 6, 1)),
            **fields,
        }
    )


def test_each_customer_has_its_own_working_day_in_each_cycle(company: Company) -> None:
    Holiday.objects.create(day=dt.date(2026, 6, 10), name="Free")
    survey = every()
    for number in range(40):
        somebody(f"P{number}")
    found: Counter[dt.date] = Counter()
    # Rounds of the same person are told apart by the day; nobody is throttled here.
    for ahead in range(56):
        now = world.noon(dt.date(2026, 6, 1) + ahead * DAY)
        before = Invitation.objects.count()
        ask(survey, now=now)
        Invitation.objects.update(created_at=NOW - 400 * DAY)
        if more := Invitation.objects.count() - before:
            found[now.date()] = more
    assert sum(found.values()) == 80
    assert {day.isoweekday() for day in found} == {1, 2, 3, 4, 5}
    assert dt.date(2026, 6, 10) not in found
    first = [count for day, count in found.items() if day < dt.date(2026, 6, 29)]
    assert (sum(first), len(first)) == (40, 19)
    assert max(found.values()) <= 4
    assert set(Invitation.objects.values_list("state", flat=True)) == {"asked"}


def test_missed_days_are_made_up_for_within_a_week(company: Company) -> None:
    survey = every()
    for number in range(60):
        somebody(f"P{number}")
    ask(survey, now=world.noon(dt.date(2026, 6, 1)))
    first = Invitation.objects.count()
    # The machine comes back on Friday, the 12th: from Friday, the 5th, on.
    ask(survey, now=world.noon(dt.date(2026, 6, 12)))
    late = Invitation.objects.count() - first
    days = 6  # the 5th and the 8th to the 12th
    assert late == pytest.approx(60 / 20 * days, abs=2)
    ask(survey, now=world.noon(dt.date(2026, 6, 13)))
    assert Invitation.objects.count() == first + late


def test_dates_before_the_start_are_not_made_up_for(company: Company) -> None:
    survey = every(started_at=world.noon(dt.date(2026, 6, 12)))
    for number in range(60):
        somebody(f"P{number}")
    ask(survey, now=world.noon(dt.date(2026, 6, 12)))
    assert Invitation.objects.count() == pytest.approx(3, abs=1)


def test_a_holiday_that_is_added_loses_nobody(company: Company) -> None:
    survey = every()
    for number in range(60):
        somebody(f"P{number}")
    for ahead in range(28):
        now = world.noon(dt.date(2026, 6, 1) + ahead * DAY)
        if ahead == 9:
            Holiday.objects.create(day=dt.date(2026, 6, 11), name="New")
        ask(survey, now=now)
    assert Counter(state for _name, state in rows(survey)) == {"asked": 60}


def test_another_rhythm_begins_another_round(company: Company) -> None:
    survey = every(every_days=7)
    somebody()
    for ahead in range(7):
        ask(survey, now=world.noon(dt.date(2026, 6, 1) + ahead * DAY))
    assert mails().total() == 1
    survey.refresh_from_db()
    survey.every_days, survey.starts_on = 14, dt.date(2026, 6, 8)
    survey.save()
    for ahead in range(14):
        ask(survey, now=world.noon(dt.date(2026, 6, 8) + ahead * DAY))
    assert rows(survey) == [("Mara Ionescu", "asked"), ("Mara Ionescu", "throttled")]


def renewing(days: int) -> tuple[Survey, object]:
    survey = make_survey(schedule="renewal", days_before=120)
    mara = somebody()
    subscription = world.subscribe(mara.customer, renews_on=TODAY + days * DAY)
    return survey, subscription


@pytest.mark.parametrize(("days", "count"), [(121, 0), (120, 1), (3, 1), (0, 1)])
def test_a_renewal_asks_so_many_days_before(
    company: Company, days: int, count: int
) -> None:
    survey, _subscription = renewing(days)
    assert ask(survey).asked == count
    if count:
        row = Invitation.objects.get()
        assert row.round == f"renewal:{TODAY + days * DAY}"


def test_a_renewal_that_moves_a_little_is_not_asked_about_again(
    company: Company,
) -> None:
    survey, subscription = renewing(120)
    ask(survey)
    world.change_subscription(
        subscription,
        on=TODAY,
        mrr="900",
        renews_on=TODAY + 130 * DAY,  # type: ignore[arg-type]
    )
    # Long after the distance between two surveys is over.
    ask(survey, now=NOW + 100 * DAY)
    assert rows(survey) == [("Mara Ionescu", "asked")]


def test_the_distance_between_two_surveys_holds_where_it_moves_a_lot(
    company: Company,
) -> None:
    survey, subscription = renewing(60)
    ask(survey)
    world.change_subscription(
        subscription,
        on=TODAY,
        mrr="900",
        renews_on=TODAY + 110 * DAY,  # type: ignore[arg-type]
    )
    ask(survey, now=NOW + DAY)
    assert rows(survey) == [("Mara Ionescu", "asked"), ("Mara Ionescu", "throttled")]
    assert mails().total() == 1


def test_next_years_renewal_is_asked_about(company: Company) -> None:
    survey, subscription = renewing(100)
    ask(survey)
    world.change_subscription(
        subscription,
        on=TODAY + 100 * DAY,
        mrr="900",
        renews_on=TODAY + 465 * DAY,  # type: ignore[arg-type]
    )
    assert ask(survey, now=NOW + 200 * DAY).asked == 0
    assert ask(survey, now=NOW + 345 * DAY).asked == 1


def after_tickets(**fields: object) -> Survey:
    return make_survey(
        **{
            "schedule": "event",
            "trigger": "ticket_resolved",
            "delay_hours": 24,
            "kind": "csat",
            "starts_on": TODAY - 30 * DAY,
            **fields,
        }
    )


def test_a_resolved_ticket_asks_its_contact_after_the_delay(company: Company) -> None:
    survey = after_tickets()
    main = somebody("Main")
    asker = somebody("Asker", customer=main.customer)
    ticket = world.open_ticket(main.customer, days=1, hours=1, contact=asker)
    assert ticket.resolved_at
    early = ticket.resolved_at + 24 * HOUR - dt.timedelta(seconds=1)
    assert ask(survey, now=early).asked == 0
    assert ask(survey, now=early + HOUR).asked == 1
    assert ask(survey, now=early + 2 * HOUR).asked == 0
    assert rows(survey) == [("Asker", "asked")]
    assert Invitation.objects.get().round == f"ticket:{ticket.pk}"


@pytest.mark.parametrize(
    "fields", [{"left_on": TODAY}, {"email": ""}, {"role": "Other"}, None]
)
def test_without_an_eligible_contact_the_audience_is_asked(
    company: Company, fields: dict[str, object] | None
) -> None:
    survey = after_tickets(roles=["Champion"])
    main = somebody("Main", role="Champion")
    asker = None
    if fields is not None:
        asker = somebody(
            "Asker", customer=main.customer, **{"role": "Champion", **fields}
        )
    world.open_ticket(main.customer, days=2, hours=1, contact=asker)
    ask(survey)
    assert rows(survey) == [("Main", "asked")]


def test_an_event_is_forgotten_after_three_days(company: Company) -> None:
    survey = after_tickets()
    somebody_ = somebody()
    ticket = world.open_ticket(somebody_.customer, days=10, hours=1)
    assert ticket.resolved_at
    end = ticket.resolved_at + dt.timedelta(days=4)
    assert ask(survey, now=end).asked == 0
    assert ask(survey, now=end - HOUR).asked == 1


def test_what_happened_before_the_first_day_is_not_asked_about(
    company: Company,
) -> None:
    survey = after_tickets(starts_on=TODAY)
    mara = somebody()
    world.open_ticket(mara.customer, days=2, hours=1)
    assert ask(survey).asked == 0
    other = after_tickets(starts_on=TODAY - 2 * DAY)
    assert ask(other).asked == 1


def test_finished_onboarding_asks_the_main_contact(company: Company) -> None:
    survey = after_tickets(trigger="onboarding_finished")
    main = somebody("Main")
    somebody("Other", customer=main.customer)
    event = event_record(
        customer=main.customer,
        kind=STAGE_CHANGED,
        happened_at=NOW - 25 * HOUR,
        now=NOW,
        data={"before": "onboarding", "after": "adoption"},
    )
    ask(survey)
    assert rows(survey) == [("Main", "asked")]
    assert Invitation.objects.get().round == f"onboarding:{event.pk}"


def test_a_trigger_that_is_no_longer_known_asks_nobody(company: Company) -> None:
    survey = after_tickets(trigger="gone")
    somebody()
    assert turns_now(survey, day_at()) == []


def test_only_a_share_is_asked_and_the_same_one_each_time(company: Company) -> None:
    survey = make_survey(share=50)
    for number in range(40):
        somebody(f"P{number}")
    ask(survey)
    states = Counter(state for _name, state in rows(survey))
    assert set(states) == {"asked", "not_sampled"}
    assert states.total() == 40
    drawn = asked(survey)
    Invitation.objects.all().delete()
    survey.asked_on = None
    survey.save()
    OutboxMessage.objects.all().delete()
    ask(survey)
    assert asked(survey) == drawn


def test_who_is_not_drawn_is_not_replaced_by_somebody_else(company: Company) -> None:
    survey = make_survey(share=1)
    customer = world.make_customer()
    for number in range(30):
        somebody(f"P{number}", customer=customer)
    ask(survey)
    assert len(rows(survey)) == 1
