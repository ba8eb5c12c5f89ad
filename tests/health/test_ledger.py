"""Why a score moved between two real runs: change one thing, see exactly that line."""

import datetime as dt

import pytest

from accounts.actor import Actor
from accounts.models import Company, User
from customers.models import Customer
from health.calculations.ledger import BY_HAND, CHILD, DATA, FRESHNESS, KNOWN, SCORECARD
from health.default_scorecard import default_config
from health.ledger_words import grouped, moved_words, sentences
from health.models import Scorecard, ScorecardVersion
from health.selectors.ledger import Movement, latest_snapshot, ledger
from health.services.overrides import override_set
from health.services.scorecards import scorecard_current
from tests import world
from tests.world import NOW, TODAY, days_ago, noon, score

pytestmark = pytest.mark.django_db
BEFORE = days_ago(2)
LONG_AGO = noon(days_ago(500))


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    """Somebody who only answered, and whom we talked to: little that moves by itself."""
    scorecard_with({"nps": {}, "last_contact": {"weight": 1}, "overdue": {}})
    found = world.make_customer("Brightwater", owner=ana)
    world.subscribe(found)
    world.touch(found, days=3)
    world.answer(found, days=40, score=9)
    world.invoice(found, days=70)
    return found


def scorecard_with(
    measures: dict[str, dict[str, object]],
    *,
    now: dt.datetime = LONG_AGO,
    **more: object,
) -> ScorecardVersion:
    """This will publish a version of the default with some of its measures only."""
    config = default_config()
    kept = [
        line | measures[line["key"]]
        for line in config["measures"]
        if line["key"] in measures
    ]
    config |= {"measures": kept, "groups": [], **more}
    scorecard, _ = Scorecard.objects.get_or_create(
        is_default=True, defaults={"key": "default", "name": "Default scorecard"}
    )
    number = scorecard.versions.count() + 1
    return ScorecardVersion.objects.create(
        scorecard=scorecard, number=number, config=config, published_at=now
    )


def between(customer: Customer, first: dt.date, last: dt.date) -> Movement:
    found = ledger(customer_id=customer.pk, first=first, last=last)
    assert found is not None
    return found


def steps(found: Movement) -> list[tuple[str, str]]:
    return [(line.step, line.key) for line in found.split.lines]


def adds_up(found: Movement) -> None:
    total = sum(line.change for line in found.split.lines)
    assert total == pytest.approx(found.split.difference, abs=1e-9)
    stored = found.last.score.score - found.first.score.score
    assert total == pytest.approx(stored, abs=1e-9)
    assert sum(found.shown) == round(found.last.score.score) - round(
        found.first.score.score
    )


def test_a_new_answer_is_one_line(customer: Customer) -> None:
    score(BEFORE)
    world.answer(customer, days=1, score=3)
    score(TODAY)
    found = between(customer, BEFORE, TODAY)
    assert steps(found) == [(DATA, "nps")]
    adds_up(found)
    [line] = sentences(found)
    assert line.text == "NPS answer fell from 9 to 3"
    assert line.more == "Before: Latest NPS answer: 9"
    assert line.points == found.points < 0
    assert moved_words(found) == f"Down {-found.points} points since 28 June 2026"


def test_nothing_new_is_no_line(customer: Customer) -> None:
    score(BEFORE)
    score(TODAY)
    found = between(customer, BEFORE, TODAY)
    # One day without a talk counts for as much: both are better than the best anchor.
    assert (steps(found), found.points) == ([], 0)
    assert moved_words(found) == "No change since 28 June 2026"


def test_past_its_full_age_an_answer_fades(company: Company, ana: User) -> None:
    scorecard_with({"nps": {}, "pulse": {}})
    found = world.make_customer("Fading", owner=ana)
    world.touch(found, days=20, kind="pulse", pulse=3)
    world.answer(found, days=120, score=10)
    score(BEFORE)
    score(TODAY)
    moved = between(found, BEFORE, TODAY)
    assert steps(moved) == [(FRESHNESS, "nps")]
    [line] = sentences(moved)
    assert line.text == "Latest NPS answer: 10: counts 79%, before 81%"
    assert line.more == "120 days old"
    adds_up(moved)


def test_a_late_file_shows_from_the_day_it_became_known(customer: Customer) -> None:
    # Issued long ago and never paid, but nobody told us before yesterday.
    told = world.invoice(customer, days=60, paid_after=None)
    told.recorded_at = noon(days_ago(1))
    told.save()
    for day in (days_ago(3), days_ago(2), TODAY):
        score(day)
    before = between(customer, days_ago(3), days_ago(2))
    assert (DATA, "overdue") not in steps(before)
    after = between(customer, days_ago(2), TODAY)
    assert steps(after) == [(DATA, "overdue")]
    adds_up(after)


def test_a_version_published_between_is_the_scorecard(customer: Customer) -> None:
    score(BEFORE)
    scorecard_with(
        {"nps": {"weight": 5}, "last_contact": {"weight": 1}, "overdue": {}}, now=NOW
    )
    score(TODAY)
    found = between(customer, BEFORE, TODAY)
    assert {step for step, _key in steps(found)} == {SCORECARD}
    adds_up(found)
    assert found.first.score.scorecard_version_id != (
        found.last.score.scorecard_version_id
    )
    assert "weight" in sentences(found)[0].more


def test_a_score_set_by_hand_is_its_own_line(customer: Customer, ana: User) -> None:
    score(BEFORE)
    score(TODAY)
    override_set(
        customer=customer,
        score=20,
        reason="They told us they will leave.",
        expires_on=TODAY,
        by=Actor(ana),
        today=TODAY,
        now=NOW,
    )
    found = between(customer, BEFORE, TODAY)
    assert steps(found) == [(BY_HAND, "")]
    adds_up(found)
    [line] = sentences(found)
    assert line.text == "Ana Popescu set the score to 20 until 30 June 2026"
    assert line.more == "They told us they will leave."
    assert [group.title for group in grouped([line])] == ["By hand"]


def test_from_unknown_is_a_line_of_its_own(company: Company, ana: User) -> None:
    scorecard_with({"nps": {}, "pulse": {}})
    found = world.make_customer("Silent", owner=ana)
    score(BEFORE)
    world.answer(found, days=1, score=9)
    world.touch(found, days=1, kind="pulse", pulse=4)
    score(TODAY)
    moved = between(found, BEFORE, TODAY)
    assert steps(moved) == [(KNOWN, "")]
    assert moved.split.first is None
    assert moved.split.last == pytest.approx(moved.last.score.score, abs=1e-9)
    assert [line.text for line in sentences(moved)] == ["Scored for the first time"]


def test_the_nearest_stored_days_are_taken(customer: Customer) -> None:
    for day in (days_ago(20), days_ago(8)):
        score(day)
    found = between(customer, days_ago(15), days_ago(1))
    assert found.first.score.as_of == days_ago(20)
    assert found.last.score.as_of == days_ago(8)
    # Nothing is stored before: the oldest day.
    found = between(customer, days_ago(300), days_ago(1))
    assert found.first.score.as_of == days_ago(20)
    assert ledger(customer_id=customer.pk, first=days_ago(9), last=days_ago(9)) is None
    assert latest_snapshot(customer_id=customer.pk, on=days_ago(30)) is None


def test_every_default_measure_adds_up(company: Company, ana: User) -> None:
    scorecard_current(now=NOW)
    people = [
        world.healthy_customer("Good", owner=ana),
        world.failing_customer("Bad", owner=ana),
    ]
    first = days_ago(35)
    score(first)
    score(TODAY)
    for one in people:
        found = between(one, first, TODAY)
        assert len(found.split.lines) > 4
        adds_up(found)
        assert all(line.text for line in sentences(found))


@pytest.mark.parametrize("how", ["mean", "revenue", "worst"])
def test_a_rolled_up_parent_moves_by_its_children(
    company: Company, ana: User, how: str
) -> None:
    scorecard_with({"nps": {}, "pulse": {}}, rollup=how)
    parent = world.make_customer("Group", owner=ana)
    children = [
        world.make_customer(f"Child {n}", owner=ana, parent=parent) for n in (1, 2)
    ]
    for one, mrr, value in zip(children, ("100", "300"), (9, 5), strict=True):
        world.subscribe(one, mrr=mrr)
        world.answer(one, days=40, score=value)
        world.touch(one, days=20, kind="pulse", pulse=4)
    score(BEFORE)
    world.answer(children[1], days=1, score=2)
    score(TODAY)
    found = between(parent, BEFORE, TODAY)
    assert steps(found) == [(CHILD, str(children[1].pk))]
    assert [line.text for line in sentences(found)] == ["Child 2"]
    adds_up(found)
    # The child's own lines tell why it moved.
    assert steps(between(children[1], BEFORE, TODAY)) == [(DATA, "nps")]
