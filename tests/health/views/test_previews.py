"""What a draft would change, as administrators and managers see it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company
from customers.models import Customer
from health.default_scorecard import default_config
from health.enums import RunKind
from health.models import Override, Preview, Run, Scorecard, ScorecardVersion
from health.services import previewing
from health.services.history import run_work
from health.services.runs import run_start
from health.views.preview_past import verdict_words
from tests import world
from tests.pages import facts, main_of, part, queries, words


def draft(*without: str, **changes: Any) -> ScorecardVersion:
    """This will begin a draft of the default scorecard without some measures."""
    config = default_config() | changes
    config["measures"] = [
        line for line in config["measures"] if line["key"] not in without
    ]
    card = Scorecard.objects.get(is_default=True)
    return ScorecardVersion.objects.create(scorecard=card, number=2, config=config)


def address(version: ScorecardVersion, customer: Customer | None = None) -> str:
    if customer is None:
        return reverse("scorecard_preview", args=[version.scorecard_id])
    return reverse(
        "scorecard_preview_customer", args=[version.scorecard_id, customer.pk]
    )


STRICT = {"bands": {"at_risk": 50, "watch": 99}}


@pytest.mark.parametrize("person", ["ana_client", "viewer_client"])
def test_it_is_for_leaders(
    person: str, request: pytest.FixtureRequest, scored_world: dict[str, Customer]
) -> None:
    client = request.getfixturevalue(person)
    version = draft("seat_use")
    assert client.get(address(version)).status_code == 403
    one = address(version, scored_world["healthy"])
    assert client.get(one).status_code == 403
    assert not Preview.objects.exists()


def test_what_changes_in_a_sentence_and_by_band(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    response = mara_client.get(address(draft(**STRICT)))
    assert response.status_code == 200
    page = words(main_of(response))
    assert "1 customer changes band; €1,000 a month of revenue is with it." in page
    assert facts(response) == [
        "Healthy 1 → 0 −1",
        "Watch 0 → 1 +1",
        "At risk 2 as many as now",
        "Unknown 0 as many as now",
        "Scored by this scorecard 3 of 3 customers",
    ]
    table = part(response, "h-bands")
    assert "Healthy – ↓ worse: 1 €1K – – Watch" in table
    assert "At risk – – 2 €2K –" in table
    assert "On average scores stay where they are" in page
    assert part(response, "h-down") == "Would fall most Nobody"


def test_who_moves_most_leads_to_the_lines(
    admin_client: Client, scored_world: dict[str, Customer]
) -> None:
    # Answers alone: 2 is the worst there is for the failing, 9 is good for the healthy.
    config = default_config() | {"floor": 0.0, "groups": []}
    config["measures"] = [one for one in config["measures"] if one["key"] == "nps"]
    version = draft()
    version.config = config
    version.save()
    response = admin_client.get(address(version))
    down = part(response, "h-down")
    found = response.context["found"].down
    assert [round(one.after) for one in found[:2]] == [0, 0]
    assert down.startswith(
        "Would fall most Customer Score Points Brightwater Logistics €1,000 a month"
        f" {round(found[0].before)} → 0 −{round(found[0].before)} Secret Ltd"
    )
    assert address(version, scored_world["healthy"]) in main_of(response)
    lines = admin_client.get(address(version, scored_world["healthy"]))
    assert lines.status_code == 200


def test_the_lines_of_a_customer_add_up(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    version = draft("nps", "overdue")
    response = mara_client.get(address(version, scored_world["failing"]))
    found = response.context["found"]
    for side in ("live", "draft"):
        points = [
            mine.points
            for line in found.lines
            if (mine := getattr(line, side)) and mine.points is not None
        ]
        assert 50 + sum(points) == getattr(found, side).total
    assert sum(line.change for line in found.lines) == found.change
    assert found.live.total == round(found.score.computed)
    assert found.draft.total > found.live.total
    page = part(response, "h-lines")
    assert "Everybody starts with 50 50 0" in page
    asked = next(line for line in found.lines if line.key == "nps")
    assert (asked.draft, asked.change) == (None, -asked.live.points)
    assert "not asked for" in page
    assert page.endswith(
        f"Score {found.live.total} {found.draft.total} +{found.change}"
    )


def test_a_score_set_by_hand_counts_either_way(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    Override.objects.create(
        customer=scored_world["failing"],
        score=88,
        reason="They told us.",
        created_at=world.NOW - dt.timedelta(days=1),
        expires_on=world.TODAY,
    )
    world.score(now=world.NOW + dt.timedelta(seconds=1))
    page = mara_client.get(address(draft(**STRICT), scored_world["failing"]))
    assert facts(page)[0].startswith("In use 88 Healthy")
    assert facts(page)[1].startswith("Draft 88 Watch")
    assert "The score was set by hand and counts either way" in words(main_of(page))


def test_a_customer_of_another_scorecard_does_not_change(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    card = Scorecard.objects.create(key="none", name="Nobody's", priority=1)
    version = ScorecardVersion.objects.create(
        scorecard=card, number=1, config=default_config()
    )
    page = mara_client.get(address(version, scored_world["failing"]))
    assert "this customer’s segment falls to another scorecard" in words(main_of(page))
    assert page.context["found"].change == 0


def test_a_customer_is_found_by_name(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    url = address(draft("nps"))
    found = part(mara_client.get(url, {"q": "kestrel"}), "h-find")
    assert found == "One customer, line by line Name of a customer Find Kestrel Foods"
    none = part(mara_client.get(url, {"q": "<b>Nobody"}), "h-find")
    assert "No customer’s name has “<b>Nobody” in it." in none


def test_nothing_to_compare_says_what_to_do(
    mara_client: Client, company: Company, at_noon: None
) -> None:
    card = Scorecard.objects.create(key="default", name="Default", is_default=True)
    url = reverse("scorecard_preview", args=[card.pk])
    assert "There is no draft" in words(main_of(mara_client.get(url)))
    version = ScorecardVersion.objects.create(
        scorecard=card, number=1, config=default_config()
    )
    assert "Nothing has been scored yet" in words(main_of(mara_client.get(url)))
    customer = world.make_customer()
    page = mara_client.get(address(version, customer))
    assert "Nothing to compare" in words(main_of(page))
    assert mara_client.get("/scorecards/999/draft/preview/").status_code == 404


def test_a_run_whose_scores_are_gone(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    from health.models import Score

    Score.objects.all().delete()
    page = words(main_of(mara_client.get(address(draft("nps")))))
    assert "No customer to compare" in page


def test_a_large_portfolio_is_waited_for(
    mara_client: Client,
    scored_world: dict[str, Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("health.services.previews.AT_ONCE", 0)
    url = address(draft("nps"))
    page = main_of(mara_client.get(url))
    assert 'hx-trigger="every 1s"' in page
    assert "0 of 3" in words(page)
    preview = Preview.objects.get()
    previewing.preview_work(preview_id=preview.pk, now=world.NOW)
    assert "The draft is being tried on past days. " in words(
        main_of(mara_client.get(url))
    )
    previewing.preview_work(preview_id=preview.pk, now=world.NOW)
    page = main_of(mara_client.get(url))
    assert "hx-trigger" not in page
    assert "No customer changes band." in words(page)


def test_a_failed_one_is_tried_again(
    mara_client: Client,
    scored_world: dict[str, Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = address(draft("nps"))
    with monkeypatch.context() as patch:
        patch.setattr(previewing, "backtest_run", lambda **_: 1 / 0)
        page = main_of(mara_client.get(url))
    assert "The comparison did not come to an end." in words(page)
    assert "ZeroDivisionError" in words(page)
    assert "hx-trigger" not in page
    again = mara_client.post(url, follow=True)
    assert again.redirect_chain == [(url, 302)]
    assert "No customer changes band." in words(main_of(again))


def test_the_past_says_that_it_is_not_there(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    found = part(mara_client.get(address(draft("nps"))), "h-past")
    assert "No past to try it on" in found
    assert "script/manage recompute --history" in found


def test_the_past_is_judged_by_both(
    mara_client: Client, company: Company, at_noon: None
) -> None:
    """Twelve leave that have no users any more; by the draft only they are at risk."""
    for number in range(24):
        customer = world.make_customer(f"Customer {number}")
        world.subscribe(customer)
        world.touch(customer, days=120)
        world.answer(customer, days=110, score=1 if number < 12 else 10)
        if number < 12:
            world.leave(customer, days=70)
    run_work(
        run=run_start(kind=RunKind.BACKFILL, as_of=world.days_ago(100), now=world.NOW)
    )
    world.score()
    flat = default_config() | {"floor": 0.0}
    flat["measures"] = [one for one in flat["measures"] if one["key"] == "last_contact"]
    flat["groups"] = []
    card = Scorecard.objects.get(is_default=True)
    ScorecardVersion.objects.create(
        scorecard=card, number=2, config=flat, published_at=world.NOW
    )
    keen = default_config() | {"floor": 0.0, "groups": []}
    keen["measures"] = [one for one in keen["measures"] if one["key"] == "nps"]
    version = ScorecardVersion.objects.create(scorecard=card, number=3, config=keen)
    response = mara_client.get(address(version))
    found = part(response, "h-past")
    assert (
        "Better: by the draft, those who left stood out more clearly (12 left)."
        in found
    )
    assert "Left within 90 days: 12 of 24," in found
    assert "50% 50% 100% 100% +50 +50 to +50" in found
    assert "Days of warning" in found
    assert "30 days" in found
    assert "1 customer" not in found
    page = words(main_of(response))
    assert "Try a draft for what it says, not until it wins." in page
    assert Run.objects.count() == 2


@pytest.mark.parametrize(
    ("verdict", "leavers", "text"),
    [
        (
            "few",
            1,
            "Too few to tell: 1 customer with a score both ways left, 10 are needed.",
        ),
        (
            "few",
            9,
            "Too few to tell: 9 customers with a score both ways left, 10 are needed.",
        ),
        (
            "same",
            45,
            "Not distinguishable: the difference may well be chance (45 left).",
        ),
        (
            "worse",
            45,
            "Worse: by the draft, those who left stood out less clearly (45 left).",
        ),
    ],
)
def test_the_verdict_in_words(verdict: str, leavers: int, text: str) -> None:
    assert verdict_words({"verdict": verdict, "compared_leavers": leavers}) == text


def test_the_queries_do_not_grow_with_the_customers(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    version = draft("nps")
    url, one = address(version), address(version, scored_world["healthy"])
    small = queries(mara_client, url), queries(mara_client, one)
    for number in range(3):
        world.failing_customer(f"More {number}")
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    assert (queries(mara_client, url), queries(mara_client, one)) == small


def test_the_sentence_for_other_pages(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    from django.template.loader import render_to_string

    version = draft(**STRICT)
    response = mara_client.get(address(version))
    content = {
        "preview": Preview.objects.get(),
        "scorecard": version.scorecard,
        "request": response.wsgi_request,
    }
    said = words(render_to_string("health/scorecards/preview_summary.html", content))
    assert said == (
        "1 customer changes band; €1,000 a month of revenue is with it."
        " At risk: 2 → 2. Unknown: 0 → 0. There is no past yet to try it on."
        " See what changes for whom"
    )
    empty = {"preview": None, "scorecard": version.scorecard}
    said = words(render_to_string("health/scorecards/preview_summary.html", empty))
    assert said.startswith("What it changes is not known before the first run.")
