"""One answer an invitation, whatever comes in at once and in whatever order."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection

from customers.models import Event
from surveys.enums import Counting, InvitationState, SurveyState
from surveys.models import Click, Invitation, Response, ResponseEdit, Survey
from surveys.services.clicks import click_store
from surveys.services.confirming import (
    UnableToAnswer,
    UnableToFindInvitation,
    response_confirm,
)
from tests import world
from tests.world import NOW

DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
SAFARI = "Mozilla/5.0 (iPhone) Version/17.4 Mobile Safari/604.1"
HERE = {"agent": SAFARI, "address": "203.0.113.7"}


@pytest.fixture
def invitation(db: None) -> Invitation:
    return world.invite(world.make_customer("Brightwater"))


def confirm(invitation: Invitation, score: int, **fields: Any) -> Response:
    fields = {"source": "sent", "now": NOW, **HERE, **fields}
    return response_confirm(invitation=invitation, score=score, **fields)


def click(invitation: Invitation, score: int | None, **fields: Any) -> Click | None:
    fields = {"now": NOW, **HERE, **fields}
    return click_store(invitation=invitation, score=score, **fields)


def edits(response: Response) -> list[tuple[int, str, str]]:
    rows = ResponseEdit.objects.filter(response=response).order_by("id")
    return list(rows.values_list("score", "comment", "source"))


def test_an_answer_takes_all_it_says_from_the_invitation(
    invitation: Invitation,
) -> None:
    made = confirm(invitation, 4, comment="Slow.", no_reply=True)
    made.refresh_from_db()
    assert made.customer == invitation.customer
    assert made.contact == invitation.contact
    assert made.version == invitation.version
    assert (made.kind, made.language, made.source) == ("nps", "en", "sent")
    assert (made.score, made.comment, made.no_reply) == (4, "Slow.", True)
    assert (made.responded_at, made.counted, made.flags) == (NOW, True, [])
    invitation.refresh_from_db()
    assert invitation.state == InvitationState.ANSWERED
    assert invitation.answered_at == NOW


def test_the_last_choice_wins_and_every_state_is_kept(invitation: Invitation) -> None:
    first = confirm(invitation, 4, source="gesture")
    confirm(invitation, 4, source="gesture")
    confirm(invitation, 7, comment="Better.", now=NOW + SECOND)
    last = confirm(invitation, 9, source="gesture", now=NOW + DAY)
    assert (last.pk, last.score, last.comment) == (first.pk, 9, "Better.")
    assert (last.source, last.responded_at) == ("sent", NOW)
    assert edits(last) == [
        (4, "", "gesture"),
        (7, "Better.", "sent"),
        (9, "Better.", "gesture"),
    ]
    invitation.refresh_from_db()
    assert invitation.answered_at == NOW


def test_a_touch_takes_nothing_away(invitation: Invitation) -> None:
    confirm(invitation, 4, comment="Slow.", no_reply=True)
    touched = confirm(invitation, 5, source="gesture", comment="typed, not sent")
    assert (touched.score, touched.comment, touched.no_reply) == (5, "Slow.", True)


@pytest.mark.parametrize("score", [-1, 11, 99])
def test_a_score_out_of_range_is_refused(invitation: Invitation, score: int) -> None:
    with pytest.raises(UnableToAnswer, match="from 0 to 10"):
        confirm(invitation, score)
    assert Response.objects.count() == 0


def test_a_long_comment_is_refused(invitation: Invitation) -> None:
    with pytest.raises(UnableToAnswer, match="too long"):
        confirm(invitation, 4, comment="a" * 10_001)
    assert confirm(invitation, 4, comment="a" * 10_000).comment == "a" * 10_000


@pytest.mark.parametrize(
    ("state", "fields"),
    [
        (SurveyState.CLOSED, {}),
        (SurveyState.DRAFT, {}),
        (SurveyState.RUNNING, {"expires_at": NOW}),
    ],
)
def test_nothing_is_taken_once_it_is_over(
    invitation: Invitation, state: str, fields: dict[str, Any]
) -> None:
    # The page was opened before: it holds the row as it was then.
    opened = Invitation.objects.select_related("survey").get(pk=invitation.pk)
    Survey.objects.update(state=state)
    Invitation.objects.update(**fields)
    with pytest.raises(UnableToAnswer, match="closed"):
        confirm(opened, 4)
    assert Response.objects.count() == 0


@pytest.mark.parametrize(
    "fields", [{"ended_at": NOW}, {"contact": None}, {"generation": 2}]
)
def test_nothing_is_taken_once_the_link_opens_nothing(
    invitation: Invitation, fields: dict[str, Any]
) -> None:
    opened = Invitation.objects.get(pk=invitation.pk)
    Invitation.objects.update(**fields)
    with pytest.raises(UnableToFindInvitation):
        confirm(opened, 4)
    assert Response.objects.count() == 0


def test_an_invitation_that_is_gone_takes_nothing(invitation: Invitation) -> None:
    opened = Invitation.objects.get(pk=invitation.pk)
    Invitation.objects.all().delete()
    with pytest.raises(UnableToFindInvitation):
        confirm(opened, 4)


def test_saying_the_same_again_changes_nothing(invitation: Invitation) -> None:
    made = confirm(invitation, 4, comment="Slow.")
    again = confirm(invitation, 4, comment="Slow.", now=NOW + DAY)
    assert (again.pk, again.recorded_at) == (made.pk, NOW)
    assert edits(made) == [(4, "Slow.", "sent")]


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7)]
)
def test_each_kind_has_its_own_scale(
    invitation: Invitation, kind: str, low: int, high: int
) -> None:
    Survey.objects.update(kind=kind)
    for score in (low - 1, high + 1):
        with pytest.raises(UnableToAnswer, match=f"from {low} to {high}"):
            confirm(invitation, score)
    assert (confirm(invitation, low).score, confirm(invitation, high).kind) == (
        low,
        kind,
    )


def test_the_timeline_is_told_once_of_each_change(invitation: Invitation) -> None:
    confirm(invitation, 4, source="gesture")
    confirm(invitation, 4, source="gesture", now=NOW + SECOND)
    confirm(invitation, 9, now=NOW + DAY)
    told = Event.objects.order_by("id").values_list("kind", "data__score")
    assert list(told) == [
        ("surveys.response_received", 4),
        ("surveys.response_changed", 9),
    ]


def test_a_paused_survey_takes_answers_and_an_answered_one_can_be_changed(
    invitation: Invitation,
) -> None:
    Survey.objects.update(state=SurveyState.PAUSED)
    confirm(invitation, 4)
    assert confirm(invitation, 6, now=NOW + 90 * DAY).score == 6


def test_a_strict_survey_counts_no_touch(invitation: Invitation) -> None:
    Survey.objects.update(counting=Counting.SENT)
    with pytest.raises(UnableToAnswer, match="Send"):
        confirm(invitation, 4, source="gesture")
    assert confirm(invitation, 4).counted is True


def test_a_flagged_touch_waits_and_a_sentence_settles_it(
    invitation: Invitation,
) -> None:
    click(invitation, 4, trap=True)
    touched = confirm(invitation, 4, source="gesture")
    assert (touched.flags, touched.counted) == (["trap"], False)
    assert confirm(invitation, 4).counted is False
    assert confirm(invitation, 4, comment="The export breaks.").counted is True


def test_an_administrators_word_stands(invitation: Invitation) -> None:
    made = confirm(invitation, 4)
    Response.objects.filter(pk=made.pk).update(decision="discount", counted=False)
    assert confirm(invitation, 4, comment="The export breaks.").counted is False


def test_a_scanners_clicks_are_not_held_against_the_person(
    invitation: Invitation,
) -> None:
    for score in range(11):
        click(invitation, score, agent="BarracudaCentral/1.0", address="192.0.2.1")
    click(invitation, 4)
    assert Click.objects.filter(flags__contains=["scanner"]).count() == 11
    # Three scores in ten seconds are seen on the invitation, whoever opened them.
    assert confirm(invitation, 4).counted is False
    assert confirm(invitation, 4, address="198.51.100.9").flags == ["many"]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_make_one_answer() -> None:
    invitation = world.invite(world.make_customer("Brightwater"))
    together, wrong = threading.Barrier(8), []

    def submit(score: int) -> None:
        together.wait()
        try:
            confirm(invitation, score, comment=f"Said {score}.")
        except Exception as error:  # noqa: BLE001 - compared below
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    [made] = Response.objects.all()
    kept = edits(made)
    assert sorted(score for score, _, _ in kept) == list(range(8))
    assert (made.score, made.comment, "sent") == kept[-1]
