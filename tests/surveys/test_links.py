"""Which token opens which invitation, and until when an answer is taken."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Company
from common.links import link_token
from mail.models import OutboxMessage
from surveys.models import Invitation, Survey
from surveys.selectors.links import (
    delivered_at,
    first_message,
    invitation_is_open,
    invitation_opened,
)
from tests.surveys.answering import DAY, HOUR, MINUTE, asked, delivered, token
from tests.world import NOW

pytestmark = pytest.mark.usefixtures("company")


def changed(invitation: Invitation, **fields: Any) -> Invitation:
    Invitation.objects.filter(pk=invitation.pk).update(**fields)
    invitation.refresh_from_db()
    return invitation


def test_a_genuine_token_opens_its_own_invitation(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine, other = asked(), asked("Kim Berg")
    with django_assert_num_queries(1):
        found = invitation_opened(token(mine))
        assert found == mine
        assert found is not None
        assert found.survey.kind == "nps"
        assert found.version.number == 1
        assert found.contact is not None
        assert found.contact.customer.owner is None
    assert invitation_opened(token(other)) == other


@pytest.mark.parametrize("mangle", [
    lambda genuine: "",
    lambda genuine: "x",
    lambda genuine: genuine[:-1],
    lambda genuine: genuine + "a",
    lambda genuine: genuine[:-1] + ("A" if genuine[-1] != "A" else "B"),
    lambda genuine: "9" + genuine,
    lambda genuine: genuine.replace("-1-", "-2-", 1),
    lambda genuine: genuine.upper(),
    lambda genuine: "0-0-masked",
    lambda genuine: "1-1-" + "a" * 22,
    lambda genuine: "\x00" + genuine,
    lambda genuine: genuine.replace("-", "−"),
    lambda genuine: "٤" + genuine[1:],
    lambda genuine: "9" * 19 + "-1-" + "a" * 22,
    lambda genuine: "\ud800-1-a",
])  # fmt: skip
def test_any_other_costs_one_query_and_opens_nothing(
    mangle: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    genuine = token(asked())
    with django_assert_num_queries(1):
        assert invitation_opened(mangle(genuine)) is None


@pytest.mark.parametrize(
    "purpose", ["mail.unsubscribe", "accounts.invitation", "surveys.theme", ""]
)
def test_a_token_for_something_else_opens_nothing(purpose: str) -> None:
    invitation = asked()
    assert invitation_opened(link_token(purpose, invitation.pk)) is None


def test_nothing_opens_once_it_was_withdrawn_ended_or_never_sent() -> None:
    invitation = asked()
    old = token(invitation)
    changed(invitation, generation=2)
    assert invitation_opened(old) is None
    assert invitation_opened(token(invitation)) == invitation
    changed(invitation, ended_at=NOW)
    assert invitation_opened(token(invitation)) is None
    changed(invitation, ended_at=None, state="dropped", drop="throttled")
    assert invitation_opened(token(invitation)) is None


def test_nothing_opens_once_the_person_was_erased() -> None:
    invitation = asked()
    assert invitation.contact is not None
    invitation.contact.delete()
    assert Invitation.objects.filter(pk=invitation.pk).exists()
    assert invitation_opened(token(invitation)) is None


@pytest.mark.parametrize(
    ("state", "survey", "late", "taken"),
    [
        ("asked", "running", False, True),
        ("asked", "paused", False, True),
        ("asked", "closed", False, False),
        ("asked", "draft", False, False),
        ("asked", "running", True, False),
        ("expired", "running", False, False),
        ("expired", "running", True, False),
        # What was answered can be changed until the survey closes.
        ("answered", "running", True, True),
        ("answered", "paused", True, True),
        ("answered", "closed", False, False),
    ],
)
def test_until_when_an_answer_is_taken(
    state: str, survey: str, late: bool, taken: bool
) -> None:
    invitation = changed(asked(), state=state, expires_at=NOW)
    Survey.objects.update(state=survey)
    invitation.survey.refresh_from_db()
    now = NOW if late else NOW - MINUTE
    assert invitation_is_open(invitation, now=now) is taken


def test_without_an_end_it_stays_open() -> None:
    invitation = changed(asked(), expires_at=None)
    assert invitation_is_open(invitation, now=NOW + 1000 * DAY)
    changed(invitation, state="expired")
    assert not invitation_is_open(invitation, now=NOW)


def test_the_newest_mail_that_left_is_the_delivery(company: Company) -> None:
    invitation = asked()
    assert (delivered_at(invitation), first_message(invitation)) == (None, None)
    first = delivered(invitation, ago=4 * DAY)
    second = delivered(invitation, ago=HOUR, number=1)
    delivered(asked("Kim Berg"), ago=MINUTE)
    assert delivered_at(invitation) == NOW - HOUR
    assert first_message(invitation) == first.pk
    # It never left.
    OutboxMessage.objects.filter(pk=second.pk).update(state="failed", sent_at=None)
    assert delivered_at(invitation) == NOW - 4 * DAY
