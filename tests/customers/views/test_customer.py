"""The customer's page."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, User
from customers.models import Customer, Interaction, Task
from customers.selectors import page as page_selectors
from health.calculations.churn.bands import BandRates
from health.calculations.churn.choosing import Method
from health.calculations.forecast_content import ForecastContent
from health.calculations.rates import Estimate
from health.models import Run, RunFailure, Standing
from tests import world
from tests.learnt import PRIOR, learnt_past
from tests.pages import facts, main_of, messages, part, queries, words


@pytest.fixture
def url(scored_world: dict[str, Customer]) -> str:
    return reverse("customer", args=[scored_world["failing"].pk])


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/customers/1/")["Location"] == "/sign-in/?next=/customers/1/"


def test_charlie_must_not_know_it_exists(charlie_client: Client, url: str) -> None:
    assert charlie_client.get(url).status_code == 404
    assert charlie_client.get("/customers/999999/").status_code == 404


def test_who_and_how_it_stands(
    ana_client: Client, url: str, scored_world: dict[str, Customer]
) -> None:
    page = words(main_of(ana_client.get(url)))
    assert (
        "Brightwater Logistics At risk Mid-market."
        " Customer since 30 June 2024. Owner Ana Popescu."
    ) in page


def test_five_facts(ana_client: Client, url: str) -> None:
    standing = Standing.objects.get(customer__name="Brightwater Logistics")
    renewal, revenue, value, nps, contact = facts(ana_client.get(url))
    assert renewal.startswith("Renewal ")
    assert revenue == (
        f"Recurring revenue €12,000 a year; value at risk €{standing.value_at_risk:,.0f}"
    )
    assert value.startswith(f"Lifetime value €{standing.clv:,.0f} probably €")
    assert nps == "Latest NPS 2 10 Jun"
    assert contact == "Last contact 100 days ago Call, 22 Mar"


def test_why_adds_up(ana_client: Client, url: str) -> None:
    response = ana_client.get(url)
    figure = next(
        part["content"]["points"]
        for part in response.context["parts"]
        if part["panel"].anchor == "why"
    )
    points = [row[-1].replace("\N{MINUS SIGN}", "-") for row in figure.rows]
    start, *middle, total = [int(point) for point in points if point != "–"]
    assert start == 50
    assert start + sum(middle) == total
    standing = Standing.objects.get(customer__name="Brightwater Logistics")
    assert total == round(standing.score)
    why = part(response, "h-why")
    assert "Why this customer is at risk" in why
    assert "May leave within 90 days Assumption" in why
    assert "Nothing has been measured yet" in why
    assert "Not known: Own impression" in why
    assert "Default scorecard, version 1." in why


def test_a_measured_chance_says_of_how_many(ana_client: Client, url: str) -> None:
    nobody = learnt_past().chosen(np.zeros(0, dtype=np.intp))
    rates = tuple(Estimate(0.2, 0.1, 0.3, 24, 120.0) for _ in PRIOR)
    content = replace(
        ForecastContent.assumed(PRIOR, nobody),
        method=Method.BANDS,
        bands=BandRates(rates, 0.0),
    )
    run = Run.objects.get()
    version = world.forecast_version(content)
    run.parameters["forecast"] |= {"version": version.pk, "method": "bands"}
    run.save()
    why = part(ana_client.get(url), "h-why")
    assert "May leave within 90 days Rate of the band" in why
    assert "24 of 120 customers in this band left within 90 days." in why


def test_a_failed_customer_says_why(
    ana_client: Client, url: str, scored_world: dict[str, Customer]
) -> None:
    RunFailure.objects.create(
        run=Run.objects.get(), customer=scored_world["failing"], reason="No rate."
    )
    assert (
        "The last run could not score this customer: No rate."
        " What you see is as of 30 June 2026."
    ) in part(ana_client.get(url), "h-why")


def test_a_new_customer_says_when_it_is_scored(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    new = world.make_customer("Newborn", owner=ana)
    response = ana_client.get(reverse("customer", args=[new.pk]))
    assert "Not scored yet The next run is 30 Jun, 02:00." in part(response, "h-why")
    assert facts(response)[0] == "Renewal – not scored"


def test_a_customer_that_left_is_not_called_new(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    gone = world.make_customer("Gone", owner=ana)
    world.leave(gone, days=30, reason="price")
    response = ana_client.get(reverse("customer", args=[gone.pk]))
    assert "Left on 31 May 2026 Only customers who are with us are scored." in part(
        response, "h-why"
    )
    assert response.context["tag"].text == "Left on 31 May"


def test_the_rail(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    customer = scored_world["failing"]
    Task.objects.create(
        customer=customer, assignee=ana, title="Call back", created_at=world.NOW
    )
    world.person(customer, "Jan de Wit", is_primary=False, left_on=world.days_ago(9))
    world.open_ticket(
        customer, days=4, hours=None, subject="Export fails", escalated=True
    )
    response = ana_client.get(reverse("customer", args=[customer.pk]))
    assert part(response, "h-tasks") == "Tasks Call back Ana Popescu"
    assert part(response, "h-contacts") == (
        "Contacts MI Mara Ionescu main contact 1 person has left Jan de Wit, 21 Jun"
    )
    assert part(response, "h-support") == (
        "Support Export fails opened 26 Jun, still open Escalated Record as feedback"
    )
    subscriptions = part(response, "h-subscriptions")
    assert "Team Value €12,000 a year Seats 20" in subscriptions
    assert "over €1,000 was due 46 days ago." in subscriptions
    assert part(response, "h-answers") == (
        "Answers Record feedback Net Promoter Score (0–10) 2 Exports break every month end. 10 Jun"
    )


def test_the_timeline_is_grouped_newest_first(
    ana_client: Client, url: str, scored_world: dict[str, Customer]
) -> None:
    world.touch(scored_world["failing"], days=1, kind="email", summary="Sent the list.")
    response = ana_client.get(url)
    timeline = response.context["timeline"]
    assert [group.heading for group in timeline.groups] == [
        "This week", "Earlier in June", "May", "March", "June 2024",
    ]  # fmt: skip
    assert [line.source for line in timeline.groups[0].lines] == ["interaction"]
    assert "Email. Sent the list. 29 Jun" in part(response, "h-timeline")
    assert "Somebody scored 2. Exports break every month end." in part(
        response, "h-timeline"
    )


def test_older_pages_meet_without_gap_or_repeat(
    ana_client: Client, url: str, scored_world: dict[str, Customer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(page_selectors, "SHOWN_LINES", 3)
    customer = scored_world["failing"]
    for number in range(4):  # all in the same moment, and beside other sources
        world.touch(customer, days=20, kind="note", summary=f"Note {number}")
        world.open_ticket(customer, days=20, subject=f"Ticket {number}")
        world.invoice(customer, days=20)

    def walk() -> Iterator[tuple[str, int]]:
        behind = ""
        while True:
            timeline = ana_client.get(url, {"behind": behind}).context["timeline"]
            for group in timeline.groups:
                yield from ((line.source, line.pk) for line in group.lines)
            behind = timeline.older
            if not behind:
                return

    lines = list(walk())
    assert len(lines) == len(set(lines)) == 20
    assert ana_client.get(url, {"behind": "garbage"}).context["timeline"].newest


def test_something_is_logged(
    ana_client: Client, ana: User, url: str, scored_world: dict[str, Customer]
) -> None:
    customer = scored_world["failing"]
    contact = customer.contacts.get()
    response = ana_client.post(
        f"{url}interactions/",
        {"kind": "call", "summary": "All fine.", "contact": contact.pk,
         "happened_on": "2026-06-30", "pulse": "3"},
        follow=True,
    )  # fmt: skip
    assert response.redirect_chain == [(f"{url}#timeline", 302)]
    assert messages(response) == ["Logged. The next run takes it into account."]
    logged = Interaction.objects.latest("id")
    assert (logged.kind, logged.summary, logged.contact, logged.author, logged.pulse) == (
        "call", "All fine.", contact, ana, None,
    )  # fmt: skip
    assert (logged.happened_at, logged.recorded_at) == (world.NOW, world.NOW)
    event = customer.events.get()
    assert (event.kind, event.subject_id) == (
        "customers.interaction_logged", str(logged.pk),
    )  # fmt: skip
    assert part(response, "h-timeline").count("All fine.") == 1


def test_a_pulse_is_a_figure_and_an_earlier_day_its_noon(
    ana_client: Client, url: str
) -> None:
    asked = {"kind": "pulse", "happened_on": "2026-06-12", "pulse": "2"}
    ana_client.post(f"{url}interactions/", asked)
    logged = Interaction.objects.latest("id")
    assert (logged.pulse, logged.happened_at) == (2, world.noon(dt.date(2026, 6, 12)))


@pytest.mark.parametrize(
    ("given", "field", "words_shown"),
    [
        ({"kind": "note"}, "summary", "Say in a sentence what happened."),
        ({"kind": "pulse"}, "pulse", "Choose a figure from 1 to 5."),
        ({"happened_on": "2026-07-01"}, "happened_on", "This day is still to come."),
        ({"happened_on": "soon"}, "happened_on", "Enter a valid date."),
        ({"happened_on": "0999-01-01"}, "happened_on", "This is long before"),
        ({"kind": "dance"}, "kind", "Select a valid choice."),
        ({"contact": "999999"}, "contact", "Select a valid choice."),
    ],
)
def test_what_is_amiss_is_listed_and_kept(
    given: dict[str, str], field: str, words_shown: str, ana_client: Client, url: str
) -> None:
    asked = {"kind": "call", "summary": "", "happened_on": "2026-06-30"} | given
    before = Interaction.objects.count()
    response = ana_client.post(f"{url}interactions/", asked)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert words_shown in part(response, "h-timeline")
    assert "<title>Error: Brightwater Logistics" in response.content.decode()
    assert Interaction.objects.count() == before


def test_a_contact_of_another_customer_is_refused(
    ana_client: Client, url: str, scored_world: dict[str, Customer]
) -> None:
    other = scored_world["charlie"].contacts.get()
    asked = {"kind": "call", "happened_on": "2026-06-30", "contact": other.pk}
    assert ana_client.post(f"{url}interactions/", asked).status_code == 422


def test_only_those_who_may_write(
    charlie_client: Client, viewer_client: Client, ana_client: Client, url: str
) -> None:
    asked = {"kind": "call", "happened_on": "2026-06-30"}
    before = Interaction.objects.count()
    assert charlie_client.post(f"{url}interactions/", asked).status_code == 404
    assert viewer_client.post(f"{url}interactions/", asked).status_code == 403
    assert ana_client.get(f"{url}interactions/").status_code == 405
    assert Interaction.objects.count() == before
    page = main_of(viewer_client.get(url))
    assert "composer" not in page
    assert "#log" not in page


def test_tasks_of_others_are_closed(
    charlie_client: Client, viewer_client: Client, url: str,
    scored_world: dict[str, Customer],
) -> None:  # fmt: skip
    task = Task.objects.create(
        customer=scored_world["failing"], title="Call back", created_at=world.NOW
    )
    for name in ("task_close", "task_reopen"):
        where = reverse(name, args=[task.pk])
        assert charlie_client.post(where).status_code == 404
        assert viewer_client.post(where).status_code == 403


def test_a_task_that_came_back_is_not_opened_twice(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    customer = scored_world["failing"]
    same = {
        "customer": customer,
        "title": "Renew",
        "reason": "renewal",
        "created_at": world.NOW,
    }
    old = Task.objects.create(**same)
    ana_client.post(reverse("task_close", args=[old.pk]))
    Task.objects.create(**same)
    response = ana_client.post(reverse("task_reopen", args=[old.pk]), follow=True)
    assert messages(response)[-1] == "The same task is open already."


def test_the_composer_opens_with_the_kind_asked_for(
    ana_client: Client, url: str
) -> None:
    assert (
        ana_client.get(f"{url}?log=review").context["form"]["kind"].value() == "review"
    )
    assert ana_client.get(f"{url}?log=dance").context["form"]["kind"].value() == "note"


def test_an_unknown_score_is_not_a_number(
    ana_client: Client, ana: User, company: Company, at_noon: None
) -> None:
    silent = world.make_customer("Silent Ltd", owner=ana)
    world.subscribe(silent)
    world.score()
    response = ana_client.get(reverse("customer", args=[silent.pk]))
    why = part(response, "h-why")
    assert "Too little is known for a score" in why
    assert response.context["tag"].text == "Unknown"
    assert Standing.objects.get().band == 0


def test_the_queries_do_not_grow_with_what_happened(
    ana_client: Client, ana: User, company: Company, url: str,
    scored_world: dict[str, Customer],
) -> None:  # fmt: skip
    customer = scored_world["failing"]
    world.open_ticket(customer, days=5)
    Task.objects.create(
        customer=customer, assignee=ana, title="A", created_at=world.NOW
    )
    one = queries(ana_client, url)
    for number in (1, 2):
        world.touch(
            customer, days=number, author=ana, contact=customer.contacts.first()
        )
        world.open_ticket(customer, days=number)
        world.answer(customer, days=number, score=7)
        world.invoice(customer, days=number)
        world.subscribe(customer)
        world.person(customer, f"Person {number}", is_primary=False)
        Task.objects.create(
            customer=customer, assignee=ana, title=f"T{number}", created_at=world.NOW
        )
    assert queries(ana_client, url) == one
