"""Who of a customer is asked, and why not the others."""

import datetime as dt

import pytest

from accounts.models import Company
from mail.address import hash_of
from mail.enums import SuppressionReason, SuppressionScope
from mail.models import Suppression
from surveys.models import Invitation, SurveyRules
from surveys.selectors.audience import LastAsked, verdicts_of
from surveys.selectors.rules import survey_rules
from surveys.selectors.turns import turns_now
from tests import world
from tests.surveys.sending import (
    DAY,
    ask,
    asked,
    day_at,
    mails,
    make_survey,
    rows,
    somebody,
)
from tests.world import NOW, TODAY, days_ago, noon

pytestmark = pytest.mark.django_db


def suppress(email: str, scope: str, **fields: object) -> None:
    Suppression.objects.create(
        email=email,
        address_hash=hash_of(email),
        scope=scope,
        reason=SuppressionReason.BY_HAND,
        created_at=NOW,
        **fields,
    )


def test_the_main_contact_comes_first_then_the_executive(company: Company) -> None:
    customer = world.make_customer()
    somebody("Plain", customer=customer, is_primary=False)
    somebody("Boss", customer=customer, is_executive=True)
    somebody("Main", customer=customer, is_primary=True)
    for limit, names in (
        (1, ["Main"]),
        (2, ["Boss", "Main"]),
        (None, ["Boss", "Main", "Plain"]),
    ):
        survey = make_survey(contacts_limit=limit)
        Invitation.objects.update(created_at=NOW - 400 * DAY)
        ask(survey)
        assert rows(survey) == [(name, "asked") for name in names]


def test_the_next_one_is_asked_where_the_first_may_not_be(company: Company) -> None:
    customer = world.make_customer()
    somebody("Main", customer=customer, email="")
    somebody("Next", customer=customer)
    somebody("Last", customer=customer)
    survey = make_survey()
    found = verdicts_of(
        survey, turns_now(survey, day_at()), rules=survey_rules(), day=day_at()
    )
    assert [(one.contact.name, one.drop, one.is_asked) for one in found] == [
        ("Main", "no_address", False),
        ("Next", "", True),
        ("Last", "enough", False),
    ]
    ask(survey)
    # Behind enough others nobody was kept from anything: that leaves no row.
    assert rows(survey) == [("Main", "no_address"), ("Next", "asked")]


def test_nobody_is_asked_twice_within_the_distance_by_any_survey(
    company: Company,
) -> None:
    somebody()
    first, second = make_survey("First"), make_survey("Second")
    assert ask(first).asked == 1
    assert ask(second).dropped == 1
    assert rows(second) == [("Mara Ionescu", "throttled")]
    assert mails().total() == 1
    # Dropped for good: the day after the distance does not bring it back.
    ask(second, now=NOW + 91 * DAY)
    assert rows(second) == [("Mara Ionescu", "throttled")]


@pytest.mark.parametrize(
    ("asked_at", "reason"),
    [
        # 90 local days: from the first moment of the 2nd of April it is 89 days ago.
        (dt.datetime(2026, 4, 2, 0, 0, tzinfo=dt.UTC), "throttled"),
        (dt.datetime(2026, 4, 1, 23, 59, tzinfo=dt.UTC), "asked"),
    ],
)
def test_the_distance_counts_local_days(
    company: Company, asked_at: dt.datetime, reason: str
) -> None:
    mara = somebody()
    world.invite(mara.customer, contact=mara, created_at=asked_at)
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Mara Ionescu", reason)]


def test_the_rules_say_how_long(company: Company) -> None:
    SurveyRules.objects.create(throttle_days=10, new_contact_days=0)
    mara = somebody()
    world.invite(mara.customer, contact=mara, created_at=NOW - 11 * DAY)
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Mara Ionescu", "asked")]
    again = make_survey()
    ask(again)
    assert rows(again) == [("Mara Ionescu", "throttled")]


def test_what_was_dropped_does_not_count_as_asked(company: Company) -> None:
    mara = somebody()
    world.invite(
        mara.customer, contact=mara, created_at=NOW - DAY,
        state="dropped", drop="new", expires_at=None,
    )  # fmt: skip
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Mara Ionescu", "asked")]


def test_the_same_address_is_the_same_person(company: Company) -> None:
    one = somebody("One", email="Shared@Example.org")
    somebody("Two", email="shared@example.ORG")
    somebody("Three", email="other@example.org")
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [
        ("One", "asked"),
        ("Three", "asked"),
        ("Two", "throttled"),
    ]
    # Also by another contact, of another customer, in another survey.
    one.delete()
    later = make_survey()
    ask(later, now=NOW + DAY)
    assert ("Two", "throttled") not in rows(later)
    fresh = somebody("Fresh", email="OTHER@example.org")
    assert fresh.pk
    again = make_survey()
    ask(again, now=NOW + 2 * DAY)
    assert ("Fresh", "throttled") in rows(again)


def test_contacts_without_an_address_share_nothing(company: Company) -> None:
    blank = somebody("Blank", email="")
    world.invite(blank.customer, contact=blank, created_at=NOW - DAY)
    somebody("Other", email="")
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Blank", "no_address"), ("Other", "no_address")]


def test_a_verdict_says_when_and_by_what(company: Company) -> None:
    mara = somebody()
    world.invite(mara.customer, contact=mara, created_at=NOW - 9 * DAY)
    older = make_survey("Older")
    Invitation.objects.create(
        survey=older, version=older.versions.get(), customer=mara.customer,
        contact=mara, round="x", language="en", created_at=NOW - 40 * DAY,
    )  # fmt: skip
    survey = make_survey()
    [found] = verdicts_of(
        survey, turns_now(survey, day_at()), rules=survey_rules(), day=day_at()
    )
    assert found.last == LastAsked(NOW - 9 * DAY, "Asked")


@pytest.mark.parametrize(
    ("source", "reason"), [("imported", "throttled"), ("sent", "asked")]
)
def test_imported_answers_count_as_asked(
    company: Company, source: str, reason: str
) -> None:
    mara = somebody()
    given = world.answer(mara.customer, days=20, score=9, contact=mara)
    given.source = source
    given.save()
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Mara Ionescu", reason)]


def test_a_new_contact_is_left_alone_for_a_while(company: Company) -> None:
    new = somebody("New")
    new.recorded_at = noon(days_ago(29))
    new.save()
    known = somebody("Known")
    known.recorded_at = noon(days_ago(30))
    known.save()
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Known", "asked"), ("New", "new")]


def test_an_import_does_not_make_everybody_new(company: Company) -> None:
    # An import that does not say since when knows people as long as their company.
    old = somebody("Old", customer=world.make_customer(since=days_ago(700)))
    fresh = somebody("Fresh", customer=world.make_customer(since=days_ago(5)))
    for contact in (old, fresh):
        contact.recorded_assumed = True
        contact.recorded_at = noon(contact.customer.customer_since)
        contact.save()
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("Fresh", "new"), ("Old", "asked")]


def test_who_wants_none_and_what_does_not_work_is_not_asked(company: Company) -> None:
    for name, scope in (
        ("Surveys", SuppressionScope.SURVEYS),
        ("All", SuppressionScope.ALL),
        ("Dead", SuppressionScope.DEAD),
    ):
        somebody(name, email=f"{name}@Example.org".upper())
        suppress(f"{name}@example.org", scope)
    somebody("Both", email="both@example.org")
    suppress("both@example.org", SuppressionScope.SURVEYS)
    suppress("both@example.org", SuppressionScope.DEAD)
    somebody("Lifted", email="lifted@example.org")
    suppress("lifted@example.org", SuppressionScope.ALL, lifted_at=NOW)
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [
        ("All", "unsubscribed"),
        ("Both", "dead"),
        ("Dead", "dead"),
        ("Lifted", "asked"),
        ("Surveys", "unsubscribed"),
    ]


def test_who_has_left_is_not_even_looked_at(company: Company) -> None:
    customer = world.make_customer()
    somebody("Left", customer=customer, left_on=TODAY)
    somebody("There", customer=customer, is_primary=False)
    survey = make_survey()
    ask(survey)
    assert rows(survey) == [("There", "asked")]


def test_an_erased_contact_frees_nobody_and_breaks_nothing(company: Company) -> None:
    mara = somebody()
    survey = make_survey()
    ask(survey)
    mara.delete()
    row = Invitation.objects.get()
    assert row.contact is None
    survey.asked_on = None
    survey.save()
    ask(survey, now=NOW + DAY)
    assert asked(survey) == [""]
