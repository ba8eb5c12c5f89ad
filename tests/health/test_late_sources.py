"""A file with usage stops coming: nobody turns red or green because of it."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from customers.models import Customer, Event
from health.enums import Band, RunKind
from health.events import BAND_CHANGED
from health.measures import MEASURES
from health.models import Board, Run, Score, ScorecardVersion, SourceRhythm
from health.selectors.standing import explanation
from health.services.history import run_work
from health.services.runs import run_start
from health.services.scorecards import scorecard_current
from tests import world
from tests.pages import main_of, words

# Days before the tests' day: the last file, the last day on time, three weeks of silence,
# silence beyond the longest age of usage (62 days), the file, and the day after it.
STOPPED, ON_TIME, SILENT, TOO_OLD, CAME, AFTER = 92, 89, 72, 25, 21, 20


SCORES = Score.objects.order_by("as_of", "customer_id").values_list(
    "as_of", "customer_id", "score", "coverage", "band", "late"
)


@dataclass(frozen=True)
class Cast:
    """Who is well by usage alone, who is ill by usage alone, and who never used it."""

    lively: Customer
    idle: Customer
    unused: Customer

    def bands(self, days: int) -> tuple[int, int, int]:
        """This will return the bands of the three on a day."""
        found = dict(
            Score.objects.filter(as_of=world.days_ago(days)).values_list(
                "customer_id", "band"
            )
        )
        return found[self.lively.pk], found[self.idle.pk], found[self.unused.pk]


@pytest.fixture
def cast(company: Company, ana: User) -> Cast:
    # Only usage is late here: the others are rare, and nobody waits for them.
    for source in ("tickets", "invoices"):
        SourceRhythm.objects.create(source=source, days=None)
    lively, idle, unused = (
        world.make_customer(name, owner=ana) for name in ("Lively", "Idle", "Unused")
    )
    for customer in (lively, idle, unused):
        world.subscribe(customer)
        world.person(customer)
    world.use(lively, first=300, last=STOPPED, users=19, events=500, features=6)
    world.use(idle, first=300, last=160, users=19, events=500, features=6)
    world.use(idle, first=110, last=STOPPED, users=1, events=1, features=1, every=9)
    # Lively pays late and scores low; Idle does neither.
    world.invoice(lively, days=140, paid_after=None)
    world.answer(lively, days=95, score=3)
    world.touch(lively, days=200)
    for customer in (idle, unused):
        world.invoice(customer, days=140)
        world.answer(customer, days=95, score=9)
        world.touch(customer, days=94)
    return Cast(lively, idle, unused)


def run_on(days: int, kind: str = RunKind.MANUAL) -> Run:
    day = world.days_ago(days)
    now = world.noon(day) + dt.timedelta(hours=9)
    return run_work(run=run_start(kind=kind, as_of=day, now=now))


def usage_parts(customer: Customer, days: int) -> list[tuple[str, object, float]]:
    """This will return what usage said on a day: measure, value and freshness."""
    parts = explanation(customer_id=customer.pk, as_of=world.days_ago(days))
    assert parts is not None
    return sorted(
        (part.key, part.value, part.freshness)
        for part in parts.parts
        if MEASURES[part.key].source == "usage" and part.points is not None
    )


def told_of(customer: Customer) -> int:
    """This will count the alerts about a customer's band."""
    return Event.objects.filter(customer=customer, kind=BAND_CHANGED).count()


def lower_the_floor() -> None:
    """Few signals are enough: so only the rule about late data keeps a band back."""
    version = scorecard_current(now=world.NOW)
    ScorecardVersion.objects.create(
        scorecard=version.scorecard,
        number=version.number + 1,
        config=version.config | {"floor": 0.3},
        published_at=world.NOW,
    )


@pytest.mark.parametrize("floor", ["usual", "low"])
def test_the_story(cast: Cast, floor: str, ana_client: Client) -> None:
    if floor == "low":
        lower_the_floor()
    assert run_on(ON_TIME).parameters["late"] == {}
    before = cast.bands(ON_TIME)
    assert before[:2] == (Band.WATCH, Band.AT_RISK)

    # Three weeks later nothing has moved, and every page says why.
    late = {"usage": STOPPED - SILENT - 3}
    assert run_on(SILENT).parameters["late"] == late
    assert cast.bands(SILENT)[:2] == before[:2]
    for customer in (cast.lively, cast.idle):
        parts = usage_parts(customer, SILENT)
        assert len(parts) > 4
        assert parts == usage_parts(customer, ON_TIME)
    marked = dict(Board.objects.values_list("name", "late"))
    assert marked == {"Lively": True, "Idle": True, "Unused": False}
    for url in ("/", "/customers/"):
        page = words(main_of(ana_client.get(url)))
        assert page.count("Late data: usage (17 days).") == 1
        assert page.count("late data") == (2 if url == "/customers/" else 1)
    for customer, told in ((cast.lively, True), (cast.unused, False)):
        page = words(main_of(ana_client.get(reverse("customer", args=[customer.pk]))))
        assert ("Late data: usage (17 days)." in page) == told

    # Past its longest age usage is dropped. That would make Lively red and Idle green.
    run_on(TOO_OLD)
    assert usage_parts(cast.lively, TOO_OLD) == []
    scores = dict(
        Score.objects.filter(as_of=world.days_ago(TOO_OLD)).values_list(
            "customer__name", "score"
        )
    )
    assert scores["Lively"] < 50
    assert scores["Idle"] > 70
    assert cast.bands(TOO_OLD)[:2] == (Band.UNKNOWN, Band.UNKNOWN)
    assert told_of(cast.lively) == told_of(cast.idle) == 0


def test_a_late_file_counts_from_the_day_it_came(cast: Cast) -> None:
    for days in (ON_TIME, SILENT, TOO_OLD):
        run_on(days)
    kept = list(SCORES.all())
    came = world.days_ago(CAME)
    for customer, users in ((cast.lively, 19), (cast.idle, 19)):
        world.use(
            customer, first=STOPPED - 1, last=CAME, users=users, events=500, features=6,
            recorded_on=came,
        )  # fmt: skip
    assert run_on(AFTER).parameters["late"] == {}
    lively, idle, _unused = cast.bands(AFTER)
    assert lively == cast.bands(ON_TIME)[0]
    assert idle in {Band.WATCH, Band.HEALTHY}
    # What they were told before still holds for Lively; of Idle there is news.
    assert (told_of(cast.lively), told_of(cast.idle)) == (0, 1)
    # The days between stay as they were, computed again too.
    for days in (SILENT, TOO_OLD):
        run_on(days, RunKind.BACKFILL)
    assert list(SCORES.exclude(as_of=world.days_ago(AFTER))) == kept
