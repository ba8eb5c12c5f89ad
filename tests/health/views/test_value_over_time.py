"""The variables of the formula, day by day."""

import pytest
from django.test import Client

from accounts.models import Company
from health.enums import RunKind
from health.models import Run, ValuePath
from health.selectors.value_days import value_days
from health.services.thinning import value_paths_thin
from tests import world
from tests.health.values import ECONOMICS, done_run
from tests.pages import main_of, queries, words

URL = "/forecasts/over-time/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]


@pytest.fixture
def two_days(company: Company) -> None:
    """Ten days ago of 100 customers 75 were kept, now 80; the margin rose to 80 %."""
    world.make_customer()
    before = world.days_ago(10)
    world.value_path(as_of=before, kept=0.75, mrr="9500")
    done_run(before, economics=ECONOMICS | {"margin": 0.75})
    world.value_path()
    done_run()


@pytest.mark.parametrize("person", ["ana_client", "viewer_client"])
def test_it_is_for_leaders(
    person: str, request: pytest.FixtureRequest, two_days: None
) -> None:
    assert request.getfixturevalue(person).get(URL).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/sign-in/?next={URL}"


def test_before_anything_is_known(mara_client: Client) -> None:
    assert "There are no customers yet" in words(main_of(mara_client.get(URL)))
    world.make_customer()
    done_run()
    world.value_path(customers=0, mrr="0")
    assert "Nothing to reckon with yet" in words(main_of(mara_client.get(URL)))


def test_one_day_is_no_line(mara_client: Client) -> None:
    world.make_customer()
    world.value_path()
    done_run()
    response = mara_client.get(URL)
    assert "An average customer is expected to bring €2,073 90 days" in words(
        main_of(response)
    )
    assert words(main_of(response)).count("On 30 June 2026: ") == 6
    assert (
        "Cost to serve, by customer and month €10 Tickets expected of a customer, times "
        "what a ticket costs. On 30 June 2026: €10 One day is kept so far"
    ) in words(main_of(response))
    assert 'class="fig"' not in main_of(response)


def test_what_has_moved_it(mara_client: Client, two_days: None) -> None:
    response = mara_client.get(URL)
    assert [
        (figure.headline, figure.value, figure.rows[-1][1])
        for figure in response.context["figures"]
    ] == [
        ("Margin still to come, by customer", "€2,073", "€1,610"),
        ("Revenue of a month, by customer", "€100", "€95"),
        ("Still there after a year", "80.0%", "75.0%"),
        ("Expected lifetime", "3 years", "2.6 years"),
        ("Gross margin", "80.0%", "75.0%"),
        ("Cost to serve, by customer and month", "€10", "€10"),
    ]
    # 65 of 70 a month are what customers do; 5 the settings.
    assert response.context["sentence"] == (
        "An average customer is expected to bring €2,073, +€463 since 20 June 2026: "
        "+€315 by what customers do, +€148 by changed settings"
    )
    Run.objects.update(parameters={"economics": ECONOMICS})
    assert mara_client.get(URL).context["sentence"].endswith("since 20 June 2026")


def test_daily_then_weekly(mara_client: Client, company: Company) -> None:
    for days in (0, 1, 8, 9, 90, 91, 364, 366):
        world.value_path(as_of=world.days_ago(days), customers=days + 1, months=12)
    found = {
        days: [
            int(day.paths.customers[0]) - 1
            for day in value_days(as_of=world.TODAY, days=days, company=company)
        ]
        for days in (90, 365)
    }
    # The newest of every seven days.
    assert found == {90: [90, 9, 8, 1, 0], 365: [364, 91, 90, 8, 0]}
    world.make_customer()
    done_run()
    response = mara_client.get(f"{URL}?span=365")
    assert len(response.context["days"]) == 5
    assert response.context["span"] == 365


def test_groups_are_one_and_nobody_is_no_day(company: Company) -> None:
    world.value_path(plan=1, kept=0.6)
    world.value_path(plan=2, kept=0.9, months=24)
    world.value_path(as_of=world.days_ago(1), customers=0, mrr="0")
    [day] = value_days(as_of=world.TODAY, days=90, company=company)
    assert day.paths.customers.tolist() == [200.0]
    assert day.paths.months == 24
    assert day.paths.alive[0, 11] == pytest.approx(150.0)
    # Without a run the settings of today are all there is.
    assert day.assumptions.horizon == 24


def test_old_days_are_thinned_to_weeks(company: Company) -> None:
    """Daily for 90 days, then the last of a week, and ends of months scored later."""
    for days in range(89, 130):
        world.value_path(as_of=world.days_ago(days), months=1)
    done_run(world.days_ago(91))
    Run.objects.filter(as_of=world.days_ago(91)).update(kind=RunKind.BACKFILL)
    end = world.days_ago(91)  # 31 March
    assert (end.month, end.day) == (3, 31)
    assert value_paths_thin(newest=world.TODAY) == 32
    kept = ValuePath.objects.order_by("-as_of").values_list("as_of", flat=True)
    assert [(world.TODAY - day).days for day in kept] == [
        89, 90, 91, 93, 100, 107, 114, 121, 128,
    ]  # fmt: skip
    assert value_paths_thin(newest=world.TODAY) == 0


def test_the_number_of_queries_is_fixed(mara_client: Client, two_days: None) -> None:
    few = queries(mara_client, URL)
    for days in (3, 4, 5):
        world.value_path(as_of=world.days_ago(days))
        done_run(world.days_ago(days))
    assert queries(mara_client, URL) == few
