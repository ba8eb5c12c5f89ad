"""Row scope: own, the team's, everybody's; seen and changed."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Company, Team, User
from customers.models import Customer, Task
from customers.models.scope import ScopedQuerySet
from customers.selectors.page import tasks_due
from health.models import Board, PortfolioDay
from health.selectors.portfolio import portfolio_of
from mail.models import OutboxMessage, ProviderEvent
from tests import world
from tests.access.rows import BUILDERS, message
from tests.conftest import signed_in
from tests.pages import facts, rows, words

pytestmark = pytest.mark.usefixtures("at_noon")

CAST = ("ana", "bea", "charlie", "nobody")


@pytest.fixture
def cast(company: Company, ana: User, charlie: User) -> dict[str, User]:
    """Ana and Bea are a team, Charlie is another; Dora has none."""
    north, south = (Team.objects.create(name=name) for name in ("North", "South"))
    bea = world.make_user("bea@example.org", team=north)
    User.objects.filter(pk=ana.pk).update(team=north)
    User.objects.filter(pk=charlie.pk).update(team=south)
    people = {"ana": ana, "bea": bea, "charlie": charlie}
    people["dora"] = world.make_user("dora@example.org")
    people["mara"] = world.make_user("mara@example.org", role="manager")
    people["admin"] = world.make_user("admin@example.org", role="admin")
    people["viewer"] = world.make_user("viewer@example.org", role="viewer")
    return people


@pytest.fixture
def houses(cast: dict[str, User]) -> dict[str, Customer]:
    """A customer of each, and one of nobody's."""
    return {
        name: world.make_customer(f"House of {name}", owner=cast.get(name))
        for name in CAST
    }


def company_lets(*, see: str, change: str) -> None:
    Company.objects.filter(id=1).update(csm_sees=see, csm_changes=change)


def again(user: User) -> User:
    """This will read the person as the next request does."""
    return User.objects.get(pk=user.pk)


def reached(user: User) -> tuple[set[str], set[str]]:
    """This will name whose customers a person sees, and may change."""
    user = again(user)
    seen, editable = (
        {row.name.removeprefix("House of ") for row in found}
        for found in (
            Customer.objects.visible_to(user),
            Customer.objects.editable_by(user),
        )
    )
    return seen, editable


ALL = set(CAST)
TEAM = {"ana", "bea"}


@pytest.mark.parametrize(
    ("see", "change", "seen", "editable"),
    [
        ("own", "own", {"ana"}, {"ana"}),
        ("own", "team", {"ana"}, {"ana"}),
        ("own", "all", {"ana"}, {"ana"}),
        ("team", "own", TEAM, {"ana"}),
        ("team", "team", TEAM, TEAM),
        ("team", "all", TEAM, TEAM),
        ("all", "own", ALL, {"ana"}),
        ("all", "team", ALL, TEAM),
        ("all", "all", ALL, ALL),
    ],
)
def test_a_csm_reaches_as_far_as_the_company_says(
    see: str,
    change: str,
    seen: set[str],
    editable: set[str],
    cast: dict[str, User],
    houses: dict[str, Customer],
) -> None:
    company_lets(see=see, change=change)
    assert reached(cast["ana"]) == (seen, editable)


@pytest.mark.parametrize(
    ("who", "seen", "editable"),
    [
        ("charlie", {"charlie"}, {"charlie"}),
        ("dora", set(), set()),  # Without a team there are only the own ones.
        ("mara", ALL, ALL),
        ("admin", ALL, ALL),
        ("viewer", ALL, set()),
    ],
)
def test_what_a_team_sees_is_not_seen_by_others(
    who: str,
    seen: set[str],
    editable: set[str],
    cast: dict[str, User],
    houses: dict[str, Customer],
) -> None:
    company_lets(see="team", change="team")
    assert reached(cast[who]) == (seen, editable)


def test_a_team_keeps_seeing_the_customers_of_those_who_left(
    cast: dict[str, User], houses: dict[str, Customer]
) -> None:
    company_lets(see="team", change="own")
    User.objects.filter(pk=cast["bea"].pk).update(is_active=False)
    assert reached(cast["ana"]) == (TEAM, {"ana"})


def test_a_new_team_counts_from_the_next_request(
    cast: dict[str, User], houses: dict[str, Customer]
) -> None:
    company_lets(see="team", change="team")
    User.objects.filter(pk=cast["ana"].pk).update(team=cast["charlie"].team)
    cast["charlie"].refresh_from_db()
    User.objects.filter(pk=cast["ana"].pk).update(team=cast["charlie"].team)
    assert reached(cast["ana"])[0] == {"ana", "charlie"}


def scoped_models() -> dict[str, type[models.Model]]:
    return {
        model._meta.label: model
        for model in apps.get_models()
        if isinstance(model._default_manager.all(), ScopedQuerySet)
    }


def test_every_scoped_model_has_a_builder_here() -> None:
    assert sorted(BUILDERS) == sorted(scoped_models())


@pytest.mark.parametrize("label", sorted(BUILDERS))
def test_rows_of_every_model_follow_their_customer(
    label: str, cast: dict[str, User], houses: dict[str, Customer]
) -> None:
    for house in houses.values():
        world.subscribe(house)
    world.score()
    made = {BUILDERS[label](house).pk: name for name, house in houses.items()}
    assert len(made) == len(CAST)
    manager = scoped_models()[label]._default_manager

    def names(found: Any) -> set[str]:
        return {made[row.pk] for row in found if row.pk in made}

    company_lets(see="team", change="own")
    ana, charlie = again(cast["ana"]), again(cast["charlie"])
    assert names(manager.visible_to(ana)) == TEAM
    assert names(manager.editable_by(ana)) == {"ana"}
    assert names(manager.visible_to(charlie)) == {"charlie"}
    viewer, mara = cast["viewer"], cast["mara"]
    assert names(manager.visible_to(viewer)) == names(manager.editable_by(mara)) == ALL
    assert names(manager.editable_by(viewer)) == set()
    company_lets(see="all", change="all")
    assert names(manager.editable_by(again(cast["ana"]))) == ALL


def test_mail_to_our_own_people_is_the_administrators_alone(
    cast: dict[str, User], houses: dict[str, Customer]
) -> None:
    company_lets(see="all", change="all")
    hers = message(houses["ana"])
    reset = message(houses["bea"])
    OutboxMessage.objects.filter(pk=reset.pk).update(customer=None)
    event = ProviderEvent.objects.create(
        provider="x", event_id="1", kind="bounce", received_at=world.NOW, message=reset
    )
    for who in ("ana", "mara", "viewer"):
        user = again(cast[who])
        assert list(OutboxMessage.objects.visible_to(user)) == [hers]
        assert list(ProviderEvent.objects.visible_to(user)) == []
        assert list(ProviderEvent.objects.editable_by(user)) == []
    assert OutboxMessage.objects.editable_by(cast["admin"]).count() == 2
    assert list(ProviderEvent.objects.editable_by(cast["admin"])) == [event]


# --- What it costs -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("see", "change", "count"),
    [("own", "own", 1), ("all", "all", 1), ("team", "team", 2), ("all", "team", 2)],
)
def test_the_reach_is_read_once(
    see: str, change: str, count: int, cast: dict[str, User]
) -> None:
    company_lets(see=see, change=change)
    ana = again(cast["ana"])
    with CaptureQueriesContext(connection) as captured:
        for _ in range(2):
            str(Customer.objects.visible_to(ana).query)
            str(Board.objects.visible_to(ana).query)
    assert len(captured) == count
    with CaptureQueriesContext(connection) as captured:
        str(Customer.objects.visible_to(again(cast["mara"])).query)
    assert len(captured) == 1  # the person; a manager's reach needs nothing


def test_a_page_pays_nothing_for_own_and_one_query_for_the_team(
    cast: dict[str, User], houses: dict[str, Customer]
) -> None:
    client = signed_in(cast["ana"])
    url = reverse("customer", args=[houses["ana"].pk])

    def paid() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    paid()
    company_lets(see="own", change="own")
    own = paid()
    company_lets(see="all", change="all")
    assert paid() == own
    company_lets(see="team", change="team")
    assert paid() == own + 1


@pytest.mark.parametrize(
    ("see", "shape"), [("own", '"owner_id" = %s'), ("team", '"owner_id" IN (%s, %s)')]
)
def test_the_board_asks_for_owners_by_number(
    see: str, shape: str, cast: dict[str, User]
) -> None:
    company_lets(see=see, change="own")
    sql, parameters = Board.objects.visible_to(
        again(cast["ana"])
    ).query.sql_with_params()
    assert sql.endswith(f'WHERE "health_board".{shape}')
    people = ("ana", "bea") if see == "team" else ("ana",)
    assert sorted(parameters) == sorted(cast[name].pk for name in people)


# --- What the pages make of it ------------------------------------------------------


@pytest.fixture
def today(cast: dict[str, User]) -> dict[str, Customer]:
    """A failing customer each, scored."""
    world.never_late()
    made = {
        name: world.failing_customer(f"House of {name}", owner=cast.get(name))
        for name in CAST
    }
    world.score()
    return made


def test_today_is_the_teams(cast: dict[str, User], today: dict[str, Customer]) -> None:
    company_lets(see="team", change="own")
    page = signed_in(cast["ana"]).get("/")
    listed = sorted(row.split("House of ")[1].split()[0] for row in rows(page))
    assert listed == ["ana", "bea"]
    assert page.context["sentence"] == "2 of your team’s 2 customers are at risk."
    value = sum(Board.objects.get(pk=today[name].pk).value_at_risk for name in TEAM)
    assert facts(page)[0] == f"Value at risk €{value:,.0f} of €24,000 a year"
    assert "House of charlie" not in page.content.decode()
    assert "House of nobody" not in page.content.decode()


def test_sums_add_up_over_owners(
    cast: dict[str, User], today: dict[str, Customer]
) -> None:
    fields = [f.name for f in PortfolioDay._meta.concrete_fields[3:]]
    for see, owners in (
        ("own", [cast["ana"].pk]),
        ("team", [cast["ana"].pk, cast["bea"].pk]),
        ("all", [0]),
    ):
        company_lets(see=see, change="own")
        shown = portfolio_of(again(cast["ana"]), as_of=world.TODAY)
        assert shown is not None
        days = PortfolioDay.objects.filter(owner_id__in=owners)
        for field in fields:
            expected = sum(days.values_list(field, flat=True))
            assert getattr(shown.now, field) == expected, (see, field)
    assert portfolio_of(again(cast["dora"]), as_of=world.TODAY) is not None


def test_what_may_only_be_seen_offers_no_buttons(
    cast: dict[str, User], today: dict[str, Customer]
) -> None:
    company_lets(see="team", change="own")
    client = signed_in(cast["ana"])
    own, beas = rows_by_owner(client)
    assert "Hide House of ana" in own
    assert "Hide" not in beas
    page = client.get(reverse("customer", args=[today["bea"].pk]))
    html = page.content.decode()
    assert "House of bea" in html
    assert 'id="log"' not in html
    assert "Suggested next step" not in words(html)


def rows_by_owner(client: Client) -> tuple[str, str]:
    listed = {
        row.split("House of ")[1].split()[0]: row for row in rows(client.get("/"))
    }
    return listed["ana"], listed["bea"]


def test_seen_but_not_changed_is_403_and_out_of_sight_404(
    cast: dict[str, User], today: dict[str, Customer]
) -> None:
    company_lets(see="team", change="own")
    client = signed_in(cast["ana"])
    for owner, expected in (("ana", 302), ("bea", 403), ("charlie", 404)):
        customer = today[owner]
        task = Task.objects.create(
            customer=customer, title="Call", created_at=world.NOW
        )
        answer = world.answer(customer, days=1, score=2, comment="Bad.")
        urls = [
            reverse("task_close", args=[task.pk]),
            reverse("answer_replied", args=[answer.pk]),
            reverse("unsnooze", args=[customer.pk]),
        ]
        assert [client.post(url).status_code for url in urls] == [expected] * 3
        task.refresh_from_db()
        answer.refresh_from_db()
        changed = expected == 302
        assert (task.closed_at is not None, answer.replied_at is not None) == (
            changed,
            changed,
        )


def test_a_task_follows_its_customer(
    cast: dict[str, User], today: dict[str, Customer]
) -> None:
    """Given to Ana, but the customer is Charlie's: she does not see it any more."""
    for name in ("ana", "charlie"):
        Task.objects.create(
            customer=today[name], assignee=cast["ana"], title=name,
            created_at=world.NOW,
        )  # fmt: skip
    company_lets(see="own", change="own")
    shown, total = tasks_due(user=again(cast["ana"]), today=world.TODAY)
    assert ([task.title for task in shown], total) == (["ana"], 1)
    company_lets(see="all", change="own")
    shown, total = tasks_due(user=again(cast["ana"]), today=world.TODAY)
    assert ([task.title for task in shown], total) == (["ana", "charlie"], 2)
    page = signed_in(cast["ana"]).get("/").content.decode()
    assert page.count('class="tick"') == 1
