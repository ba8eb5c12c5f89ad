"""Handing a portfolio over: all or nothing, seen at once, and taken back."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import CONSOLE
from accounts.models import AuditEntry, Company, User
from customers.enums import TaskState
from customers.events import OWNER_CHANGED
from customers.models import Customer, Event, EventDelivery, OwnerChange, Task
from customers.services.owners import (
    UnableToChangeOwner,
    UnableToUndoOwnerChange,
    owner_change,
)
from health.models import Board, PortfolioDay
from insights.services.handover import (
    UnableToHandOver,
    portfolio_hand_over,
    portfolio_hand_over_undo,
)
from tests import world
from tests.pages import facts, main_of, messages, queries, rows, words

pytestmark = pytest.mark.usefixtures("scored_world")


def task(customer: Customer, assignee: User | None, title: str = "Call") -> Task:
    return Task.objects.create(
        customer=customer, assignee=assignee, title=title, created_at=world.NOW
    )


def owners() -> dict[str, str]:
    named = Customer.objects.values_list("name", "owner__name")
    return {name: owner.split()[0] for name, owner in named}


@pytest.fixture
def url(ana: User) -> str:
    return reverse("hand_over", args=[ana.pk])


@pytest.fixture
def asked(charlie: User) -> dict[str, Any]:
    return {"receiver": charlie.pk, "with_tasks": "on", "note": "leave"}


def test_only_leaders_may(
    url: str, client: Client, ana_client: Client, viewer_client: Client
) -> None:
    assert client.get(url)["Location"] == f"/sign-in/?next={url}"
    assert ana_client.get(url).status_code == 403
    assert ana_client.post(url, {"step": "do", "which": "all"}).status_code == 403
    assert viewer_client.get(url).status_code == 403
    assert owners()["Kestrel Foods"] == "Ana"


def test_the_page_says_what_there_is(
    url: str, mara_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    task(scored_world["failing"], ana)
    task(scored_world["charlie"], ana, "Elsewhere")
    page = words(main_of(mara_client.get(url)))
    at_risk = Board.objects.get(pk=scored_world["failing"].pk).value_at_risk
    assert (
        "2 customers, €24,000 a year."
        f" 1 of them is at risk, worth €{at_risk:,.0f}. 1 open task."
    ) in page
    assert "1 open task of Ana Popescu belongs to a customer of somebody else" in page
    assert f"Brightwater Logistics Mid-market €{at_risk:,.0f} €12,000 1" in page
    assert "Kestrel Foods" in page
    assert "Secret Ltd" not in page


def test_nobody_without_customers_has_something_to_give(
    mara_client: Client, viewer: User
) -> None:
    page = main_of(mara_client.get(reverse("hand_over", args=[viewer.pk])))
    assert "No customers here" in page
    assert mara_client.get(reverse("hand_over", args=[10**6])).status_code == 404


def test_it_says_before_what_will_happen(
    url: str, mara_client: Client, asked: dict[str, Any]
) -> None:
    page = words(main_of(mara_client.post(url, {**asked, "which": "all"})))
    assert "From Ana Popescu to Charlie Moss" in page
    assert "All: 2 customers" in page
    assert "The open tasks go to Charlie Moss." in page
    assert "Charlie Moss looks after 3 customers." in page
    assert "Hand over 2 customers" in page
    assert owners()["Kestrel Foods"] == "Ana"
    del asked["with_tasks"]
    page = words(main_of(mara_client.post(url, {**asked, "which": "all"})))
    assert "The open tasks stay with Ana Popescu" in page


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"receiver": ""}, "To: This field is required."),
        ({"receiver": "999999"}, "To: Select a valid choice."),
        ({"which": "chosen"}, "Tick at least one customer."),
        (
            {"which": "chosen", "customer": ["x", "9" * 30]},
            "Tick at least one customer.",
        ),
        (
            {"which": "chosen", "customer": [*range(501)]},
            "Choose at most 500 customers",
        ),
    ],
)
def test_what_is_amiss_is_said(
    url: str,
    mara_client: Client,
    asked: dict[str, Any],
    change: dict[str, Any],
    error: str,
) -> None:
    response = mara_client.post(url, {**asked, "which": "all", "step": "do", **change})
    assert response.status_code == 422
    assert error in words(main_of(response))
    assert owners()["Kestrel Foods"] == "Ana"


@pytest.mark.parametrize("who", ["ana", "viewer", "left"])
def test_some_people_cannot_take_customers(
    who: str, url: str, mara_client: Client, asked: dict[str, Any], ana: User,
    viewer: User, charlie: User,
) -> None:  # fmt: skip
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    receiver = {"ana": ana, "viewer": viewer, "left": charlie}[who]
    asked["receiver"] = receiver.pk
    response = mara_client.post(url, {**asked, "which": "all", "step": "do"})
    assert response.status_code == 422
    assert owners()["Kestrel Foods"] == "Ana"


def test_all_customers_go_with_their_tasks(
    url: str,
    mara: User,
    mara_client: Client,
    asked: dict[str, Any],
    ana: User,
    charlie: User,
    scored_world: dict[str, Customer],
) -> None:
    failing = scored_world["failing"]
    going = task(failing, ana)
    marys = task(failing, mara, "Hers")
    done = task(failing, ana, "Done")
    Task.objects.filter(pk=done.pk).update(state=TaskState.DONE, closed_at=world.NOW)
    elsewhere = task(scored_world["charlie"], ana, "Elsewhere")
    response = mara_client.post(
        url, {**asked, "which": "all", "step": "do"}, follow=True
    )
    assert response.redirect_chain == [(url, 302)]
    assert messages(response) == [
        "2 customers went from Ana Popescu to Charlie Moss. Undo"
    ]
    assert set(owners().values()) == {"Charlie"}
    assignees = dict(Task.objects.values_list("pk", "assignee__name"))
    assert assignees == {
        going.pk: charlie.name,
        marys.pk: mara.name,
        done.pk: ana.name,
        elsewhere.pk: ana.name,
    }
    [entry] = AuditEntry.objects.filter(action="customers.owner_changed")
    assert entry.actor_id == mara.pk
    assert entry.before == {"owners": {str(ana.pk): 2}}
    assert entry.after["owners"] == {str(charlie.pk): 2}
    assert (entry.after["customers"], entry.after["tasks"]) == (2, 1)
    assert "leave" not in str((entry.before, entry.after))
    assert entry.detail.data["note"] == "leave"


def test_only_the_ticked_ones_go(
    url: str,
    mara_client: Client,
    asked: dict[str, Any],
    scored_world: dict[str, Customer],
) -> None:
    ids = [scored_world["healthy"].pk, scored_world["charlie"].pk]
    answers = {**asked, "which": "chosen", "customer": ids}
    page = words(main_of(mara_client.post(url, answers)))
    assert "Hand over 1 customer" in page
    assert "Secret Ltd" not in page
    mara_client.post(url, {**answers, "step": "do"})
    assert owners() == {
        "Brightwater Logistics": "Ana",
        "Kestrel Foods": "Charlie",
        "Secret Ltd": "Charlie",
    }


def test_searching_keeps_what_was_entered(
    url: str,
    mara_client: Client,
    asked: dict[str, Any],
    scored_world: dict[str, Customer],
) -> None:
    ticked = scored_world["healthy"].pk
    answers = {**asked, "q": "brig", "customer": [ticked], "step": "search"}
    response = mara_client.post(url, answers)
    assert response.status_code == 200
    names = [row.name for row in response.context["found"].rows]
    assert names == ["Kestrel Foods", "Brightwater Logistics"]
    html = main_of(response)
    assert html.count(" checked") == 2  # the customer and the tasks
    assert 'value="leave"' in html
    assert "selected" in html
    nothing = mara_client.post(url, {"q": "zzz", "step": "search"})
    assert "Try fewer letters." in main_of(nothing)


def test_lists_and_sums_follow_at_once(
    ana: User, ana_client: Client, charlie: User, charlie_client: Client,
    scored_world: dict[str, Customer],
) -> None:  # fmt: skip
    total = PortfolioDay.objects.get(owner_id=0)
    hers, his = (
        PortfolioDay.objects.get(owner_id=user.pk).value_at_risk
        for user in (ana, charlie)
    )
    kestrel = Customer.objects.filter(pk=scored_world["failing"].pk)
    portfolio_hand_over(
        giver=ana, receiver=charlie, customers=kestrel, by=CONSOLE, now=world.NOW
    )
    assert len(rows(charlie_client.get("/"))) == 2
    assert facts(charlie_client.get("/"))[0].startswith(
        f"Value at risk €{hers + his:,.0f} of €24,000 a year"
    )
    assert "Charlie Moss" in rows(charlie_client.get("/"))[0]
    assert rows(ana_client.get("/")) == []
    assert facts(ana_client.get("/"))[0] == "Value at risk €0 of €12,000 a year"
    after = PortfolioDay.objects.get(owner_id=0)
    assert (after.pk, after.value_at_risk) == (total.pk, total.value_at_risk)


def test_the_sums_are_those_that_a_run_would_write(
    ana: User, charlie: User, company: Company
) -> None:
    portfolio_hand_over(
        giver=ana, receiver=charlie, customers=Customer.objects.all(), by=CONSOLE,
        now=world.NOW,
    )  # fmt: skip
    fields = [
        f.name for f in PortfolioDay._meta.concrete_fields if f.name != "id"
    ]  # fmt: skip
    before = list(PortfolioDay.objects.order_by("owner_id").values_list(*fields))
    world.score()
    after = list(PortfolioDay.objects.order_by("owner_id").values_list(*fields))
    assert before == after
    assert [row[fields.index("owner_id")] for row in after] == [0, charlie.pk]


def test_the_timeline_tells_of_it(
    url: str, mara_client: Client, asked: dict[str, Any],
    scored_world: dict[str, Customer], charlie_client: Client, ana: User, charlie: User,
    settings: Any,
) -> None:  # fmt: skip
    settings.EVENT_CONSUMERS = ["digest"]
    mara_client.post(url, {**asked, "which": "all", "step": "do"})
    events = Event.objects.filter(kind=OWNER_CHANGED)
    assert {tuple(sorted(event.data.items())) for event in events} == {
        (("from", ana.pk), ("to", charlie.pk))
    }
    assert events.count() == EventDelivery.objects.filter(event__in=events).count() == 2
    page = charlie_client.get(reverse("customer", args=[scored_world["healthy"].pk]))
    assert "Owner changed. From Ana Popescu to Charlie Moss Mara Lindqvist" in words(
        main_of(page)
    )


def test_it_is_taken_back_from_the_message(
    url: str,
    mara_client: Client,
    asked: dict[str, Any],
    ana: User,
    mara: User,
    charlie: User,
    scored_world: dict[str, Customer],
) -> None:
    going, kept = task(scored_world["failing"], ana), task(scored_world["healthy"], ana)
    mara_client.post(url, {**asked, "which": "all", "step": "do"})
    change = OwnerChange.objects.get()
    # Somebody decides otherwise meanwhile: that stays.
    owner_change(
        customers=Customer.objects.filter(pk=scored_world["healthy"].pk),
        owner=mara, by=CONSOLE, now=world.NOW,
    )  # fmt: skip
    own = task(scored_world["failing"], charlie, "His own")
    undo = reverse("hand_over_undo", args=[change.pk])
    response = mara_client.post(f"{undo}?next={url}", follow=True)
    assert messages(response)[-1:] == [
        "1 customer is back. 1 has changed hands since and stays."
    ]
    assert owners() == {
        "Brightwater Logistics": "Ana",
        "Kestrel Foods": "Mara",
        "Secret Ltd": "Charlie",
    }
    assert dict(Task.objects.values_list("pk", "assignee__name")) == {
        going.pk: ana.name, kept.pk: mara.name, own.pk: charlie.name,
    }  # fmt: skip
    assert Board.objects.get(pk=scored_world["failing"].pk).owner_name == ana.name
    [entry] = AuditEntry.objects.filter(action="customers.owner_change_undone")
    assert (entry.after["customers"], entry.after["tasks"]) == (1, 1)
    again = mara_client.post(f"{undo}?next={url}", follow=True)
    assert messages(again) == ["This was taken back before."]


def test_undoing_is_for_leaders(
    url: str, mara_client: Client, ana_client: Client, asked: dict[str, Any]
) -> None:
    mara_client.post(url, {**asked, "which": "all", "step": "do"})
    undo = reverse("hand_over_undo", args=[OwnerChange.objects.get().pk])
    assert ana_client.post(undo).status_code == 403
    assert mara_client.get(undo).status_code == 405
    assert owners()["Kestrel Foods"] == "Charlie"


def test_what_is_gone_is_not_handed_over_twice(ana: User, charlie: User) -> None:
    everything = Customer.objects.all()
    given = {"giver": ana, "receiver": charlie, "by": CONSOLE, "now": world.NOW}
    change = portfolio_hand_over(customers=everything, **given)
    with pytest.raises(UnableToHandOver):
        portfolio_hand_over(customers=everything, **given)
    portfolio_hand_over_undo(change=change, by=CONSOLE, now=world.NOW)
    with pytest.raises(UnableToUndoOwnerChange):
        portfolio_hand_over_undo(change=change, by=CONSOLE, now=world.NOW)


def test_a_receiver_who_left_meanwhile_gets_nothing(ana: User, charlie: User) -> None:
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    with pytest.raises(UnableToChangeOwner):
        portfolio_hand_over(
            giver=ana, receiver=charlie, customers=Customer.objects.all(), by=CONSOLE,
            now=world.NOW,
        )  # fmt: skip
    assert not OwnerChange.objects.exists()


def test_customers_can_be_nobodys(ana: User, scored_world: dict[str, Customer]) -> None:
    given = task(scored_world["failing"], ana)
    one = Customer.objects.filter(pk=scored_world["failing"].pk)
    change = owner_change(customers=one, owner=None, by=CONSOLE, now=world.NOW)
    assert change is not None
    given.refresh_from_db()
    assert (one.get().owner, given.assignee) == (None, None)
    portfolio_hand_over_undo(change=change, by=CONSOLE, now=world.NOW)
    given.refresh_from_db()
    assert (one.get().owner, given.assignee) == (ana, ana)


def test_the_statements_do_not_grow_with_the_customers(
    ana: User, charlie: User, mara: User
) -> None:
    counts = []
    for more in (0, 5):
        for _ in range(more):
            world.make_customer(owner=ana)
        with CaptureQueriesContext(connection) as captured:
            change = portfolio_hand_over(
                giver=ana, receiver=charlie, customers=Customer.objects.all(),
                by=CONSOLE, now=world.NOW,
            )  # fmt: skip
        counts.append(len(captured))
        Customer.objects.filter(pk__in=change.customer_ids).update(owner=ana)
    assert counts[0] == counts[1]


def test_the_page_costs_the_same_for_more_rows(
    url: str, mara_client: Client, ana: User
) -> None:
    few = queries(mara_client, url)
    for _ in range(3):
        task(world.make_customer(owner=ana), ana)
    assert queries(mara_client, url) == few
