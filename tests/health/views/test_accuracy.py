"""How right the forecasts were, as everybody reads it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company
from billing.models import Plan
from customers.models import Customer, Segment
from health.calculations.accuracy.contenders import IN_USE, MODEL, Contender
from health.calculations.accuracy.drift import Drift
from health.calculations.accuracy.groups import Area, Group
from health.calculations.accuracy.live import Published, live_day
from health.calculations.accuracy.report import Verdict
from health.calculations.accuracy.whole import Report
from health.calculations.backtest import Range
from health.calculations.churn.frozen_json import to_json
from health.calculations.churn.metrics import Caution, Challenger, Gain
from health.models import ForecastCheck, ForecastVersion, Run, ScorecardVersion
from tests import accuracy, world
from tests.health.calculations.accuracy.test_live import CHURN, LEFT, SCORE, SIZE
from tests.learnt import learnt_content
from tests.pages import main_of, part, queries, words

URL = "/accuracy/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def version(company: Company, at_noon: None) -> ForecastVersion:
    return world.forecast_version(learnt_content())


def shown(version: ForecastVersion, **changes: Any) -> Report:
    """This will save the made-up report, some of it changed."""
    found = replace(accuracy.report(), **changes)
    world.accuracy_report(found.as_json(), version=version)
    return found


def verdict_of(key: str, verdict: Verdict, area: Range) -> tuple[Contender, ...]:
    """This will give a contender another verdict."""
    return tuple(
        replace(one, ranked=replace(one.ranked, verdict=verdict, auc=area))
        if one.key == key
        else one
        for one in accuracy.report().contenders
    )


def test_everybody_reads_how_good_it_is(
    version: ForecastVersion, viewer_client: Client
) -> None:
    found = shown(version)
    page = viewer_client.get(URL)
    model = found.contender(MODEL)
    assert model
    assert model.ranked.auc
    area = model.ranked.auc
    low, high = round(area.low * 100), round(area.high * 100)
    assert page.context["headline"] == (
        "Of a customer who left and one who stayed, the forecast named the right one in"
        f" {round(area.value * 100)} of 100 cases ({low} to {high}). Guessing gives 50."
    )
    said = part(page, "h-said")
    assert page.context["headline"] in said
    assert page.context["second"].startswith("The health score did so in ")
    assert "Forecast: Better than guessing" in said
    assert "Health score: Better than guessing" in said
    assert "Signal: what customers do adds" in said
    assert f"{found.leavers} of which left within 90 days" in said
    assert "Version 1, measured on 30 June 2026" in said
    assert 'role="alert"' not in main_of(page)
    assert page.context["other"] is None


def test_the_four_stand_beside_each_other(
    version: ForecastVersion, viewer_client: Client
) -> None:
    found = shown(version)
    text = part(viewer_client.get(URL), "h-order")
    for name in (
        "Health score",
        "Forecast",
        "Next renewal first",
        "Highest revenue first",
    ):
        assert f" {name} " in text
    score = found.contender(IN_USE)
    assert score
    assert f"{score.unknown} cases whose score was unknown are left out" in text


def test_what_calls_find(version: ForecastVersion, viewer_client: Client) -> None:
    found = shown(version)
    model = found.contender(MODEL)
    assert model
    ranked = model.ranked
    assert ranked.precision
    assert ranked.recall
    assert ranked.revenue
    text = part(viewer_client.get(URL), "h-calls")
    assert "If the first 10 customers of the list are called" in text
    assert (
        f"Of 100 calls, {round(ranked.precision.value * 100)} reach a customer who then"
        f" leaves. They reach {round(ranked.recall.value * 100)}% of all who leave and"
        f" {round(ranked.revenue.value * 100)}% of the revenue that leaves."
    ) in text


def test_chances_and_how_early(version: ForecastVersion, viewer_client: Client) -> None:
    found = shown(version)
    assert found.calibrated
    assert found.calibrated.error
    assert found.score_lead
    page = viewer_client.get(URL)
    text = part(page, "h-chances")
    assert "a perfect forecast would show" in text
    assert "Brier score" in text
    lead = part(page, "h-lead")
    assert f"({found.score_lead.warned} of {found.score_lead.leavers})" in lead


@pytest.mark.parametrize(
    ("key", "verdict", "area", "said"),
    [
        (
            IN_USE, Verdict.CHANCE, Range(0.52, 0.44, 0.6),
            "The health score has been no better than guessing.",
        ),
        (
            IN_USE, Verdict.REVERSED, Range(0.4, 0.35, 0.45),
            "The health score has pointed the wrong way",
        ),
        (
            MODEL, Verdict.CHANCE, Range(0.52, 0.44, 0.6),
            "The forecast of who leaves has been no better than guessing.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_better_than_chance_is_said_in_red(
    version: ForecastVersion,
    viewer_client: Client,
    mara_client: Client,
    ana_client: Client,
    key: str,
    verdict: Verdict,
    area: Range,
    said: str,
) -> None:
    shown(version, contenders=verdict_of(key, verdict, area))
    html = main_of(viewer_client.get(URL))
    assert '<div class="alert crit" role="alert">' in html
    assert said in words(html)
    assert "What helps" in words(html)
    banner = 'id="accuracy-alarm"'
    assert banner in mara_client.get(reverse("operations")).content.decode()
    # Whoever looks after customers is not asked to doubt on the first page.
    assert banner not in ana_client.get("/").content.decode()


def test_leaders_are_told_on_their_first_page(
    version: ForecastVersion,
    scored_world: dict[str, Customer],
    mara_client: Client,
    ana_client: Client,
) -> None:
    calm, own = queries(mara_client, "/"), queries(ana_client, "/")
    assert "accuracy-alarm" not in mara_client.get("/").content.decode()
    weak = verdict_of(IN_USE, Verdict.CHANCE, Range(0.5, 0.4, 0.6))
    shown(version, contenders=weak)
    assert "accuracy-alarm" in mara_client.get("/").content.decode()
    assert "accuracy-alarm" not in ana_client.get("/").content.decode()
    assert (queries(mara_client, "/"), queries(ana_client, "/")) == (calm, own)
    assert calm == own + 1


def test_no_signal_is_said_plainly(
    version: ForecastVersion, viewer_client: Client
) -> None:
    shown(version, signal=False)
    assert "No signal in what customers do" in part(viewer_client.get(URL), "h-said")
    weak = verdict_of(MODEL, Verdict.CHANCE, Range(0.5, 0.4, 0.6))
    world.accuracy_report(
        replace(accuracy.report(), signal=False, contenders=weak).as_json(),
        version=world.forecast_version(learnt_content()),
    )
    text = part(viewer_client.get(URL), "h-said")
    assert "No signal: nothing that is known of the customers tells who leaves." in text
    few = verdict_of(MODEL, Verdict.FEW, Range(0.5, 0.4, 0.6))
    world.accuracy_report(
        replace(accuracy.report(), signal=False, contenders=few).as_json(),
        version=world.forecast_version(learnt_content()),
    )
    text = part(viewer_client.get(URL), "h-said")
    assert "No signal" not in text
    assert text.startswith(
        "Of a customer who left and one who stayed, the health score"
    )


def test_measures_that_add_nothing_are_named(
    version: ForecastVersion, viewer_client: Client
) -> None:
    gains = (
        Gain("last_seen", Range(0.08, 0.05, 0.11)),
        Gain("nps", Range(0.001, -0.01, 0.01)),
        Gain("overdue", Range(0.0, -0.01, 0.01)),
    )
    challenger = Challenger(Range(0.1, 0.05, 0.2), Range(0.1, 0.05, 0.2), better=True)
    shown(version, gains=gains, challenger=challenger)
    text = part(viewer_client.get(URL), "h-adds")
    before, after = text.split("Adds nothing that could not be luck")
    assert "+8" in before
    assert "(+5 to +11)" in before or "(+5.0 to +11.0)" in before
    assert "NPS" in after
    assert "NPS" not in before
    assert "Boosted trees were clearly better" in after
    assert "They are used." in after


def test_cautions_are_told(version: ForecastVersion, viewer_client: Client) -> None:
    cautions = (
        Caution("not_out_of_time"),
        Caution("too_good"),
        Caution("too_good", "overdue"),
    )
    shown(version, cautions=cautions)
    text = part(viewer_client.get(URL), "h-said")
    assert "The history is too short to be tried on later days" in text
    assert "better than forecasts of real companies are" in text
    assert "tells nearly everything by itself" in text


def test_by_segment_and_plan(version: ForecastVersion, viewer_client: Client) -> None:
    large = Segment.objects.create(key="large", name="Large")
    plan = Plan.objects.create(key="pro", name="Pro")
    area = Area(Range(0.74, 0.6, 0.85), Verdict.SIGNAL)
    groups = (
        Group(large.pk, 300, 30, area, Area(Range(0.5, 0.4, 0.6), Verdict.CHANCE)),
        Group(0, 40, 2, Area(None, Verdict.FEW), Area(None, Verdict.FEW)),
    )
    plans = tuple(
        replace(one, key=key)
        for one, key in zip(groups, (plan.pk, 999_999), strict=True)
    )
    shown(version, segments=groups, plans=plans)
    page = viewer_client.get(URL)
    text = part(page, "h-segments")
    assert "Large 30 of 300 left 74 60 to 85 50 40 to 60" in text
    assert "No segment 2 of 40 left Too few to tell Too few to tell" in text
    text = part(page, "h-plans")
    assert "Pro 30 of 300 left" in text
    assert "Deleted 2 of 40 left" in text


def test_money_is_told_to_those_who_see_everybody(
    version: ForecastVersion,
    viewer_client: Client,
    ana_client: Client,
    company: Company,
) -> None:
    found = accuracy.values()
    share = f"{round(100 * found.realised / found.expected)}"
    shown(version)
    for client in (viewer_client, ana_client):
        text = part(client.get(URL), "h-money")
        assert f"Of 100 expected came in {share}" in text
        assert f"for 200 customers; {found.left} of them have left since" in text
        low, high = (end / found.expected for end in (found.sum_low, found.sum_high))
        told = f"range of the sum {100 * low:.0f} to {100 * high:.0f}: it held"
        assert told in text
    assert "expected, €" in part(viewer_client.get(URL), "h-money")
    assert "expected, €" not in part(ana_client.get(URL), "h-money")
    assert "By plan" in part(ana_client.get(URL), "h-money")


def test_without_a_year_there_is_no_money_yet(
    version: ForecastVersion, viewer_client: Client
) -> None:
    shown(version, values=None)
    assert "13 months" in part(viewer_client.get(URL), "h-money")


def test_a_scorecard_of_before_stands_by_its_name(
    version: ForecastVersion, scored_world: dict[str, Customer], viewer_client: Client
) -> None:
    card = ScorecardVersion.objects.get()
    score = accuracy.report().contender(IN_USE)
    assert score
    sides = (
        *accuracy.report().contenders,
        replace(score, key=str(card.pk)),
        replace(score, key="999999"),
    )
    shown(version, contenders=sides)
    text = part(viewer_client.get(URL), "h-order")
    assert f"{card.scorecard.label} v{card.number}" in text
    assert "A scorecard that is gone" in text


def test_a_version_that_is_not_in_use_is_told_apart(
    version: ForecastVersion, viewer_client: Client
) -> None:
    other = world.forecast_version(learnt_content(), in_use=False)
    shown(other)
    text = part(viewer_client.get(URL), "h-said")
    assert "Version 2, measured on" in text
    assert "In use is version 1." in text


def test_too_few_say_nothing(version: ForecastVersion, viewer_client: Client) -> None:
    few = tuple(
        replace(one, ranked=replace(one.ranked, verdict=Verdict.FEW))
        for one in accuracy.report().contenders
    )
    shown(version, contenders=few, leavers=4, signal=None)
    page = viewer_client.get(URL)
    assert page.context["headline"].startswith("Too few to tell: 4 customers have left")
    assert "h-calls" not in main_of(page)


def test_nothing_measured_yet(
    company: Company, scored_world: dict[str, Customer], viewer_client: Client
) -> None:
    text = words(main_of(viewer_client.get(URL)))
    assert "Nothing has been measured yet" in text
    assert "The first day’s 90 days are over on 28 September 2026." in text


def test_what_an_older_release_stored_is_not_shown(
    version: ForecastVersion, scored_world: dict[str, Customer], viewer_client: Client
) -> None:
    old = accuracy.report().as_json() | {"schema": 0}
    world.accuracy_report(old, version=version)
    assert "Nothing has been measured yet" in words(main_of(viewer_client.get(URL)))


def test_nobody_to_measure(
    company: Company, at_noon: None, viewer_client: Client
) -> None:
    assert "There are no customers yet" in words(main_of(viewer_client.get(URL)))


def test_what_was_published_and_what_has_moved(
    version: ForecastVersion, scored_world: dict[str, Customer], viewer_client: Client
) -> None:
    found = shown(version, drifts=(Drift("nps", 0.01, 0.05),))
    assert "Nothing: today’s customers look like" in part(
        viewer_client.get(URL), "h-drift"
    )
    day = live_day("2026-03-31", Published(np.arange(SIZE), CHURN, SCORE, LEFT), seed=1)
    assert day
    run = Run.objects.get()
    ForecastCheck.objects.create(
        run=run,
        as_of=run.as_of,
        finished_at=world.NOW,
        content={
            "version": 1,
            "drifted": 3,
            "drifts": [
                to_json(Drift("", 0.15, 0.05)),
                to_json(Drift("overdue", 0.4, 0.05)),
            ],
            "live_on": "2026-06-30",
            "live": [to_json(day)],
        },
    )
    page = viewer_client.get(URL)
    text = part(page, "h-drift")
    assert text.index("much") < text.index("The chance of leaving itself a little")
    assert "3 customers looked at. Version 1." in text
    live = part(page, "h-live")
    assert "31 March 2026 60 customers 18.0% 20.0%" in live
    assert found.values


def test_the_number_of_queries_is_fixed(
    version: ForecastVersion, scored_world: dict[str, Customer], viewer_client: Client
) -> None:
    found = shown(version)
    one = queries(viewer_client, URL)
    for name in ("A", "B"):
        Segment.objects.create(key=name, name=name)
    world.accuracy_report(
        replace(found, contenders=found.contenders[:1]).as_json(),
        version=world.forecast_version(learnt_content()),
    )
    assert queries(viewer_client, URL) == one
