"""Links and clicks are forgotten some time after the end; answers stay."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.models import Click, Invitation, Response, SurveyRules
from surveys.selectors.links import invitation_opened
from surveys.services import purging
from surveys.services.clicks import click_store
from surveys.services.purging import links_end
from surveys.services.ticking import surveys_tick
from tests.surveys.answering import CHROME, DAY, MINUTE, asked, confirm, token
from tests.world import NOW

pytestmark = pytest.mark.usefixtures("company")
LATER = NOW + 400 * DAY


def over(name: str = "Mara Ionescu", *, clicks: int = 1, **fields: Any) -> Invitation:
    invitation = asked(name, **{"state": "expired", **fields})
    for _ in range(clicks):
        click_store(
            invitation=invitation, score=4, agent=CHROME, address="", now=NOW
        )  # fmt: skip
    return invitation


def test_what_is_over_for_a_year_is_forgotten() -> None:
    old, young = over(clicks=3), over("Kim Berg", expires_at=LATER - 365 * DAY)
    assert links_end(now=LATER) == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.ended_at, young.ended_at) == (LATER, None)
    assert invitation_opened(token(old)) is None
    assert invitation_opened(token(young)) == young
    assert [click.invitation for click in Click.objects.all()] == [young]
    assert links_end(now=LATER) == 0
    assert links_end(now=LATER + MINUTE) == 1


def test_the_rules_say_how_long() -> None:
    SurveyRules.objects.create(id=1, keep_days=30)
    over(expires_at=NOW)
    assert links_end(now=NOW + 30 * DAY) == 0
    assert links_end(now=NOW + 30 * DAY + MINUTE) == 1


def test_an_answer_outlives_its_link() -> None:
    invitation = asked()
    confirm(invitation, comment="Too slow")
    assert links_end(now=LATER) == 1
    answer = Response.objects.get()
    assert (answer.comment, answer.invitation) == ("Too slow", invitation)
    assert answer.contact == invitation.contact


def test_what_is_open_dropped_or_endless_is_left_alone() -> None:
    asked()
    asked("Kim Berg", state="dropped", drop="new", expires_at=None)
    asked("Ada Lind", state="answered", expires_at=None)
    assert links_end(now=LATER) == 0


def test_much_at_once_is_left_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", 2)
    rows = [over(f"Person {n}", expires_at=NOW + n * DAY) for n in range(3)]
    assert links_end(now=LATER) == 2
    assert Invitation.objects.get(ended_at=None) == rows[2]
    assert [links_end(now=LATER), links_end(now=LATER)] == [1, 0]
    # The rules, and one look.
    with django_assert_num_queries(4):
        links_end(now=LATER)


@pytest.mark.django_db(transaction=True)
def test_the_tick_does_it() -> None:
    invitation = over()
    surveys_tick(now=LATER)
    invitation.refresh_from_db()
    assert invitation.ended_at == LATER
