"""The machine room."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from customers.models import Customer
from health.enums import RunKind
from health.models import Heartbeat, Run, RunFailure, Shard
from health.services.runs import run_start
from health.services.ticking import TICK
from tests import world
from tests.pages import facts, main_of, messages, part, queries, words

URL = "/operations/"


@pytest.mark.parametrize("person", ["ana_client", "viewer_client"])
def test_it_is_for_leaders(
    person: str, request: pytest.FixtureRequest, company: Company
) -> None:
    client = request.getfixturevalue(person)
    assert client.get(URL).status_code == 404
    assert client.post(reverse("run_now")).status_code == 404
    assert not Run.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get(URL)["Location"] == "/sign-in/?next=/operations/"


def test_a_silent_schedule_is_named(
    admin_client: Client, company: Company, at_noon: None
) -> None:
    page = words(main_of(admin_client.get(URL)))
    assert "The schedule has never ticked: is beat running?" in page
    beat = Heartbeat.objects.create(
        name=TICK, beat_at=world.NOW - dt.timedelta(minutes=12, seconds=5)
    )
    page = words(main_of(admin_client.get(URL)))
    assert "The schedule has not ticked for 12 minutes: is beat running?" in page
    beat.beat_at = world.NOW - dt.timedelta(minutes=2)
    beat.save()
    assert facts(admin_client.get(URL))[0] == (
        "Last tick 30 Jun, 11:58 the schedule is alive"
    )


def test_the_next_night_is_local(
    admin_client: Client, company: Company, at_noon: None
) -> None:
    company.time_zone = "Europe/Bucharest"
    company.save()
    world.make_customer()
    assert facts(admin_client.get(URL))[1] == "Next nightly run 30 Jun, 02:00 due now"
    run_start(kind=RunKind.NIGHTLY, as_of=world.TODAY, now=world.NOW)
    assert facts(admin_client.get(URL))[1] == "Next nightly run 1 Jul, 02:00 tomorrow"


def test_runs_with_what_went_wrong(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    run = Run.objects.get()
    run.finished_at = run.started_at + dt.timedelta(seconds=8.25)
    run.save()
    Shard.objects.create(
        run=run, first_id=7, last_id=9, state="split", reason="ValueError: bad"
    )
    RunFailure.objects.create(
        run=run, customer=scored_world["failing"], reason="No exchange rate is known."
    )
    response = mara_client.get(URL)
    table = part(response, "h-runs")
    assert "30 Jun, 12:00 Done 1 done, 1 split" in table
    assert "3 30 Jun 8.2 s By hand" in table
    assert (
        "1 customer without a score Brightwater Logistics : No exchange rate" in table
    )
    assert "Customers 7 to 9, Split: ValueError: bad" in table
    assert f'href="/customers/{scored_world["failing"].pk}/"' in main_of(response)


def test_a_run_is_started_once(
    mara_client: Client, mara: User, company: Company, at_noon: None
) -> None:
    world.make_customer()
    first = mara_client.post(reverse("run_now"), follow=True)
    assert messages(first) == ["The run has started."]
    page = main_of(first)
    assert "0 of 1 shard is through" in words(page)
    assert 'hx-trigger="every 3s"' in page
    second = mara_client.post(reverse("run_now"), follow=True)
    assert messages(second) == ["The run has started."]
    assert Run.objects.count() == 1


def test_another_days_run_comes_first(
    mara_client: Client, company: Company, at_noon: None
) -> None:
    world.make_customer()
    run_start(kind=RunKind.MANUAL, as_of=world.days_ago(1), now=world.NOW)
    response = mara_client.post(reverse("run_now"), follow=True)
    assert messages(response) == [
        "Another run is still under way. Try again when it is through."
    ]


def test_a_finished_run_is_not_polled(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    assert "every 3s" not in main_of(mara_client.get(URL))


def test_the_queries_do_not_grow_with_the_runs(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    one = queries(mara_client, URL)
    for minutes in (1, 2):
        world.score(now=world.NOW + dt.timedelta(minutes=minutes))
    assert queries(mara_client, URL) == one
