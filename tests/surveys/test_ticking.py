"""The tick: everything that is due, one survey's trouble apart from the others."""

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry, Company
from common.locks import Lock, session_lock_on
from mail.models import OutboxMessage
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.services.ending import invitations_expire
from surveys.services.ticking import surveys_tick
from surveys.tasks import surveys_tick_task
from tests import world
from tests.surveys.sending import (
    DAY,
    asked,
    mails,
    make_survey,
    rows,
    somebody,
)
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_a_tick_asks_reminds_and_ends(company: Company) -> None:
    survey = make_survey(reminders=1, reminder_days=4, expires_days=10)
    somebody()
    surveys_tick(now=NOW)
    surveys_tick(now=NOW)
    assert mails().total() == 1
    OutboxMessage.objects.update(state="sent", sent_at=NOW)
    surveys_tick(now=NOW + 4 * DAY)
    assert mails().total() == 2
    surveys_tick(now=NOW + 10 * DAY)
    assert asked(survey) == ["Mara Ionescu"]
    surveys_tick(now=NOW + 11 * DAY)
    assert rows(survey) == [("Mara Ionescu", "expired")]
    assert mails().total() == 2


def test_expiry_leaves_alone_what_is_answered_or_open(company: Company) -> None:
    customer = world.make_customer()
    over, still = NOW, NOW + DAY
    for number, (state, end) in enumerate(
        [("asked", over), ("asked", still), ("answered", over), ("expired", over)]
    ):
        world.invite(customer, round=str(number), state=state, expires_at=end)
    assert invitations_expire(now=NOW) == 1
    found = Invitation.objects.order_by("round").values_list("state", flat=True)
    assert list(found) == ["expired", "asked", "answered", "expired"]


def test_a_survey_ends_after_its_last_day_by_the_machines_hand(
    company: Company,
) -> None:
    today = make_survey(ends_on=TODAY)
    over = make_survey(ends_on=TODAY - DAY, starts_on=TODAY - 9 * DAY)
    paused = make_survey(ends_on=TODAY - DAY, state="paused")
    draft = make_survey(ends_on=TODAY - DAY, state="draft")
    surveys_tick(now=NOW)
    states = dict(Survey.objects.values_list("pk", "state"))
    assert [states[one.pk] for one in (today, over, paused, draft)] == [
        "running", "closed", "closed", "draft",
    ]  # fmt: skip
    over.refresh_from_db()
    assert over.closed_at == NOW
    entries = AuditEntry.objects.filter(action="surveys.survey_closed")
    assert entries.count() == 2
    assert {entry.actor_id for entry in entries} == {None}


def test_trouble_with_one_survey_is_told_and_keeps_no_other(company: Company) -> None:
    broken = make_survey("Broken")
    fine = make_survey("Fine")
    SurveyVersion.objects.filter(survey=broken).delete()
    odd = make_survey("Odd")
    SurveyVersion.objects.filter(survey=odd).update(content={"texts": 7})
    somebody()
    surveys_tick(now=NOW)
    # The broken ones took nobody's turn away.
    assert asked(fine) == ["Mara Ionescu"]
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.trouble, fine.trouble) == (
        "The survey has no words yet. Write its question.",
        "",
    )
    SurveyVersion.objects.create(survey=broken, number=1, content=world.CONTENT)
    surveys_tick(now=NOW)
    broken.refresh_from_db()
    assert (broken.trouble, rows(broken)) == ("", [("Mara Ionescu", "throttled")])


def test_an_error_of_ours_is_written_down(company: Company) -> None:
    odd = make_survey("Odd")
    SurveyVersion.objects.filter(survey=odd).update(content={"texts": 7})
    somebody()
    surveys_tick(now=NOW)
    odd.refresh_from_db()
    assert odd.trouble.startswith("AttributeError: ")
    assert rows(odd) == []


def test_a_tick_out_of_time_goes_on_with_the_next(company: Company) -> None:
    survey = make_survey()
    somebody()
    surveys_tick(now=NOW, seconds=0)
    assert rows(survey) == []
    surveys_tick(now=NOW)
    assert asked(survey) == ["Mara Ionescu"]


def test_nothing_due_costs_a_handful_of_queries(company: Company) -> None:
    def counted() -> int:
        surveys_tick(now=NOW)
        surveys_tick(now=NOW)
        with CaptureQueriesContext(connection) as captured:
            surveys_tick(now=NOW)
        return len(captured)

    make_survey(schedule="every")
    somebody()
    few = counted()
    for number in range(20):
        somebody(f"P{number}")
    make_survey(schedule="once", reminders=0)
    make_survey(schedule="renewal", reminders=0)
    assert counted() == few
    assert few <= 12


def test_the_task_is_known_by_its_name(company: Company) -> None:
    assert surveys_tick_task.name == "surveys.tick"
    surveys_tick_task()


@pytest.mark.django_db(transaction=True)
def test_a_second_tick_leaves_the_work_to_the_first(company: Company) -> None:
    survey = make_survey()
    somebody()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [int(Lock.SURVEY_TICK)])
        surveys_tick(now=NOW)
        assert rows(survey) == []
        with other.cursor() as cursor:
            # Closing alone frees it a moment later.
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [int(Lock.SURVEY_TICK)])
    finally:
        other.close()
    with session_lock_on(Lock.SURVEY_TICK, 1):
        surveys_tick(now=NOW)
    assert asked(survey) == ["Mara Ionescu"]
