"""What the forecasts learn from, as people read and steer it."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import AuditEntry, Company
from health.calculations.backtest import Range
from health.calculations.churn.choosing import Method
from health.calculations.churn.metrics import Caution, Challenger
from health.calculations.forecast_content import ForecastContent
from health.enums import PartState, TrainingState, Verdict
from health.models import ForecastVersion, Training, TrainingPart
from tests import world
from tests.learnt import learnt_content
from tests.pages import main_of, queries, words
from tests.world import TODAY, days_ago

URL = "/forecasts/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


def told(client: Client, url: str = URL) -> str:
    return words(main_of(client.get(url)))


def compared(**changes: object) -> dict[str, object]:
    """This will make a summary whose comparison came to something."""
    auc = {"value": -0.041, "low": -0.062, "high": -0.02}
    found = {"why": "", "number": 1, "cases": 379, "leavers": 72, "auc": auc}
    return world.forecast_summary(TODAY) | {"compared": found | changes}


def test_before_anything_was_learnt(company: Company, viewer_client: Client) -> None:
    assert "Nothing has been learnt yet" not in told(viewer_client)
    world.make_customer()
    page = told(viewer_client)
    assert "Nothing has been learnt yet" in page
    assert "marked as an assumption" in page
    assert "Learn now" not in page


def test_the_version_in_use_in_plain_words(
    company: Company, viewer_client: Client
) -> None:
    world.make_customer()
    world.forecast_version(learnt_content())
    page = told(viewer_client)
    assert "In use: version 1" in page
    assert "A model learnt from this company's own past" in page
    assert "146 of 230 customers whose next 90 days are over have left." in page
    assert "it names the right one in 81 of 100 cases (77 to 85)" in page
    assert "It was put in use by itself on 30 June 2026." in page
    assert "right in 81 of 100 pairs · 146 leavers" in page
    assert "Learn again" not in page
    assert "Put in use" not in page


def test_few_leavers_are_said(company: Company, viewer_client: Client) -> None:
    world.make_customer()
    bands = replace(learnt_content(), churn=None, method=Method.BANDS)
    summary = world.forecast_summary(TODAY) | {"leavers": 31, "figures": None}
    world.forecast_version(bands, reason="few_left", summary=summary)
    page = told(viewer_client)
    assert "Fewer than 50 customers have left" in page
    assert "31 of 230 customers" in page
    assert "of 100 cases" not in page
    page = told(viewer_client, f"{URL}1/")
    assert "How good it was" not in page
    assert "Each band’s own share" in page


def test_the_number_of_queries_is_fixed(company: Company, admin_client: Client) -> None:
    world.make_customer()
    world.forecast_version(learnt_content())
    admin_client.get(URL)
    one = queries(admin_client, URL)
    for _ in range(2):
        world.forecast_version(learnt_content())
    assert queries(admin_client, URL) == one


def test_older_versions_are_on_the_next_page(
    company: Company, viewer_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.selectors.trainings.PAGE", 2)
    for _ in range(3):
        world.forecast_version(learnt_content())
    html = viewer_client.get(URL).content.decode()
    assert [f"/forecasts/{n}/" in html for n in (3, 2, 1)] == [True, True, False]
    assert "?before=2" in html
    page = told(viewer_client, f"{URL}?before=2")
    assert "Learnt until" in page
    assert "Older versions" not in page
    assert viewer_client.get(f"{URL}?before=x").status_code == 200


def test_leaders_let_it_learn(
    company: Company, mara_client: Client, ana_client: Client
) -> None:
    mara_client.post(f"{URL}learn/")
    assert not Training.objects.exists()
    world.healthy_customer("Old")
    assert ana_client.post(f"{URL}learn/").status_code == 403
    assert not Training.objects.exists()
    page = words(main_of(mara_client.post(f"{URL}learn/", follow=True)))
    training = Training.objects.get()
    assert (training.cause, training.as_of) == ("asked", TODAY)
    assert training.asked_by is not None
    assert training.asked_by.email == "mara@example.org"
    assert "The past is being read, day by day." in page
    total = training.parts.count()
    assert f"0 of {total} parts read" in page
    html = mara_client.get(URL).content.decode()
    assert 'hx-trigger="every 3s"' in html
    mara_client.post(f"{URL}learn/")
    assert Training.objects.count() == 1


def test_learning_says_what_it_does(company: Company, mara_client: Client) -> None:
    world.healthy_customer("Old")
    mara_client.post(f"{URL}learn/")
    TrainingPart.objects.update(state=PartState.DONE)
    Training.objects.update(
        state=TrainingState.LEARNING, parameters={"stage": "year_ago"}
    )
    assert "Holding last year’s forecast against what came in." in told(mara_client)
    Training.objects.update(parameters={"stage": ""})
    assert "Learning begins." in told(mara_client)


def test_a_failure_has_its_reason_and_a_way_on(
    company: Company, mara_client: Client, viewer_client: Client
) -> None:
    world.healthy_customer("Old")
    mara_client.post(f"{URL}learn/")
    Training.objects.update(
        state=TrainingState.FAILED, reason="Workers died on it too often."
    )
    page = told(mara_client)
    assert "The last training did not come to an end." in page
    assert "Workers died on it too often." in page
    assert "Try again" in page
    assert "Try again" not in told(viewer_client)


def test_a_version_tells_all_it_has_learnt(
    company: Company, viewer_client: Client
) -> None:
    summary = world.forecast_summary(TODAY) | {
        "sampled": True,
        "values": {
            "as_of": "2025-05-30", "customers": 120, "expected": 1000.4,
            "realised": 1100.0, "held": 0.79, "was_widened": False,
        },
    }  # fmt: skip
    world.forecast_version(learnt_content(), summary=summary)
    page = told(viewer_client, f"{URL}1/")
    for text in (
        "Past days 18",
        "1,789 rows: a customer on a day",
        "some of them, evenly from old to new, stand for all",
        "It is the first, so there was nothing to compare it with.",
        "Boosted trees were not tried",
        "Last used adds the most",
        "adds nothing that could not be luck",
        "How firmly coefficients are held back 0.01",
        "€1,000 of margin in the year to come; €1,100 came in",
        "held in 79 of 100 cases; 80 are promised",
        "They were not adjusted by the year before yet",
        "Not used as long as there is a model",
    ):
        assert text in page
    assert viewer_client.get(f"{URL}2/").status_code == 404
    assert viewer_client.get(f"{URL}{2**40}/").status_code == 404


def doubtful() -> ForecastContent:
    """This will put everything that is to be said of a model into one."""
    content = learnt_content()
    assert content.churn is not None
    above = Range(0.02, 0.01, 0.03)
    metrics = replace(
        content.churn.metrics,
        behaviour=None,
        gains=(),
        challenger=Challenger(above, above, better=True),
        cautions=(
            Caution("not_out_of_time"),
            Caution("too_good"),
            Caution("too_good", "nps"),
        ),
    )
    return replace(content, churn=replace(content.churn, metrics=metrics))


def test_doubts_are_said_plainly(company: Company, viewer_client: Client) -> None:
    world.forecast_version(doubtful())
    page = told(viewer_client, f"{URL}1/")
    for text in (
        "The history is too short to try it on later days.",
        "It is too good to be true.",
        "Latest NPS answer alone tells nearly everything.",
        "Behaviour gives nobody away",
        "were clearly better than the regression, so they are used: of 100 pairs +2",
        "The history is too short to hold last year’s forecast",
    ):
        assert text in page
    assert "adds the most" not in page


@pytest.mark.parametrize(
    ("verdict", "changes", "text"),
    [
        (
            Verdict.WORSE,
            {},
            (
                "It is worse than version 1, so it was not put in use by itself. Both"
                " were tried on 379 cases that neither had learnt from; 72 left. Pairs"
                " of a leaver and a stayer in the right order, of 100: −4.1 against the"
                " one before (−6.2 to −2)."
            ),
        ),
        (Verdict.BETTER, {"auc": None}, "It is better than version 1."),
        (Verdict.LIKE, {}, "It is as good as version 1"),
        (
            Verdict.LIKE,
            {"why": "too_few"},
            "Too few customers have left since version 1",
        ),
        (
            Verdict.BETTER,
            {"why": "other_features"},
            "Version 1 was learnt from other measures than there are today",
        ),
    ],
)
def test_how_it_compares(
    company: Company, viewer_client: Client, verdict: Verdict,
    changes: dict[str, object], text: str,
) -> None:  # fmt: skip
    world.forecast_version(learnt_content(), as_of=days_ago(30))
    world.forecast_version(
        learnt_content(), verdict=verdict, summary=compared(**changes), in_use=False
    )
    page = told(viewer_client, f"{URL}2/")
    assert text in page
    assert "It was never in use." in page


def test_an_administrator_goes_back(
    company: Company, admin_client: Client, mara_client: Client
) -> None:
    world.forecast_version(learnt_content(), as_of=days_ago(30))
    world.forecast_version(learnt_content())
    url = f"{URL}1/use/"
    assert mara_client.post(url, {"note": "Back"}).status_code == 403
    assert "In use now is version 2" in told(admin_client, url)
    assert admin_client.post(url, {"note": " "}).status_code == 422
    assert ForecastVersion.objects.get(in_use=True).number == 2
    done = admin_client.post(url, {"note": "Usage was late in June"}, follow=True)
    page = words(main_of(done))
    assert "In use: version 1" in page
    assert "Ada Admin put it in use on 30 June 2026." in page
    assert "Usage was late in June" in page
    assert AuditEntry.objects.filter(action="health.forecast_published").count() == 1
    again = admin_client.post(url, {"note": "Again"})
    assert again.status_code == 422
    assert "This version is in use already." in words(main_of(again))
