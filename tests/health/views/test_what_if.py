"""What if: questions in the address, answers in sentences."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, User
from billing.models import Plan
from customers.models import Customer, Segment
from health.calculations.what_if import risk_scaled, worth
from health.models import ForecastVersion, Standing, ValuePath
from health.selectors.value_paths import Kept, kept_paths
from tests import world
from tests.health.values import done_run, version_with_growth
from tests.pages import main_of, part, queries, words

URL = "/what-if/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]


def sum_of(*kept: float) -> float:
    """This will sum geometric series: 100 customers that bring 70 a month, at 10 %."""
    rates = [(share / 1.1) ** (1 / 12) for share in kept]
    return sum(7_000 * rate * (1 - rate**60) / (1 - rate) for rate in rates)


@pytest.fixture
def foreseen(company: Company) -> dict[str, int]:
    """Two segments, two plans; 100 customers of 100 a month each, 300 in all."""
    world.make_customer()
    small = Segment.objects.create(key="small", name="Small").pk
    large = Segment.objects.create(key="large", name="Large <b>").pk
    team = Plan.objects.create(key="team", name="Team").pk
    solo = Plan.objects.create(key="solo", name="Solo").pk
    world.value_path(segment=small, plan=team)
    world.value_path(segment=small, plan=solo, kept=0.6)
    world.value_path(segment=large, plan=team, kept=0.9)
    done_run()
    return {"small": small, "large": large, "team": team, "solo": solo}


def table(client: Client, asked: str) -> dict[str, tuple[str, str, str, str]]:
    """This will return the lines of the answer: today, then, change, share."""
    response: Any = client.get(f"{URL}{asked}")
    assert response.status_code == 200
    return {
        line.name: (line.now, line.then, line.change, line.share)
        for line in response.context["lines"]
    }


def sentence(client: Client, asked: str) -> str:
    """This will return what is said first."""
    return str(client.get(f"{URL}{asked}").context["headline"])


def kept(day: dt.date) -> Kept:
    found = kept_paths(as_of=day)
    assert found
    return found


def worth_of_all(client: Client, asked: str) -> float:
    groups = client.get(f"{URL}{asked}").context["groups"]
    return float(sum(group.then for group in groups))


@pytest.mark.parametrize("person", ["ana_client", "viewer_client", "charlie_client"])
def test_it_is_for_leaders(
    person: str, request: pytest.FixtureRequest, foreseen: dict[str, int]
) -> None:
    assert request.getfixturevalue(person).get(URL).status_code == 404


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == "/sign-in/?next=/what-if/"


def test_before_anything_is_known(mara_client: Client) -> None:
    page = words(main_of(mara_client.get(URL)))
    assert "There are no customers yet Load them from CSV files" in page
    world.make_customer()
    page = words(main_of(mara_client.get(URL)))
    assert "No scores yet The first run has not finished yet." in page
    done_run()
    page = words(main_of(mara_client.get(URL)))
    assert "Nothing to reckon with yet The next run keeps what customers" in page
    # Paths of nobody say as little, and those of a day that is not shown yet too.
    world.value_path(customers=0, mrr="0")
    world.value_path(as_of=world.days_ago(-1))
    assert words(main_of(mara_client.get(URL))) == page


def test_as_things_are(mara_client: Client, foreseen: dict[str, int]) -> None:
    assert round(sum_of(0.8, 0.6, 0.9)) == 598_827
    assert sentence(mara_client, "") == (
        "As things are, these customers will still bring €599K."
    )
    assert table(mara_client, "") == {
        "Margin still to come, of all": ("€598,827", "€598,827", "", "0.0%"),
        "Margin still to come, by customer": ("€1,996", "€1,996", "", "0.0%"),
        "Margin of the coming 12 months": ("€218,353", "€218,353", "", "0.0%"),
        "Customers": ("300", "300", "", ""),
        "Still there after a year": ("76.7%", "76.7%", "", ""),
        "Expected lifetime, within the horizon": ("2.9 years", "2.9 years", "", ""),
    }
    page = part(mara_client.get(URL), "h-outcome")
    assert "Then" not in page
    assert "1 point more retention is worth as much as 1.5% higher prices." in page


def test_sums_have_ranges(mara_client: Client, foreseen: dict[str, int]) -> None:
    """Of 100: 3 each by own fates; 4 and 3 together in the plan of two segments, 0 else."""
    ValuePath.objects.update(own=9.0)
    ValuePath.objects.filter(plan_id=foreseen["team"]).update(doubt=4.0)
    page: Any = mara_client.get(f"{URL}?price=5")
    [whole, each, year, *_rest] = page.context["lines"]
    # √(27 + 64) = 9.54 of 300: 3.18 %, 1.28 of which are 4.08 %.
    assert whole.now_range == "€574K to €623K"
    assert each.now_range == "€1.9K to €2.1K"
    assert whole.then_range != ""
    assert year.now_range == ""
    small = next(one for one in page.context["groups"] if one.name == "Small")
    # √(18 + 16) of 200.
    low, high = (small.now * (1 - end * 1.2816 * 34**0.5 / 200) for end in (1, -1))
    assert small.now_range == f"€{low / 1000:.0f}K to €{high / 1000:.0f}K"
    assert small.now_range in words(main_of(page))
    alone: Any = mara_client.get(f"{URL}?whom=p{foreseen['solo']}")
    assert alone.context["lines"][0].now_range != ""
    ValuePath.objects.filter(plan_id=foreseen["solo"]).update(customers=19)
    few: Any = mara_client.get(f"{URL}?whom=p{foreseen['solo']}")
    assert few.context["lines"][0].now_range == ""


def test_the_example_of_the_documentation(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    ValuePath.objects.exclude(plan_id=foreseen["team"]).delete()
    ValuePath.objects.filter(segment_id=foreseen["large"]).delete()
    assert table(mara_client, "?retention=5") == {
        "Margin still to come, of all": ("€207,331", "€233,511", "+€26K", "+13%"),
        "Margin still to come, by customer": ("€2,073", "€2,335", "+€262", "+13%"),
        "Margin of the coming 12 months": ("€74,590", "€77,006", "+€2.4K", "+3.2%"),
        "Customers": ("100", "100", "0", ""),
        "Still there after a year": ("80.0%", "85.0%", "+5 points", ""),
        "Expected lifetime, within the horizon": (
            "3 years", "3.4 years", "+5 months", "",
        ),
    }  # fmt: skip
    page = part(mara_client.get(f"{URL}?price=5&lost=5"), "h-outcome")
    assert page.startswith(
        "With 5% higher prices and 5% of the customers lost these customers are worth "
        "€3.7K more: +1.8%"
    )
    assert (
        "5% higher prices lose money once more than 6.7% of the customers leave because "
        "of them: 6 customers." in page
    )
    assert "Customers 100 95 instead of 100 −5" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("retention=-1", "With 1 point less retention these customers are worth €12K"),
        ("margin=2.5", "With 2.5 points more margin these customers are worth €21K"),
        ("margin=-1", "With 1 point less margin these customers are worth €8.6K less"),
        ("price=-5", "With 5% lower prices these customers are worth €43K less: −7.1%"),
        (
            "service=-10",
            "With 10% cheaper tickets these customers are worth €8.6K more",
        ),
        ("service=10", "With 10% dearer tickets these customers are worth €8.6K less"),
        ("discount=12", "With a discount rate of 12% a year these customers are worth"),
        ("horizon=36", "With a horizon of 36 months these customers are worth €138K"),
        (
            "price=0&retention=",
            "As things are, these customers will still bring €599K.",
        ),
    ],
)
def test_what_each_change_says(
    asked: str, said: str, mara_client: Client, foreseen: dict[str, int]
) -> None:
    assert sentence(mara_client, f"?{asked}").startswith(said)


def test_a_change_that_changes_nothing(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    ValuePath.objects.update(tickets=[0.0] * 60)
    assert sentence(mara_client, "?service=50") == (
        "With 50% dearer tickets these customers are worth as much as now."
    )
    # Without revenue nothing can be weighed against prices.
    ValuePath.objects.update(revenue=[0.0] * 60)
    response = mara_client.get(f"{URL}?price=5")
    assert response.context["notes"] == []
    assert [lever["width"] for lever in response.context["levers"]] == [0] * 4


def test_a_segment_or_a_plan(mara_client: Client, foreseen: dict[str, int]) -> None:
    small, large, team, solo = foreseen.values()
    response = mara_client.get(f"{URL}?whom=s{small}&price=5")
    assert response.context["apart"] == "Plan"
    assert [(g.name, round(g.now), g.change) for g in response.context["groups"]] == [
        ("Team", 207_331, "+7.1%"),
        ("Solo", 128_589, "+7.1%"),
    ]
    response = mara_client.get(f"{URL}?whom=p{team}")
    assert response.context["apart"] == "Segment"
    groups = response.context["groups"]
    assert [(g.name, g.customers) for g in groups] == [
        ("Large <b>", 100),
        ("Small", 100),
    ]
    assert "Large &lt;b&gt;" in main_of(response)
    # One group alone is not told apart.
    response = mara_client.get(f"{URL}?whom=s{large}")
    assert (response.context["groups"], solo) == ([], solo)
    assert "h-groups" not in main_of(response)


def test_nobody_need_have_a_segment(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    world.value_path()
    response = mara_client.get(URL)
    whom = response.context["form"].fields["whom"].choices
    assert [name for _group, names in whom[1:] for _key, name in names] == [
        "Large <b>", "Small", "No segment", "Solo", "Team", "No plan",
    ]  # fmt: skip
    assert mara_client.get(f"{URL}?whom=s0").context["lines"][3].now == "100"


def test_what_cannot_be_asked(mara_client: Client, foreseen: dict[str, int]) -> None:
    asked = "?whom=s999&retention=31&margin=21&horizon=12.5&discount=abc&price=nan"
    response: Any = mara_client.get(f"{URL}{asked}")
    assert response.status_code == 422
    assert "lines" not in response.context
    errors = {name: list(e) for name, e in response.context["form"].errors.items()}
    assert errors == {
        "whom": ["Select a valid choice. s999 is not one of the available choices."],
        "retention": ["Write a number from -30 to 30."],
        "margin": ["The margin is 80.0%; it can lie between 0 and 100%."],
        "horizon": ["Write whole months."],
        "discount": ["Enter a number."],
        "price": ["Enter a number."],
    }
    # No further than the run looked.
    response = mara_client.get(f"{URL}?horizon=61")
    assert "Write a number from 12 to 60." in words(main_of(response))


def test_nobody_keeps_more_than_all(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    page = part(mara_client.get(f"{URL}?retention=30"), "h-outcome")
    assert "More than 99.9% of the customers cannot be kept over a year." in page


def test_levers_are_ranked(mara_client: Client, foreseen: dict[str, int]) -> None:
    levers = mara_client.get(URL).context["levers"]
    assert [
        (str(lever["name"]), lever["step"], lever["width"]) for lever in levers
    ] == [
        ("Keep more customers", "from 76.7% to 77.4%", 100),
        ("Raise prices", "1% more", 88),
        ("Raise the margin", "from 80.0% to 80.8%", 71),
        ("Serve at less cost", "1% less", 9),
    ]


def test_the_settings_of_today_count(
    mara_client: Client, foreseen: dict[str, int], company: Company
) -> None:
    """Not those of the run: they may have been changed since."""
    Company.objects.update(gross_margin="0.4", horizon_months=120)
    now = mara_client.get(URL).context["now"]
    assert (now.margin, now.horizon) == (0.4, 60)


def test_growth_is_that_of_the_version(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    """Known growth is not taken for customers that stay."""
    plain = worth_of_all(mara_client, "?retention=5")
    version = version_with_growth(0.01)
    done_run(forecast={"version": version.pk})
    grown = worth_of_all(mara_client, "?retention=5")
    assert grown > plain
    assert ForecastVersion.objects.count() == 1


def test_the_table_below_the_picture(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    figure = mara_client.get(f"{URL}?price=10&horizon=24").context["figure"]
    assert figure.headline == "In a year they pay €25K a month instead of €23K"
    assert list(figure.columns) == ["Month", "Today", "Then"]
    assert [row[0] for row in figure.rows] == ["1", "3", "6", "9", "12", "18", "24"]
    assert figure.rows[4] == ("12", "€23K", "€25K")


def test_the_number_of_queries_is_fixed(
    mara_client: Client, foreseen: dict[str, int]
) -> None:
    few = queries(mara_client, URL)
    for plan in (7, 8, 9):
        world.value_path(plan=plan)
    assert queries(mara_client, URL) == few


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "de",
            "Mit 5 Punkten mehr Bindung und einem Verlust von 1\N{NO-BREAK SPACE}% der",
        ),
        ("ro", "Cu 5 puncte de retenție în plus și o pierdere de 1"),
    ],
)
def test_in_other_languages(
    language: str, said: str, mara: User, mara_client: Client, foreseen: dict[str, int]
) -> None:
    User.objects.filter(pk=mara.pk).update(language=language)
    assert sentence(mara_client, "?retention=5&lost=1").startswith(said)


def test_a_real_run_says_the_same_of_all_customers(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    """The sums a run keeps come to what it says of each customer, added up."""
    each = Standing.objects.all()
    assert len(each) == 3
    to_come = sum(float(one.clv - one.earned) for one in each)
    paths, now = kept(world.TODAY), mara_client.get(URL).context["now"]
    assert worth(paths.paths, now).whole.total == pytest.approx(to_come, abs=0.05)
    at_risk = sum(float(one.value_at_risk) for one in each)
    assert paths.at_risk.sum() == pytest.approx(at_risk, abs=0.05)
    assert risk_scaled(paths.at_risk, paths.paths, now, now).sum() == pytest.approx(
        at_risk, abs=0.05
    )
