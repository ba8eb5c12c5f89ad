"""Today: who needs somebody, and what to do about it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Reach
from accounts.models import Company, User
from customers.enums import TaskState
from customers.models import Customer, Task
from health.models import Board, PortfolioDay, Shard
from insights.wording import greeting, the_one_sentence
from tests import world
from tests.pages import facts, messages, part, queries, rows, words

URL = "/"


def test_a_stranger_is_asked_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/")


def test_the_list_shows_a_customer_at_risk_in_words(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    response = ana_client.get(URL)
    board = Board.objects.get(pk=scored_world["failing"].pk)
    [row] = rows(response)
    assert row.startswith("1 Brightwater Logistics Mid-market · Ana Popescu")
    assert "of €12K" in row
    assert "No contact for 100 days" not in row  # two reasons, not all
    assert row.count("Clear up the payment") + row.count("Mara Ionescu") == 1
    assert str(round(board.score)) in row
    assert response.context["sentence"] == "1 of your 2 customers needs you."


def test_the_first_sentence_and_the_day_of_the_scores(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    page = words(ana_client.get(URL).content.decode())
    assert (
        "Good afternoon, Ana Tuesday, 30 June. 1 of your 2 customers needs you." in page
    )
    assert "Scores are as of" not in page


def test_old_scores_say_how_old_they_are(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    world.score(world.days_ago(3))
    assert "Scores are as of 27 Jun." in words(ana_client.get(URL).content.decode())


def test_the_four_numbers_are_the_own_portfolio(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    value, renewals, retention, nps = facts(ana_client.get(URL))
    at_risk = Board.objects.get(pk=scored_world["failing"].pk).value_at_risk
    assert value == f"Value at risk €{at_risk:,.0f} of €24,000 a year"
    assert renewals.startswith("Renewals, next 90 days ")
    assert retention == "Net revenue retention 100.0% last 12 months, 100.0% gross"
    assert nps == "NPS – 2 answers are too few"


def test_a_manager_sees_everybody(
    mara_client: Client, scored_world: dict[str, Customer]
) -> None:
    response = mara_client.get(URL)
    assert len(rows(response)) == 2
    assert response.context["sentence"] == "2 of 3 customers are at risk."


@pytest.mark.parametrize(
    "path", ["", "?f=silent", "?q=secret", "?f=snoozed", "?f=detractors"]
)
def test_nothing_of_charlies_shows(
    path: str, ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    Task.objects.create(
        customer=scored_world["charlie"], assignee=scored_world["charlie"].owner,
        title="Secret task", due_on=world.TODAY, created_at=world.NOW,
    )  # fmt: skip
    page = ana_client.get(URL + path).content.decode()
    assert "Secret Ltd" not in page
    assert "Secret task" not in page


def test_chips_count_and_filter(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    Board.objects.filter(pk=scored_world["failing"].pk).update(
        falling=True, silent=False
    )
    chips = {
        chip.name: chip.count for chip in ana_client.get(URL).context["list"].chips
    }
    assert chips == {
        "all": 1, "renewing": 0, "falling": 1, "silent": 0, "detractors": 1,
    }  # fmt: skip
    assert len(rows(ana_client.get("/?f=falling"))) == 1
    assert rows(ana_client.get("/?f=silent")) == []


def test_an_empty_filter_says_so(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    Board.objects.update(falling=False)
    assert "No customer at risk fits this filter." in part(
        ana_client.get("/?f=falling"), "h-risk"
    )


@pytest.mark.parametrize(
    "asked",
    [
        "f=nonsense",
        "at=garbage",
        "at=Zg",
        "at=%00",
        "q=%00",
        "f=" + "x" * 99,
        "at=ZnxOYU58MXwx",
    ],
)
def test_a_bad_address_shows_the_whole_list(
    asked: str, ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    assert len(rows(ana_client.get(f"/?{asked}"))) == 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [("br", 1), ("wat", 1), ("BRIGHT", 1), ("at", 0), ("%", 0), ("___", 0), ("b%t", 0)],
)
def test_names_are_found_by_prefix_and_by_part(
    asked: str, found: int, ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    assert len(rows(ana_client.get(URL, {"q": asked}))) == found


def test_the_renewal_is_counted_from_the_day_of_the_scores(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    soon = world.TODAY + dt.timedelta(days=24)
    Board.objects.filter(pk=scored_world["failing"].pk).update(renews_on=soon)
    [row] = rows(ana_client.get(URL))
    assert "24 Jul in 24 days" in row
    assert "Brightwater Logistics €12,000 24 Jul, in 24 days At risk" in part(
        ana_client.get(URL), "h-renewals"
    )


def test_an_unknown_customer_has_no_score(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    Board.objects.filter(pk=scored_world["failing"].pk).update(band=0, coverage=0.3)
    [row] = rows(ana_client.get(URL))
    assert "Unknown" in row
    assert "Only 30% of the signals are known" in row


def test_a_task_is_ticked_off_and_taken_back(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    task = Task.objects.create(
        customer=scored_world["failing"], assignee=ana, title="Prepare the offer",
        due_on=world.TODAY, created_at=world.NOW,
    )  # fmt: skip
    assert "Prepare the offer" in part(ana_client.get(URL), "h-tasks")
    done = ana_client.post(
        reverse("task_close", args=[task.pk]), {"next": "/"}, follow=True
    )
    assert messages(done) == ["Done: Prepare the offer Undo"]
    assert part(done, "h-tasks") == "Tasks for today Nothing is due."
    undo = reverse("task_reopen", args=[task.pk])
    back = ana_client.post(f"{undo}?next=/", follow=True)
    assert messages(back) == ["Open again: Prepare the offer"]
    task.refresh_from_db()
    assert (task.state, task.closed_at) == (TaskState.OPEN, None)
    assert scored_world["failing"].events.count() == 0


def test_an_answer_waits_until_somebody_replied(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    [row] = ana_client.get(URL).context["answers"]
    answer = row.answer
    assert answer.comment == "Exports break every month end."
    url = reverse("answer_replied", args=[answer.pk])
    replied = ana_client.post(url, follow=True)
    assert messages(replied) == ["Noted that Brightwater Logistics got a reply. Undo"]
    assert replied.context["answers"] == []
    undone = ana_client.post(reverse("answer_waiting", args=[answer.pk]), follow=True)
    assert [row.answer for row in undone.context["answers"]] == [answer]


def test_answers_of_others_and_for_viewers_are_closed(
    ana_client: Client, viewer_client: Client, scored_world: dict[str, Customer]
) -> None:
    answer = viewer_client.get(URL).context["answers"][0].answer
    theirs = world.answer(scored_world["charlie"], days=3, score=3, comment="Secret")
    replied = reverse("answer_replied", args=[theirs.pk])
    assert ana_client.post(replied).status_code == 404
    assert (
        viewer_client.post(reverse("answer_replied", args=[answer.pk])).status_code
        == 403
    )
    assert ana_client.get(replied).status_code == 405


def test_a_viewer_sees_no_buttons(
    viewer_client: Client, scored_world: dict[str, Customer]
) -> None:
    page = viewer_client.get(URL).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "formaction" not in main
    assert "#reply" not in main


def test_without_customers_it_says_how_to_begin(
    ana_client: Client, company: Company, at_noon: None
) -> None:
    page = words(ana_client.get(URL).content.decode())
    assert "There are no customers yet" in page
    assert "script/import FOLDER" in page


def test_an_empty_portfolio_is_told_from_an_empty_house(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    Customer.objects.exclude(pk=scored_world["charlie"].pk).update(owner=None)
    PortfolioDay.objects.all().delete()
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    assert "Your portfolio is empty" in words(ana_client.get(URL).content.decode())


def test_before_the_first_run_it_tells_when(
    ana_client: Client, ana: User, company: Company, at_noon: None
) -> None:
    world.make_customer("Early Bird", owner=ana)
    page = words(ana_client.get(URL).content.decode())
    assert (
        "No scores yet The first computation is due and starts within minutes." in page
    )


def test_during_the_first_run_it_shows_how_far_it_is(
    ana_client: Client, ana: User, company: Company, at_noon: None
) -> None:
    world.make_customer("Early Bird", owner=ana)
    run = world.run_start(kind=world.RunKind.MANUAL, as_of=world.TODAY, now=world.NOW)
    Shard.objects.create(run=run, first_id=900, last_id=901, state="done")
    page = words(ana_client.get(URL).content.decode())
    assert "1 of 2 parts are done." in page


def test_the_queries_do_not_grow_with_the_rows(
    ana_client: Client, ana: User, company: Company, at_noon: None
) -> None:
    world.never_late()
    world.failing_customer("One", owner=ana)
    world.score()
    one = queries(ana_client, URL)
    for name in ("Two", "Three"):
        world.failing_customer(name, owner=ana)
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    assert len(rows(ana_client.get(URL))) == 3
    assert queries(ana_client, URL) == one


def test_the_change_of_a_week_is_named(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    now = PortfolioDay.objects.get(owner_id=ana.pk)
    now.pk, now.as_of = None, world.days_ago(8)
    now.value_at_risk -= Decimal(100)
    now.save()
    assert "up €100 in 8 days" in facts(ana_client.get(URL))[0]


@pytest.mark.parametrize(
    ("at_risk", "whose", "sentence"),
    [
        (0, Reach.OWN, "None of your customers is at risk."),
        (0, Reach.TEAM, "None of your team’s customers is at risk."),
        (0, Reach.ALL, "No customer is at risk."),
        (2, Reach.OWN, "2 of your 9 customers need you."),
        (7, Reach.OWN, "7 of your 9 customers need you; start with the first two."),
        (1, Reach.TEAM, "1 of your team’s 9 customers is at risk."),
        (7, Reach.TEAM, "7 of your team’s 9 customers are at risk."),
        (7, Reach.ALL, "7 of 9 customers are at risk."),
    ],
)
def test_the_one_sentence(at_risk: int, whose: Reach, sentence: str) -> None:
    assert the_one_sentence(at_risk=at_risk, customers=9, whose=whose) == sentence


@pytest.mark.parametrize(
    ("hour", "words_of_day"),
    [
        (3, "evening"),
        (4, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (18, "evening"),
    ],
)
def test_the_greeting_follows_the_clock(hour: int, words_of_day: str) -> None:
    moment = dt.datetime(2026, 6, 30, hour, tzinfo=dt.UTC)
    assert greeting(moment, "Ana") == f"Good {words_of_day}, Ana"
