"""The portfolio over time, and who moved between bands."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from billing.models import Plan
from customers.models import Customer
from health.models import Board, Move, PortfolioDay, Score, ValuePath
from health.selectors.moves import compared_days, gone, moves_of
from health.selectors.portfolio_days import DAILY, YEAR, portfolio_days
from tests import world
from tests.pages import facts, main_of, part, queries, rows, words

URL = "/portfolio/"
THEN = world.days_ago(30)


@pytest.fixture
def no_moves(scored_world: dict[str, Customer]) -> dict[str, Customer]:
    Move.objects.all().delete()
    return scored_world


def move(
    owner: int, then: int, now: int, customers: int, mrr: int = 0, *, days: int = 30
) -> Move:
    return Move.objects.create(
        as_of=world.TODAY,
        compared_on=world.days_ago(days),
        owner_id=owner,
        from_band=then,
        to_band=now,
        customers=customers,
        mrr=mrr,
    )


def a_day(days: int, owner: int = 0, **fields: object) -> PortfolioDay:
    values = {
        name.name: 0
        for name in PortfolioDay._meta.concrete_fields
        if name.name not in {"id", "as_of"}
    }
    fields |= {"as_of": world.days_ago(days), "owner_id": owner}
    return PortfolioDay.objects.create(**{**values, **fields})


class TestDays:
    def test_daily_then_weekly(self, mara: User, company: Company) -> None:
        for days in (0, 1, 8, 9, 90, 91, 364, 366):
            a_day(days, customers=days)
        daily = portfolio_days(mara, as_of=world.TODAY, days=DAILY)
        assert [day.customers for day in daily] == [90, 9, 8, 1, 0]
        # The newest of every seven days.
        weekly = portfolio_days(mara, as_of=world.TODAY, days=YEAR)
        assert [day.customers for day in weekly] == [364, 91, 90, 8, 0]

    def test_own_days_and_everybodys(
        self, ana: User, mara: User, charlie: User, company: Company
    ) -> None:
        a_day(0, customers=9, score_sum=500, band_unknown=4)
        a_day(0, ana.pk, customers=2, mrr=10)
        a_day(0, charlie.pk, customers=7, mrr=20)
        [mine] = portfolio_days(ana, as_of=world.TODAY, days=DAILY)
        assert (mine.customers, mine.mrr, mine.score_mean) == (2, Decimal(10), 0)
        [whole] = portfolio_days(mara, as_of=world.TODAY, days=DAILY)
        assert (whole.customers, whole.score_mean) == (9, 100.0)
        assert PortfolioDay(customers=3, band_unknown=3).score_mean is None

    def test_a_run_writes_the_mean(self, scored_world: dict[str, Customer]) -> None:
        known = Board.objects.exclude(band=0)
        whole = PortfolioDay.objects.get(owner_id=0)
        assert whole.score_sum == pytest.approx(sum(b.score for b in known))


class TestMoves:
    def test_days_compared(self, no_moves: dict[str, Customer]) -> None:
        assert compared_days(as_of=world.TODAY) == {}
        for days in (2, 10, 29, 31, 98):
            move(0, 1, 1, 1, days=days)
        assert compared_days(as_of=world.TODAY) == {
            1: world.days_ago(2), 7: world.days_ago(10), 30: world.days_ago(31),
        }  # fmt: skip

    def test_own_moves_and_everybodys(
        self, ana: User, mara: User, charlie: User, no_moves: dict[str, Customer]
    ) -> None:
        move(0, 3, 1, 5, 700)
        move(ana.pk, 3, 1, 2, 300)
        move(charlie.pk, 3, 1, 3, 400)
        move(charlie.pk, 1, 3, 1, 400)
        mine = moves_of(ana, as_of=world.TODAY, compared_on=THEN)
        assert {k: c.customers for k, c in mine.cells.items()} == {(3, 1): 2}
        whole = moves_of(mara, as_of=world.TODAY, compared_on=THEN)
        assert {k: c.customers for k, c in whole.cells.items()} == {(3, 1): 5}

    def test_which_way(self, mara: User, no_moves: dict[str, Customer]) -> None:
        for then in (-1, 0, 1, 2, 3):
            for now in (-1, 0, 1, 2, 3):
                move(0, then, now, 1)
        moves = moves_of(mara, as_of=world.TODAY, compared_on=THEN)
        worse = {(c.from_band, c.to_band) for c in moves.those(-1)}
        better = {(c.from_band, c.to_band) for c in moves.those(1)}
        assert worse == {(3, 2), (3, 1), (2, 1)}
        assert better == {(1, 2), (1, 3), (2, 3)}

    def test_sums_in_words(
        self, mara_client: Client, no_moves: dict[str, Customer]
    ) -> None:
        move(0, 3, 1, 10, 9_000)
        move(0, 2, 1, 1, 1_000)
        move(0, 0, 1, 1, 50)
        move(0, -1, 1, 4, 77)
        move(0, 3, 2, 2, 4_300)
        move(0, 1, 2, 7, 600)
        move(0, 1, 3, 1, 100)
        move(0, 1, 0, 1, 5)
        move(0, 1, -1, 2, 0)
        move(0, 3, 3, 90, 90_000)
        page = part(mara_client.get(URL), "h-moves")
        assert (
            "Since 31 May 2026: 12 customers fell to at risk. 8 customers recovered"
            " from it. €14,300 a month went the wrong way, €700 the right way."
            " 1 customer became unknown." in page
        )
        assert "At risk 11 – 7 €600 1 €100 1 €5 2" in page.replace("↑ better: ", "")
        assert "Healthy 102 ↓ worse: 10 €9K ↓ worse: 2 €4.3K 90 €90K – –" in page
        assert "New 4 4 €77 – – – –" in page

    def test_nobody_came(
        self, mara_client: Client, no_moves: dict[str, Customer]
    ) -> None:
        move(0, 3, 3, 1, 0)
        assert " New " not in part(mara_client.get(URL), "h-moves").split("Left", 1)[1]

    def test_nothing_to_compare_with(
        self, ana_client: Client, no_moves: dict[str, Customer]
    ) -> None:
        page = part(ana_client.get(URL), "h-moves")
        assert "Nothing to compare with yet" in page


@pytest.fixture
def a_month_ago(no_moves: dict[str, Customer]) -> dict[str, Customer]:
    """Ana's failing customer was well a month ago; one of hers has left since."""
    left = world.healthy_customer("Orbis Freight", owner=no_moves["healthy"].owner)
    score = Score.objects.filter(as_of=world.TODAY)
    world.score(THEN)
    score.model.objects.filter(as_of=THEN).update(band=3, score=81)
    world.leave(left, days=3)
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    Board.objects.exclude(name="Kestrel Foods").update(band=1, score=33)
    Move.objects.all().delete()
    move(0, 3, 1, 2, 2000)
    return {**no_moves, "left": left}


class TestMoved:
    def test_who_fell(
        self, ana_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        page = ana_client.get(f"{URL}moves/?from=3&to=1&days=30")
        text = words(main_of(page))
        assert "On 31 May 2026: Healthy. On 30 June 2026: At risk." in text
        assert "Brightwater Logistics Ana Popescu 81 33 €1,000" in text
        assert "?since=2026-05-31&amp;until=2026-06-30" in main_of(page)
        assert "Kestrel" not in text
        assert "Secret" not in text

    def test_managers_see_everybody(
        self, mara_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        page = words(main_of(mara_client.get(f"{URL}moves/?from=3&to=1&days=30")))
        assert "2 customers" in page
        assert "€2,000 a month" in page
        assert "Secret Ltd Charlie Moss 81 33 €1,000" in page

    def test_who_left(
        self, ana_client: Client, charlie_client: Client, ana: User,
        a_month_ago: dict[str, Customer],
    ) -> None:  # fmt: skip
        url = f"{URL}moves/?from=3&to=-1&days=30"
        page = words(main_of(ana_client.get(url)))
        assert "On 31 May 2026: Healthy. Left by 30 June 2026." in page
        assert "Orbis Freight Ana Popescu 81 Left" in page
        assert "Brightwater" not in page
        assert "Orbis" not in main_of(charlie_client.get(url))
        behind = a_month_ago["left"].pk
        assert (
            gone(user=ana, compared_on=THEN, from_band=3, behind=behind, limit=9) == []
        )

    def test_who_came(
        self, ana_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        Score.objects.filter(as_of=THEN, customer=a_month_ago["healthy"]).delete()
        band = Board.objects.get(name="Kestrel Foods").band
        url = f"{URL}moves/?from=-1&to={band}&days=30"
        page = words(main_of(ana_client.get(url)))
        assert "New since 31 May 2026; on 30 June 2026:" in page
        assert "Kestrel Foods Ana Popescu New" in page
        assert "Brightwater" not in page

    def test_the_unknown_have_no_number(
        self, ana_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        Score.objects.filter(as_of=THEN).update(band=0)
        page = words(main_of(ana_client.get(f"{URL}moves/?from=0&to=1&days=30")))
        assert "Brightwater Logistics Ana Popescu Unknown 33" in page
        Board.objects.update(band=0)
        page = words(main_of(ana_client.get(f"{URL}moves/?from=0&to=0&days=30")))
        assert "Brightwater Logistics Ana Popescu Unknown Unknown" in page

    def test_nobody_of_mine(
        self, ana_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        page = ana_client.get(f"{URL}moves/?from=2&to=3&days=30")
        assert "Nobody here" in words(main_of(page))

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "from=3&to=1&days=7",
            "from=3&to=1&days=x",
            "from=4&to=1&days=30",
            "from=3&to=x&days=30",
            "from=-1&to=-1&days=30",
        ],
    )
    def test_no_such_moves(
        self, query: str, ana_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        assert ana_client.get(f"{URL}moves/?{query}").status_code == 404

    def test_pages(
        self, mara_client: Client, a_month_ago: dict[str, Customer],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr("health.selectors.keyset.PAGE_SIZE", 1)
        url = f"{URL}moves/?from=3&to=1&days=30"
        first = mara_client.get(url)
        second = mara_client.get(f"{URL}moves/{first.context['next_url']}")
        shown = [first.context["rows"][0].name, second.context["rows"][0].name]
        assert sorted(shown) == ["Brightwater Logistics", "Secret Ltd"]
        assert second.context["next_url"] == ""
        back = mara_client.get(f"{URL}moves/{second.context['previous_url']}")
        assert back.context["rows"][0].name == shown[0]

    def test_who_left_by_pages(
        self, mara_client: Client, a_month_ago: dict[str, Customer],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr("health.views.portfolio.PAGE_SIZE", 1)
        Board.objects.filter(name="Secret Ltd").delete()
        url = f"{URL}moves/?from=3&to=-1&days=30"
        first = mara_client.get(url)
        second = mara_client.get(f"{URL}moves/{first.context['next_url']}")
        shown = [first.context["gone"][0], second.context["gone"][0]]
        assert [s.customer.name for s in shown] == ["Secret Ltd", "Orbis Freight"]
        assert second.context["next_url"] == ""
        assert second.context["previous_url"]

    def test_the_number_of_queries_is_fixed(
        self, mara_client: Client, a_month_ago: dict[str, Customer]
    ) -> None:
        url = f"{URL}moves/?from=3&to=1&days=30"
        two = queries(mara_client, url)
        Board.objects.filter(name="Secret Ltd").update(band=3)
        assert queries(mara_client, url) == two


def test_the_page(mara_client: Client, no_moves: dict[str, Customer]) -> None:
    day = PortfolioDay.objects.get(owner_id=0)
    page = mara_client.get(URL)
    text = words(main_of(page))
    assert "All customers by band, and who moved." in text
    assert facts(page)[0] == "Customers 3 €3,000 a month"
    assert facts(page)[1] == (
        f"Mean score {round(day.score_mean or 0)} of those with a known score"
    )
    assert "Customers by band, 30 June 2026 to 30 June 2026" in text
    assert "Show as a table" in text
    year = mara_client.get(f"{URL}?span=365")
    chips = main_of(year)
    assert re.search(r'href="\?span=365"\s+aria-current="true"', chips)
    # A period chosen below leaves the one above as it is, and the other way round.
    both = main_of(mara_client.get(f"{URL}?days=7&span=365"))
    assert 'href="?days=7&amp;span=90"' in both


def test_what_all_will_bring_is_for_who_sees_all(
    viewer_client: Client, ana_client: Client, no_moves: dict[str, Customer]
) -> None:
    team = Plan.objects.create(key="team2", name="Team two").pk
    ValuePath.objects.all().delete()
    world.value_path(plan=team, off=(3.0, 4.0))
    world.value_path(kept=0.9, off=(3.0, 0.0))
    text = part(viewer_client.get(URL), "h-values")
    assert "Margin still to come in 60 months" in text
    assert "In 8 of 10 cases €" in text
    # √(9 + 16) of 100, 1.28 of it: 6.4 %.
    assert "Team two 100 €207K €194K to €221K" in text
    assert "What they will bring" not in main_of(ana_client.get(URL))
    ValuePath.objects.update(own=0.0)
    assert "cases" not in part(viewer_client.get(URL), "h-values")


def test_everybody_sees_their_own(
    ana_client: Client, viewer_client: Client, no_moves: dict[str, Customer]
) -> None:
    mine = ana_client.get(URL)
    assert "Your customers by band, and who moved." in words(main_of(mine))
    assert facts(mine)[0] == "Customers 2 €2,000 a month"
    assert facts(viewer_client.get(URL))[0] == "Customers 3 €3,000 a month"


def test_before_the_first_run(ana_client: Client, company: Company) -> None:
    world.make_customer()
    assert "No scores yet" in words(main_of(ana_client.get(URL)))


def test_nobodys_portfolio(
    no_moves: dict[str, Customer], charlie_client: Client, charlie: User
) -> None:
    PortfolioDay.objects.filter(owner_id=charlie.pk).delete()
    assert "No customers of yours yet" in words(main_of(charlie_client.get(URL)))


def test_the_number_of_queries_is_fixed(
    mara_client: Client, no_moves: dict[str, Customer]
) -> None:
    move(0, 3, 1, 1, 1)
    one = queries(mara_client, URL)
    a_day(3, customers=2)
    a_day(4, customers=2)
    move(0, 1, 3, 1, 1)
    assert queries(mara_client, URL) == one


def test_the_navigation_leads_there(viewer_client: Client, company: Company) -> None:
    assert f'href="{reverse("portfolio")}"' in viewer_client.get("/").content.decode()
    assert "Healthiest" in words(main_of(viewer_client.get(reverse("healthiest"))))
    assert rows(viewer_client.get(reverse("healthiest"))) == []
