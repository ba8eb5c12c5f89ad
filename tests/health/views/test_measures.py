"""The catalogue of measures."""

import re

import pytest
from django.test import Client

from accounts.models import Company
from customers.models import Segment
from health.measures import MEASURES
from health.models import Run, Scorecard, ScorecardVersion
from health.selectors import presence
from health.selectors.presence import measure_presence
from health.services.scorecards import scorecard_current
from tests import world
from tests.pages import main_of, queries, words

URL = "/scorecards/measures/"


def row_of(client: Client, key: str) -> str:
    """This will return the words of a measure's row."""
    page = main_of(client.get(URL))
    [row] = re.findall(rf'<tr [^>]*id="{key}".*?</tr>', page, flags=re.DOTALL)
    return words(row)


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == f"/sign-in/?next={URL}"


def test_every_measure_is_there_before_anything_was_scored(
    viewer_client: Client, company: Company
) -> None:
    page = main_of(viewer_client.get(URL))
    assert re.findall(r'<tr [^>]*id="(\w+)"', page) == list(MEASURES)
    text = words(page)
    assert "39 signals of health" in text
    assert "How many customers have each is known after the first run." in text
    assert row_of(viewer_client, "seat_use") == (
        "Seats in use Most active users on one day, as a share of the paid seats."
        " More is better (share) Worst 0.1 – warn 0.35 – good 0.55 – best 0.85"
        " Usage Counts in full for 7 days, half every 14 days from then on, not at all"
        " after 62 not known yet no scorecard yet"
    )


def test_who_has_it_and_where_it_counts(ana_client: Client, company: Company) -> None:
    used, silent = world.make_customer("Used"), world.make_customer("Silent")
    for customer in (used, silent):
        world.subscribe(customer)
    world.use(used, first=150)
    live = scorecard_current(now=world.NOW)
    small = Scorecard.objects.create(key="small", name="Small ones", priority=1)
    small.segments.add(Segment.objects.create(key="small", name="Small"))
    config = live.config | {
        "groups": [{"key": "usage", "weight": 1}],
        "measures": [m for m in live.config["measures"] if m["key"] == "active_days"],
    }
    ScorecardVersion.objects.create(
        scorecard=small, number=1, config=config, published_at=world.NOW
    )
    world.score()
    days, answer = row_of(ana_client, "active_days"), row_of(ana_client, "nps")
    assert days.endswith(" 50% Small ones 100% Default scorecard 4%")
    assert answer.endswith(" 0% Default scorecard 10%")
    assert " applies to nobody " in row_of(ana_client, "satisfaction")
    config["measures"][0]["weight"] = 0
    ScorecardVersion.objects.create(
        scorecard=small, number=2, config=config, published_at=world.NOW
    )
    assert row_of(ana_client, "active_days").endswith(" 50% Default scorecard 4%")


def test_queries_are_few_whoever_there_is(ana_client: Client, company: Company) -> None:
    def scored(count: int) -> int:
        for number in range(count):
            world.subscribe(world.make_customer(f"No {count}-{number}"))
        world.score()
        return queries(ana_client, URL)

    assert scored(1) == scored(3)


def cut(run: Run, ids: list[int]) -> None:
    """This will write down that each customer was a shard of its own."""
    run.shards.all().delete()
    for pk in ids:
        run.shards.create(first_id=pk, last_id=pk, state="done", customers=1)


@pytest.mark.usefixtures("company")
def test_a_sample_looks_all_over_the_run(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of six shards of a customer each, every second is looked at."""
    people = [world.make_customer(f"No {n}") for n in range(6)]
    for number, customer in enumerate(people):
        world.subscribe(customer)
        if number % 2 == 0 or number == 1:
            world.use(customer, first=150)
    run = world.score()
    cut(run, [customer.pk for customer in people])
    assert measure_presence(run)["active_days"] == pytest.approx(4 / 6)
    assert measure_presence(run, sample=True)["active_days"] == pytest.approx(4 / 6)
    monkeypatch.setattr(presence, "SAMPLE", 3)
    monkeypatch.setattr(presence, "PLACES", 3)
    assert measure_presence(run, sample=True)["active_days"] == 1
