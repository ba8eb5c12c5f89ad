"""Whom to ask for a reference, a review, an expansion."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from customers.models import Customer, Event
from health.enums import AskKind
from health.events import CUSTOMER_ASKED
from health.models import Ask, Board
from health.selectors.asking import askable, askable_counts, lifts_of
from health.services.asks import ask_record
from tests import world
from tests.pages import main_of, messages, queries, rows, words

URL = "/customers/healthiest/"
ASKED = "/customers/healthiest/asked/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def pleased(scored_world: dict[str, Customer]) -> Customer:
    """Kestrel Foods may be asked for everything; so may Charlie's customer."""
    ready = {"asks": 7, "band": 3, "score": 88, "at_risk": False, "late": False}
    Board.objects.filter(name__in=["Kestrel Foods", "Secret Ltd"]).update(**ready)
    return scored_world["healthy"]


def names(user: User, kind: AskKind = AskKind.REFERENCE) -> list[str]:
    found = askable(user=user, kind=kind, today=world.TODAY, now=world.NOW)
    return [row.name for row in found.order_by("-place", "customer_id")]


def test_a_run_says_who_may_be_asked(scored_world: dict[str, Customer]) -> None:
    bits = dict(Board.objects.values_list("name", "asks"))
    assert bits["Brightwater Logistics"] == bits["Secret Ltd"] == 0
    healthy = Board.objects.get(name="Kestrel Foods")
    # A 9 of twenty days ago; 16 of 20 seats are fewer than 85 %, no feature is new.
    assert healthy.asks == (3 if healthy.score >= 80 else 2)


def test_the_list_says_whom_and_why(ana_client: Client, pleased: Customer) -> None:
    page = ana_client.get(URL)
    assert [chip["count"] for chip in page.context["lists"]] == [1, 1, 1]
    # The navigation is whole.
    assert f'href="{reverse("portfolio")}"' in page.content.decode()
    [row] = rows(page)
    assert row.startswith("Kestrel Foods Mara Ionescu, Ana Popescu 88")
    assert row.endswith("€12K a year " + row.split(" a year ")[1])
    assert "Note" in row
    reasons = page.context["rows"][0].reasons
    assert 1 <= len(reasons) <= 2
    assert all(reason.text in row for reason in reasons)
    assert "Secret" not in main_of(page)


def test_reasons_are_what_lifts(pleased: Customer) -> None:
    board = Board.objects.get(pk=pleased.pk)
    found = lifts_of([pleased.pk], as_of=world.TODAY)
    assert list(found) == [pleased.pk]
    codes = {lift.code for lift in found[pleased.pk]}
    assert codes
    assert not codes & set(board.reasons)
    assert lifts_of([], as_of=world.TODAY) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"late": True},
        {"at_risk": True},
        {"band": 0},
        {"band": 1},
        {"band": 2},
        {"asks": 0},
        {"asks": 6},
        {"snoozed_until": world.TODAY + DAY},
    ],
)
def test_who_is_left_out(
    change: dict[str, object], ana: User, pleased: Customer
) -> None:
    assert names(ana) == ["Kestrel Foods"]
    Board.objects.filter(pk=pleased.pk).update(**change)
    assert names(ana) == []


def test_a_snooze_that_is_over_hides_nobody(ana: User, pleased: Customer) -> None:
    Board.objects.filter(pk=pleased.pk).update(snoozed_until=world.TODAY)
    assert names(ana) == ["Kestrel Foods"]


def test_a_review_may_come_from_the_middle(ana: User, pleased: Customer) -> None:
    Board.objects.filter(pk=pleased.pk).update(band=2)
    assert names(ana, AskKind.REVIEW) == ["Kestrel Foods"]
    assert names(ana, AskKind.EXPANSION) == []


@pytest.mark.parametrize(
    ("kind", "days", "left"),
    [
        ("review", 89, []),
        ("review", 90, ["Kestrel Foods"]),
        ("reference", 90, []),
        ("reference", 364, []),
        ("reference", 365, ["Kestrel Foods"]),
    ],
)
def test_nobody_is_asked_too_often(
    kind: str, days: int, left: list[str], ana: User, pleased: Customer
) -> None:
    when = world.NOW - days * DAY
    Ask.objects.create(customer=pleased, kind=kind, asked_at=when)
    assert names(ana) == left
    counts = askable_counts(user=ana, today=world.TODAY, now=world.NOW)
    assert counts[AskKind.REFERENCE] == len(left)


def test_ordered_by_health_times_revenue(mara: User, pleased: Customer) -> None:
    assert names(mara) == ["Kestrel Foods", "Secret Ltd"]
    Board.objects.filter(name="Secret Ltd").update(mrr=1001)
    assert names(mara) == ["Secret Ltd", "Kestrel Foods"]
    Board.objects.filter(name="Secret Ltd").update(mrr=1001, score=87)
    assert names(mara) == ["Kestrel Foods", "Secret Ltd"]


class TestAsking:
    def test_asked_and_undone(self, ana_client: Client, pleased: Customer) -> None:
        url = reverse("ask_note", args=[pleased.pk])
        data = {"kind": "review", "note": " G2, by mail ", "next": f"{URL}?for=review"}
        done = ana_client.post(url, data, follow=True)
        assert done.redirect_chain == [(f"{URL}?for=review", 302)]
        assert messages(done) == ["Noted that Kestrel Foods was asked. Undo"]
        assert rows(done) == []
        ask = Ask.objects.get()
        assert (ask.kind, ask.note, ask.agreed) == ("review", "G2, by mail", None)
        line = words(main_of(ana_client.get(reverse("customer", args=[pleased.pk]))))
        assert "Asked for a review. Ana Popescu" in line
        back = ana_client.post(reverse("ask_undo", args=[ask.pk]), follow=True)
        assert messages(back) == ["Kestrel Foods was not asked."]
        assert len(rows(back)) == 1
        assert not Ask.objects.exists()
        assert not Event.objects.filter(kind=CUSTOMER_ASKED).exists()

    def test_a_double_click_asks_once(self, ana: User, pleased: Customer) -> None:
        first, second, later = (
            ask_record(
                customer=pleased,
                kind=AskKind.REVIEW,
                by=Actor(ana),
                now=world.NOW + dt.timedelta(minutes=minutes),
            )
            for minutes in (0, 9, 20)
        )
        assert first.pk == second.pk != later.pk
        assert Event.objects.filter(kind=CUSTOMER_ASKED).count() == 2

    def test_what_came_of_it(self, ana_client: Client, pleased: Customer) -> None:
        ask = Ask.objects.create(customer=pleased, kind="review", asked_at=world.NOW)
        url = reverse("ask_agreed", args=[ask.pk])
        for value, agreed, said in (
            ("true", True, "Noted that Kestrel Foods agreed."),
            ("false", False, "Noted that Kestrel Foods declined."),
            ("", None, "Noted that Kestrel Foods has not answered yet."),
        ):
            done = ana_client.post(url, {"agreed": value}, follow=True)
            assert done.redirect_chain == [(ASKED, 302)]
            assert messages(done) == [said]
            ask.refresh_from_db()
            assert ask.agreed is agreed

    @pytest.mark.parametrize("kind", ["", "money"])
    def test_nothing_that_is_asked_for(
        self, kind: str, ana_client: Client, pleased: Customer
    ) -> None:
        url = reverse("ask_note", args=[pleased.pk])
        assert ana_client.post(url, {"kind": kind}).status_code == 400
        assert not Ask.objects.exists()

    def test_others_customers_are_out_of_reach(
        self, charlie_client: Client, viewer_client: Client, pleased: Customer
    ) -> None:
        ask = Ask.objects.create(customer=pleased, kind="review", asked_at=world.NOW)
        for client, status in ((charlie_client, 404), (viewer_client, 403)):
            for name, pk in (
                ("ask_note", pleased.pk),
                ("ask_undo", ask.pk),
                ("ask_agreed", ask.pk),
            ):
                answer = client.post(reverse(name, args=[pk]), {"kind": "review"})
                assert answer.status_code == status
        assert Ask.objects.get() == ask
        assert "Kestrel" not in main_of(charlie_client.get(ASKED))
        assert "Kestrel" in main_of(viewer_client.get(ASKED))
        assert "Agreed" not in words(main_of(viewer_client.get(ASKED)))

    def test_a_viewer_sees_no_button(
        self, viewer_client: Client, pleased: Customer
    ) -> None:
        page = viewer_client.get(URL)
        assert len(rows(page)) == 2
        assert 'name="note"' not in main_of(page)


def test_nobody_to_ask(ana_client: Client, scored_world: dict[str, Customer]) -> None:
    page = words(main_of(ana_client.get(f"{URL}?for=expansion")))
    assert "Nobody to ask" in page
    assert "Nobody was asked yet" in words(main_of(ana_client.get(ASKED)))


def test_before_the_first_run(ana_client: Client, company: object) -> None:
    world.make_customer()
    assert "No scores yet" in words(main_of(ana_client.get(URL)))
    assert ana_client.get(f"{URL}csv/").status_code == 404


def test_the_number_of_queries_is_fixed(
    ana_client: Client, ana: User, pleased: Customer
) -> None:
    Ask.objects.create(
        customer=pleased, kind="review", asked_at=world.NOW - 100 * DAY, author=ana
    )
    one, asked_one = queries(ana_client, URL), queries(ana_client, ASKED)
    for number in range(2):
        more = world.healthy_customer(f"More {number}", owner=ana)
        Ask.objects.create(customer=more, kind="review", asked_at=world.NOW - 100 * DAY)
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    Board.objects.filter(owner_id=ana.pk).update(
        asks=7, band=3, at_risk=False, late=False
    )
    assert len(rows(ana_client.get(URL))) == 4
    assert queries(ana_client, URL) == one
    assert queries(ana_client, ASKED) == asked_one


def test_pages(
    ana_client: Client, pleased: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Board.objects.all().update(
        asks=7, band=3, at_risk=False, late=False, owner_id=pleased.owner_id,
        score=80, mrr=100,
    )  # fmt: skip
    monkeypatch.setattr("health.selectors.keyset.PAGE_SIZE", 1)
    seen = []
    page = ana_client.get(URL)
    for _ in range(3):
        seen += [row.board.name for row in page.context["rows"]]
        following = page.context["next_url"]
        if following:
            page = ana_client.get(URL + following)
    assert seen == sorted(seen, key=lambda name: Board.objects.get(name=name).pk)
    assert len(seen) == 3
    assert page.context["next_url"] == ""
    back = ana_client.get(URL + page.context["previous_url"])
    assert [row.board.name for row in back.context["rows"]] == [seen[1]]
    first = ana_client.get(URL + back.context["previous_url"])
    assert [row.board.name for row in first.context["rows"]] == [seen[0]]
    assert first.context["previous_url"] == ""
    for nonsense in ("x", "&&", "Znw5fDE", "ZnxuYW58MQ"):
        found = ana_client.get(URL, {"at": nonsense})
        assert [row.board.name for row in found.context["rows"]] == [seen[0]]


def test_those_asked_by_pages(
    ana_client: Client, pleased: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("health.views.healthiest.PAGE_SIZE", 2)
    for days in (0, 0, 1, 400):
        Ask.objects.create(
            customer=pleased, kind="review", asked_at=world.NOW - days * DAY
        )
    newest = ana_client.get(ASKED)
    asks = [line["ask"].pk for line in newest.context["asks"]]
    older = ana_client.get(ASKED + newest.context["next_url"])
    asks += [line["ask"].pk for line in older.context["asks"]]
    assert asks == [ask.pk for ask in Ask.objects.order_by("-asked_at", "-id")[:3]]
    assert older.context["next_url"] == ""
    for nonsense in ("x", "2026-01-01|1", "0001-01-01T00:00:00+00:00|1", "|"):
        found = ana_client.get(ASKED, {"at": nonsense})
        assert [line["ask"].pk for line in found.context["asks"]] == asks[:2]


def test_the_list_as_a_table(ana_client: Client, pleased: Customer) -> None:
    answer = ana_client.get(f"{URL}csv/", {"for": "review"})
    assert answer["Content-Disposition"] == (
        'attachment; filename="review-2026-06-30.csv"'
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [line] = list(csv.DictReader(io.StringIO(text)))
    assert line["customer_id"] == pleased.external_id
    assert line["customer"] == "Kestrel Foods"
    assert line["contact"] == "Mara Ionescu"
    assert (line["score"], line["mrr"], line["currency"]) == ("88.0", "1000.00", "EUR")
    assert line["latest_nps"] == "9"
    assert line["reason_1"]
