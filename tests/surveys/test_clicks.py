"""What is kept of whoever opens a link."""

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.models import Click, Invitation, Response
from surveys.services.clicks import MOST_CLICKS, click_store
from tests.surveys.answering import CHROME, DAY, HOUR, MINUTE, asked, delivered
from tests.world import NOW

pytestmark = pytest.mark.usefixtures("company")


def click(invitation: Invitation, score: int | None = 4, **fields: Any) -> Click | None:
    return click_store(
        **{
            "invitation": invitation,
            "score": score,
            "agent": CHROME,
            "address": "203.0.113.77",
            "now": NOW,
            **fields,
        }
    )


def test_a_click_is_kept_without_the_address(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    invitation = asked()
    delivered(invitation, ago=HOUR)
    with django_assert_num_queries(3):
        click(invitation)
    kept = Click.objects.values(
        "invitation", "clicked_at", "score", "seconds", "agent", "network", "flags"
    ).get()
    assert kept == {
        "invitation": invitation.pk,
        "clicked_at": NOW,
        "score": 4,
        "seconds": 3600,
        "agent": "Chrome",
        "network": "203.0.113.0/24",
        "flags": [],
    }
    assert Response.objects.count() == 0
    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at) == ("asked", None)


def test_seconds_count_from_the_newest_mail() -> None:
    invitation = asked()
    delivered(invitation, ago=4 * DAY)
    delivered(invitation, ago=dt.timedelta(seconds=59), number=1)
    made = click(invitation)
    assert made is not None
    assert (made.seconds, made.flags) == (59, ["fast"])


def test_what_never_left_has_no_seconds_and_clocks_that_differ_no_negative_ones() -> (
    None
):
    invitation = asked()
    made = click(invitation)
    assert made is not None
    assert (made.seconds, made.flags) == (None, [])
    delivered(invitation, ago=-MINUTE)
    again = click(invitation)
    assert again is not None
    assert (again.seconds, again.flags) == (0, ["fast"])


def test_all_links_at_once_are_flagged_and_those_of_another_mail_are_not() -> None:
    invitation, other = asked(), asked("Kim Berg")
    for mail in (invitation, other):
        delivered(mail)
    for score in range(3):
        click(invitation, score, now=NOW + score * dt.timedelta(seconds=1))
    click(other, 9, now=NOW + dt.timedelta(seconds=3))
    kept = Click.objects.order_by("pk").values_list("score", "flags")
    assert list(kept) == [(0, []), (1, []), (2, ["many"]), (9, [])]


def test_the_trap_and_scanners_are_flagged() -> None:
    invitation = asked()
    click(invitation, None, trap=True)
    click(invitation, None, agent="BarracudaCentral/1.0", address="2001:db8::1")
    click(invitation, None, agent="", address="nonsense")
    kept = Click.objects.order_by("pk").values_list("agent", "network", "flags")
    assert list(kept) == [
        ("Chrome", "203.0.113.0/24", ["trap"]),
        ("Scanner", "2001:db8::/48", ["scanner"]),
        ("Scanner", "", ["scanner"]),
    ]


def test_a_link_opened_for_ever_fills_no_disk() -> None:
    invitation, other = asked(), asked("Kim Berg")
    made = [click(invitation) for _ in range(MOST_CLICKS + 5)]
    assert [row is None for row in made] == [False] * MOST_CLICKS + [True] * 5
    assert Click.objects.count() == MOST_CLICKS
    assert click(other) is not None


@pytest.mark.django_db(transaction=True)
def test_an_invitation_deleted_a_moment_ago_leaves_no_click() -> None:
    invitation = asked()
    Invitation.objects.filter(pk=invitation.pk).delete()
    assert click(invitation) is None
