"""The demo's survey programme: what its pages live from."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from customers.models import Task
from demo.calculations.tables import demo_of
from demo.services.loading import demo_loaded
from demo.services.programme import programme_made
from demo.texts.programme import DEPARTMENTS, FEEDBACK, THEMES
from mail.models import OutboxMessage
from surveys.enums import InvitationState, SurveyState
from surveys.models import (
    Click,
    Department,
    Feedback,
    Invitation,
    InvitationMail,
    Mention,
    Response,
    ResponseEdit,
    Survey,
    Theme,
    ThemeLink,
)

TODAY = dt.date(2026, 6, 30)
NOW = dt.datetime(2026, 6, 30, 8, tzinfo=ZoneInfo("Europe/Berlin"))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made() -> Survey:
    demo = demo_of(seed=4, today=TODAY, months=12, customers=60)
    demo_loaded(
        now=NOW,
        demo=demo,
        seed=4,
        rows=lambda *_: None,
        days=lambda days, _words: days,
    )
    return Survey.objects.get(state=SurveyState.RUNNING)


def test_the_pages_of_surveys_have_something_to_show(made: Survey) -> None:
    asking(made)
    closing_the_loop(made)
    themes()
    again(made)


def asking(made: Survey) -> None:
    asked = Invitation.objects.filter(survey=made)
    answered = asked.filter(state=InvitationState.ANSWERED)
    assert 20 < answered.count() < asked.count()
    assert Response.objects.filter(invitation__in=answered).count() == answered.count()
    assert ResponseEdit.objects.count() == answered.count()
    assert InvitationMail.objects.count() == asked.count()
    sent = OutboxMessage.objects.filter(kind="surveys.invitation", state="sent")
    assert sent.count() == asked.count()
    began = TODAY - dt.timedelta(days=242)
    rounds = set(asked.values_list("round", flat=True))
    assert rounds == {f"{began}/182/0", f"{began}/182/1"}
    # Nobody answers before being asked, and every answer came through a click.
    early = Response.objects.filter(responded_at__lt=F("invitation__created_at"))
    assert not early.exists()
    clicked = Click.objects.filter(invitation__in=answered).values("invitation")
    assert clicked.distinct().count() == answered.count()


def closing_the_loop(made: Survey) -> None:
    bad = Response.objects.filter(invitation__survey=made, score__lte=6, counted=True)
    recent = bad.filter(responded_at__gt=NOW - dt.timedelta(days=6))
    assert bad.filter(replied_at__isnull=False).exists()
    assert not bad.filter(resolved_at__lt=F("replied_at")).exists()
    assert not bad.filter(resolution="", resolved_at__isnull=False).exists()
    tasks = Task.objects.filter(type="survey_answer", state="open")
    assert tasks.count() == recent.count()


def themes() -> None:
    assert list(Theme.objects.order_by("id").values_list("name", flat=True)) == [
        theme.name for theme in THEMES
    ]
    assert Department.objects.count() == len(DEPARTMENTS)
    assert Feedback.objects.count() == len(FEEDBACK)
    assert Mention.objects.filter(feedback__isnull=False).count() >= 5
    members = sum(
        len(DEPARTMENTS[theme.department]) for theme in THEMES if theme.department
    )
    assert ThemeLink.objects.count() == members


def again(made: Survey) -> None:
    """Made once more it stays as it is."""
    before = Invitation.objects.count()
    assert programme_made(now=NOW, seed=4) is None
    assert (Survey.objects.filter(name=made.name).count(), before) == (
        1,
        Invitation.objects.count(),
    )
