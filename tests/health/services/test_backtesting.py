"""A draft on past days: the same as counting by hand who left afterwards."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Company
from customers.models import Customer, ProfileChange, Segment
from health.default_scorecard import default_config
from health.enums import RunKind
from health.models import Run, Score, Scorecard, ScorecardVersion
from health.selectors.frame import Moment
from health.selectors.previews import landmarks, past_part
from health.services.backtesting import backtest_run
from health.services.history import run_work
from health.services.pairing import Pair, pair_of
from health.services.previews import preview_ensure
from health.services.runs import run_start
from tests import world
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db
FIRST, SECOND = days_ago(200), days_ago(100)


def scored(day: dt.date) -> Run:
    run = run_start(kind=RunKind.BACKFILL, as_of=day, now=NOW)
    return run_work(run=run)


@pytest.fixture
def past(company: Company) -> Run:
    """Twelve leavers and six who stay, scored on two past days and today.

    Those who leave gave a bad answer shortly before; four leave after the first day.
    """
    for number in range(18):
        customer = world.make_customer(f"Customer {number}")
        world.subscribe(customer)
        world.touch(customer, days=210 - number)
        leaves_on = 0 if number >= 12 else (180 if number < 4 else 60)
        world.answer(customer, days=205, score=2 if leaves_on else 9)
        world.answer(customer, days=104, score=1 if leaves_on else 10)
        if leaves_on:
            world.leave(customer, days=leaves_on)
    scored(FIRST)
    scored(SECOND)
    scored(days_ago(91))  # too near to the one before
    return world.score()


def config(**weights: float) -> dict[str, Any]:
    """This will return a scorecard of a few measures, known from one on."""
    content = default_config() | {"floor": 0.05, "groups": []}
    content["measures"] = [
        {**line, "weight": weights[line["key"]]}
        for line in content["measures"]
        if line["key"] in weights
    ]
    return content


def pair_for(content: dict[str, Any]) -> Pair:
    card = Scorecard.objects.get(is_default=True)
    # What is in use knows everybody's score too, however little there is.
    ScorecardVersion.objects.create(
        scorecard=card,
        number=8,
        config=default_config() | {"floor": 0.0},
        published_at=NOW,
    )
    draft = ScorecardVersion.objects.create(scorecard=card, number=9, config=content)
    preview = preview_ensure(version=draft, now=NOW)
    assert preview is not None
    preview.version = draft
    return pair_of(preview)


def moment(now: dt.datetime = NOW) -> Moment:
    return Moment(TODAY, now, "UTC", "EUR")


def test_the_days_are_far_apart_and_over(past: Run) -> None:
    found = landmarks(moment())
    # 100 days ago comes too near after the one of 91 days ago, the newest that is over.
    assert [mark.day for mark in found] == [FIRST, days_ago(91)]
    # At the first all 18 were there and four left within 90 days, 20 days later.
    assert [len(mark.scored) for mark in found] == [18, 14]
    assert [len(mark.left) for mark in found] == [4, 8]
    assert {days for mark in found for days in mark.left_in.tolist()} == {20, 31}


def test_a_departure_that_became_known_later_does_not_count(past: Run) -> None:
    early = dt.datetime.combine(days_ago(61), dt.time(), tzinfo=dt.UTC)
    assert [len(mark.left) for mark in landmarks(moment(early))] == [4, 0]


def test_days_without_scores_are_passed_over(past: Run) -> None:
    Score.objects.filter(as_of=days_ago(91)).delete()
    assert [mark.day for mark in landmarks(moment())] == [FIRST, SECOND]


def test_a_draft_that_listens_to_answers_tells_who_leaves(past: Run) -> None:
    found = backtest_run(pair=pair_for(config(nps=1)), run=past, now=NOW)
    assert found["days"] == [FIRST.isoformat(), days_ago(91).isoformat()]
    assert (found["customers"], found["leavers"]) == (32, 12)
    assert (found["everybody"], found["looked_at"]) == (18, 18)
    draft = found["draft"]
    # Every leaver answered 1 or 2, everybody else 9 or 10: told apart without fail.
    # On the first day the eight who leave later look like leavers too: ties count half.
    # 4 · (6 + 8/2) of 4 · 14 pairs, then 8 · 6 of 8 · 6.
    assert draft["auc"]["value"] == pytest.approx(
        (4 * (6 + 8 / 2) + 48) / (4 * 14 + 48)
    )
    assert draft["caught"]["value"] == 1.0
    assert draft["leavers"] == (0, 12, 0, 0)
    assert draft["alarm"]["value"] == pytest.approx((12 + 8) / 32)
    # Eight were red on both days: 31 days + 109 before; four for 20 days.
    assert (draft["lead"], draft["warned"]) == (140.0, 12)
    assert [share["exposure"] for share in draft["bands"]] == [0, 20, 0, 12]


def test_what_a_day_had_not_read_is_named(past: Run) -> None:
    run = Run.objects.get(as_of=FIRST)
    layout = run.parameters["measures"]
    run.parameters["measures"] = ["gone" if key == "nps" else key for key in layout]
    run.save()
    from health.measures import MEASURES

    pair = pair_for(config(nps=1, tenure=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MEASURES, "gone", MEASURES["nps"])
        assert backtest_run(pair=pair, run=past, now=NOW)["unread"] == ["nps"]


def test_the_segment_is_the_one_of_then(past: Run) -> None:
    mark = landmarks(moment())[0]
    moved, other = mark.scored[0], Segment.objects.create(key="small", name="Small")
    Customer.objects.filter(pk=moved).update(segment=other)
    then = Segment.objects.get(key="mid-market").pk
    ids, segment, _readings = past_part(mark, mark.scored[:2])
    assert ids.tolist() == mark.scored[:2].tolist()
    assert segment.tolist() == [other.pk, then]  # no line of the log: as the row says
    for day, was in ((210, then), (150, other.pk)):
        when = world.noon(days_ago(day))
        ProfileChange.objects.create(
            customer_id=moved, segment_id=was, recorded_at=when
        )
    assert past_part(mark, mark.scored[:2])[1].tolist() == [then, then]


def test_many_are_looked_at_by_lot(past: Run) -> None:
    found = backtest_run(pair=pair_for(config(nps=1)), run=past, now=NOW, most=3)
    assert (found["everybody"], found["looked_at"]) == (18, 6)
    again = backtest_run(pair=_last_pair(), run=past, now=NOW, most=3)
    assert again == found
    # What was looked at stands for everybody there was on some day.
    assert found["leavers"] == 3


def _last_pair() -> Pair:
    from health.models import Preview

    preview = Preview.objects.select_related("version").get()
    return pair_of(preview)


def test_no_day_is_over_yet(company: Company) -> None:
    world.subscribe(world.make_customer())
    run = world.score()
    assert backtest_run(pair=pair_for(config(nps=1)), run=run, now=NOW) == {"days": []}
