"""The list of answers."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Company, User
from customers.models import Customer
from surveys.models import Click, Response
from tests import world
from tests.pages import main_of, part, plain_static_files, queries, words
from tests.world import NOW

__all__ = ["plain_static_files"]
pytestmark = pytest.mark.django_db
URL = "/surveys/answers/"
EVIL = '<script>alert("x")</script>\u202e <b>bold</b>'


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana)


@pytest.fixture
def secret(company: Company, charlie: User) -> Response:
    theirs = world.make_customer("Secret Ltd", owner=charlie)
    return world.answer(theirs, days=1, score=1, comment="Secret exports")


def rows(client: Client, **asked: Any) -> list[Response]:
    """This will return the answers the page shows."""
    return [row.answer for row in client.get(URL, asked).context["rows"]]


def chips(client: Client, **asked: Any) -> dict[str, int]:
    shown = client.get(URL, asked).context["chips"]
    return {str(chip["label"]): chip["count"] for chip in shown}


def click(
    customer: Customer, score: int | None, *, hours: int = 1, **fields: Any
) -> Click:
    invitation = fields.pop("invitation", None) or world.invite(customer)
    return Click.objects.create(
        invitation=invitation, score=score, clicked_at=NOW - dt.timedelta(hours=hours),
        **fields,
    )  # fmt: skip


def test_without_an_answer_it_says_what_will_stand_here(
    ana_client: Client, company: Company
) -> None:
    assert "No answer yet" in part(ana_client.get(URL), "h-list")


def test_a_row_says_who_when_and_how_far(
    ana_client: Client, customer: Customer
) -> None:
    answer = world.answer(
        customer, days=1, score=4, comment="Exports break.",
        contact=world.person(customer), flags=["fast", "trap"], no_reply=False,
        reply_due_at=NOW + dt.timedelta(hours=5, minutes=10),
    )  # fmt: skip
    page = part(ana_client.get(URL), "h-list")
    assert (
        "Net Promoter Score (0–10): 4 of 10 Exports break. Mara Ionescu · Brightwater "
        "· 29 Jun · NPS Within a minute of delivery Followed a link that people do not "
        "see New reply due in 5 hours"
    ) in page
    assert rows(ana_client) == [answer]


@pytest.mark.parametrize(
    ("due", "shown"),
    [
        (dt.timedelta(minutes=20), "reply due in less than an hour"),
        (dt.timedelta(hours=1), "reply due in 1 hour"),
        (dt.timedelta(hours=47), "reply due in 47 hours"),
        (dt.timedelta(days=2), "reply due in 2 days"),
        (-dt.timedelta(hours=3), "overdue by 3 hours"),
        (-dt.timedelta(days=2, hours=1), "overdue by 2 days"),
    ],
)
def test_until_when(
    ana_client: Client, customer: Customer, due: dt.timedelta, shown: str
) -> None:
    world.answer(customer, days=9, score=1, reply_due_at=NOW + due)
    [row] = ana_client.get(URL).context["rows"]
    assert (row.due, row.late) == (shown, due < dt.timedelta(0))


@pytest.mark.parametrize(
    "fields",
    [{"replied_at": NOW}, {"resolved_at": NOW}, {"counted": False}, {"no_reply": True}],
)
def test_nobody_waits_for_what_is_dealt_with(
    ana_client: Client, customer: Customer, fields: dict[str, Any]
) -> None:
    world.answer(customer, days=9, score=1, reply_due_at=NOW, **fields)
    [row] = ana_client.get(URL).context["rows"]
    assert row.due == ""


def test_filters_and_their_counts(
    ana_client: Client, customer: Customer, secret: Response
) -> None:
    make = world.answer
    low = make(customer, days=1, score=2, comment="Exports", reply_due_at=NOW)
    make(customer, days=2, score=8, comment="Fine, more exports.")
    make(customer, days=3, score=10)
    old = make(customer, days=400, score=5, kind="ces", comment="Ages ago.")
    doubtful = make(customer, days=5, score=1, flags=["many"], counted=False)
    judged = make(
        customer, days=6, score=0, flags=["many"], counted=False, decision="discount",
        resolved_at=NOW,
    )  # fmt: skip
    assert chips(ana_client) == {
        "All": 6, "Waiting for a reply": 2, "Low scores": 3, "In the middle": 2,
        "High scores": 1, "With a comment": 3, "To be judged": 1, "Flagged": 2,
        "Resolved": 1,
    }  # fmt: skip
    assert rows(ana_client, f="low") == [low, doubtful, judged]
    assert rows(ana_client, f="review") == [doubtful]
    assert rows(ana_client, f="resolved") == [judged]
    assert rows(ana_client, kind="ces") == [old]
    assert rows(ana_client, survey=str(old.version.survey_id)) == [old]
    assert [row.score for row in rows(ana_client, q="EXPORTS")] == [2, 8]
    assert chips(ana_client, q="exports")["All"] == 2
    assert rows(ana_client, f="high", q="exports") == []
    assert "No answer fits" in words(
        ana_client.get(URL, {"f": "high", "q": "exports"}).content.decode()
    )


@pytest.mark.parametrize("f", ["", "waiting", "low", "comment", "unsent"])
def test_nothing_of_charlies_shows(
    ana_client: Client, customer: Customer, secret: Response, f: str
) -> None:
    click(secret.customer, 1)
    click(customer, 2)
    world.answer(customer, days=1, score=2, comment="Ours")
    page = main_of(ana_client.get(URL, {"f": f, "q": "" if f else "exports"}))
    assert "Secret" not in page


def test_a_manager_sees_all(
    mara_client: Client, customer: Customer, secret: Response
) -> None:
    ours = world.answer(customer, days=3, score=2)
    assert rows(mara_client) == [secret, ours]


def test_opened_with_a_score_not_sent(ana_client: Client, customer: Customer) -> None:
    # The newest click with a score says it.
    several = click(customer, 9, hours=5).invitation
    click(customer, 4, hours=3, invitation=several)
    click(customer, None, hours=1, invitation=several)
    # Opened without a score, and answered: neither of them.
    click(customer, None)
    answered = click(customer, 3).invitation
    world.answer(customer, days=0, score=3, invitation=answered)
    latest = click(customer, 0, hours=2).invitation
    assert chips(ana_client)["Opened with a score, not sent"] == 2
    response = ana_client.get(URL, {"f": "unsent"})
    shown = [line.invitation for line in response.context["unsent"]]
    assert shown == [latest, several]
    page = part(response, "h-list")
    assert "Opened with 4, not sent" in page
    assert page.count("In no figure") == 2
    assert "enter no figure" in page


def test_pages_meet_without_gap_or_repeat(
    ana_client: Client, customer: Customer
) -> None:
    made = [world.answer(customer, days=n // 3, score=5) for n in range(120)]
    for n, answer in enumerate(made):
        Response.objects.filter(pk=answer.pk).update(comment=f"Number {n}")
    seen, url = [], URL
    while url:
        response = ana_client.get(url)
        seen += [row.answer.pk for row in response.context["rows"]]
        url = response.context["older_url"]
    newest_first = Response.objects.order_by("-responded_at", "-id")
    assert seen == list(newest_first.values_list("pk", flat=True))
    assert response.context["newest_url"] == URL


def test_pages_of_what_was_not_sent(ana_client: Client, customer: Customer) -> None:
    made = [click(customer, 5, hours=n // 3).invitation.pk for n in range(60)]
    seen, url = [], f"{URL}?f=unsent"
    while url:
        response = ana_client.get(url)
        seen += [line.invitation.pk for line in response.context["unsent"]]
        url = response.context["older_url"]
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    "asked",
    ["f=nonsense", "kind=xxx", "survey=abc", "survey=9" + "9" * 30, "at=garbage", "q=%00",
     "survey=%D9%A3"],
)  # fmt: skip
def test_a_bad_address_shows_the_whole_list(
    ana_client: Client, customer: Customer, asked: str
) -> None:
    world.answer(customer, days=1, score=5)
    assert len(ana_client.get(f"{URL}?{asked}").context["rows"]) == 1


def test_script_and_turned_letters_stay_text(
    ana_client: Client, company: Company, ana: User
) -> None:
    customer = world.make_customer(EVIL, owner=ana)
    contact = world.person(customer, EVIL)
    world.answer(customer, days=1, score=2, comment=EVIL, contact=contact)
    page = main_of(ana_client.get(URL, {"q": '<b>bold"'[:7]}))
    assert "<script" not in page
    assert "<b>bold" not in page
    assert page.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;") == 3


def test_how_quickly_we_get_back(
    ana_client: Client, customer: Customer, ana: User, secret: Response
) -> None:
    def replied(after: int, due: int = 48) -> None:
        made = world.answer(customer, days=20, score=1)
        at = made.responded_at
        Response.objects.filter(pk=made.pk).update(
            reply_due_at=at + dt.timedelta(hours=due),
            replied_at=at + dt.timedelta(hours=after),
            resolved_at=at + dt.timedelta(days=after),
        )

    for hours in range(1, 10):
        replied(hours * 6)
    Response.objects.filter(pk=secret.pk).update(reply_due_at=NOW)
    few = part(ana_client.get(URL), "h-pace")
    assert "Time to a reply – 9 answers are too few" in few
    world.answer(customer, days=20, score=1, reply_due_at=NOW - dt.timedelta(days=1))
    replied(60)
    page = part(ana_client.get(URL), "h-pace")
    assert "Time to a reply 33 hours median of 10 answers" in page
    # Eight of eleven: one of 54 hours, one of 60, one that nobody answered.
    assert "Replied in time 73% of 11 answers that were due" in page
    assert "Time until resolved 33 days median of 10 answers" in page
    assert "Still waiting 1 neither replied to nor resolved" in page
    assert "By owner" not in page


def test_the_pace_by_owner(
    mara_client: Client, customer: Customer, secret: Response
) -> None:
    world.answer(customer, days=2, score=1, reply_due_at=NOW)
    Response.objects.filter(pk=secret.pk).update(reply_due_at=NOW)
    page = part(mara_client.get(URL), "h-pace")
    assert "Ana Popescu too few (n = 0)" in page
    assert "Charlie Moss too few (n = 0)" in page


def test_the_queries_do_not_grow(ana_client: Client, customer: Customer) -> None:
    def grow() -> None:
        contact = world.person(customer, is_primary=False)
        world.answer(customer, days=1, score=2, comment="x", contact=contact)
        click(customer, 4)

    grow()
    one = queries(ana_client, URL), queries(ana_client, f"{URL}?f=unsent")
    grow()
    grow()
    assert (queries(ana_client, URL), queries(ana_client, f"{URL}?f=unsent")) == one
