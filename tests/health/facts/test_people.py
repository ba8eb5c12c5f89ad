"""Answers, invitations, contacts, people and tasks."""

import datetime as dt

import pytest

from customers.enums import InteractionKind
from surveys.enums import Drop, InvitationState
from surveys.models import Response
from tests import world
from tests.health.facts.frames import end_of, row
from tests.world import NOW, days_ago, noon

pytestmark = pytest.mark.django_db


def test_people_count_once_and_by_their_latest_answer() -> None:
    customer = world.make_customer()
    ada, bob, cid = (
        world.person(customer, name, is_primary=False) for name in ("A", "B", "C")
    )
    world.answer(customer, days=300, score=2, contact=ada)
    world.answer(customer, days=20, score=9, contact=ada)
    world.answer(customer, days=200, score=10, contact=bob)
    world.answer(customer, days=10, score=6, contact=bob)
    world.answer(customer, days=365, score=0, contact=cid)  # more than a year ago
    world.answer(customer, days=30, score=3)  # nobody known: a person of their own
    world.answer(customer, days=31, score=3)
    world.answer(customer, days=5, score=1, kind="csat", contact=cid)
    world.answer(customer, days=5, score=1, contact=cid, counted=False)
    got = row(customer)
    assert (got["answerers"], got["detractors"]) == (4, 3)
    assert row(customer, as_of=days_ago(1))["answerers"] == 5


def test_of_two_answers_at_once_the_later_row_is_the_last() -> None:
    customer, other = world.make_customer(), world.make_customer()
    for score in (9, 3, 7):
        world.answer(customer, days=10, score=score)
    world.answer(other, days=1, score=8)
    moment = noon(days_ago(10))
    assert Response.objects.filter(responded_at=moment).count() == 3
    assert (row(customer)["nps"], row(customer)["nps_before"]) == (7, 3)
    assert (row(other)["nps"], row(other)["nps_before"]) == (8, -1)


def test_invitations_that_had_time_to_be_answered() -> None:
    customer, quiet = world.make_customer(), world.make_customer()

    def invite(days: int, **fields: object) -> None:
        world.invite(customer, created_at=noon(days_ago(days)), **fields)

    invite(13)  # has a day left
    invite(15)
    invite(100, state=InvitationState.EXPIRED)
    invite(200, state=InvitationState.ANSWERED, answered_at=noon(days_ago(150)))
    invite(60, state=InvitationState.ANSWERED, answered_at=noon(days_ago(5)))
    invite(50, state=InvitationState.DROPPED, drop=Drop.THROTTLED)
    invite(365)
    got = row(customer)
    assert (got["asked"], got["unanswered"]) == (4, 2)
    # Before it came, the late answer was none.
    day = days_ago(6)
    got = row(customer, as_of=day, known=end_of(day))
    assert (got["asked"], got["unanswered"]) == (4, 3)
    assert (row(quiet)["asked"], row(quiet)["unanswered"]) == (0, 0)


def test_meetings_of_90_days_and_contacts_with_executives() -> None:
    customer = world.make_customer()
    boss = world.person(customer, "Boss", is_executive=True)
    clerk = world.person(customer, "Clerk", is_primary=False)
    world.touch(customer, days=89, kind=InteractionKind.MEETING, contact=boss)
    world.touch(customer, days=40, kind=InteractionKind.REVIEW, contact=clerk)
    world.touch(customer, days=90, kind=InteractionKind.MEETING)
    world.touch(customer, days=9, contact=clerk)
    world.touch(customer, days=2, kind=InteractionKind.NOTE, contact=boss)
    world.touch(customer, days=3, kind="pulse", pulse=4, contact=boss)
    got = row(customer)
    assert (got["meetings"], got["contact_days"], got["executive_days"]) == (2, 9, 89)
    assert (got["executives_known"], got["contacts_known"]) == (1, 2)


def test_executives_and_administrators_are_those_known_then() -> None:
    customer = world.make_customer()
    boss = world.person(customer, "Boss", is_primary=False, is_executive=True)
    world.touch(customer, days=30, contact=boss)
    gone = world.person(
        customer, "Admin", is_primary=False, is_admin=True, left_on=days_ago(12)
    )
    world.person(customer, "Second", is_primary=False, is_admin=True)
    got = row(customer)
    assert (got["admins_known"], got["admin_left_days"]) == (2, 12)
    assert got["sponsor_left_days"] == -1
    day = days_ago(13)
    assert row(customer, as_of=day, known=end_of(day))["admin_left_days"] == -1
    type(boss).objects.filter(pk__in=[boss.pk, gone.pk]).update(recorded_at=NOW)
    got = row(customer)
    assert (got["executives_known"], got["executive_days"]) == (0, -1)
    assert (got["admins_known"], got["admin_left_days"]) == (1, -1)


def test_tasks_that_were_open_past_their_day() -> None:
    customer = world.make_customer()
    world.task(customer, due=1)
    world.task(customer, due=0)  # today is not over
    world.task(customer, due=-5)
    world.task(customer, due=40, done=3)
    world.task(customer, due=40, done=45)
    assert row(customer)["tasks_overdue"] == 1
    day = days_ago(4)
    assert row(customer, as_of=day, known=end_of(day))["tasks_overdue"] == 1
    day = days_ago(2)
    assert row(customer, as_of=day, known=end_of(day))["tasks_overdue"] == 0


def test_the_frame_of_an_empty_range() -> None:
    world.healthy_customer("somebody")
    from tests.health.facts.frames import facts

    got = facts(dt.date(2020, 1, 1))
    assert {len(column) for column in got.values()} == {0}
