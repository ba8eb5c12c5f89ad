"""Comments come under themes by their words; what a person says stays."""

import pytest

from customers.models import Customer
from surveys.models import Feedback, Mention, Response, ThemePhrase, ThemeSearch
from surveys.services import searching
from surveys.services.mentions import mention_add, mention_remove, mention_restore
from surveys.services.searching import search_work, searches_wake
from surveys.services.themes import theme_change
from surveys.services.theming import (
    comment_theme,
    comments_theme_all,
    theme_match_all,
)
from tests import world
from tests.surveys.themes.people import BY, a_theme, said, under

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer() -> Customer:
    return world.make_customer("Brightwater")


def test_a_comment_comes_under_every_theme_it_speaks_of(customer: Customer) -> None:
    export, slow = a_theme("Export", "export*"), a_theme("Slow", "slow")
    a_theme("Price", "price")
    answer = said(customer, "Exports are slow")
    comment_theme(comment=answer, now=world.NOW)
    comment_theme(comment=answer, now=world.NOW)
    assert (under(export), under(slow)) == (["Exports are slow"], ["Exports are slow"])
    assert Mention.objects.count() == 2
    mention = Mention.objects.filter(theme=export).get()
    assert (mention.customer, mention.said_at, mention.origin) == (
        customer, answer.responded_at, "rule",
    )  # fmt: skip


def test_feedback_too_in_its_language(customer: Customer) -> None:
    theme = a_theme("Rest")
    ThemePhrase.objects.create(theme=theme, language="de", phrase="rest")
    contact = world.person(customer, language="de")
    for text, fields in (
        ("rest german", {"language": "de-AT"}),
        ("rest english", {"language": "en", "contact": contact}),
        ("rest of a german contact", {"contact": contact}),
    ):
        comment_theme(comment=world.say(customer, text, **fields), now=world.NOW)
    assert sorted(under(theme)) == ["rest german", "rest of a german contact"]


def test_a_changed_comment_leaves_what_no_longer_holds(customer: Customer) -> None:
    export, slow = a_theme("Export", "export"), a_theme("Slow", "slow")
    by_hand, out = a_theme("By hand"), a_theme("Out", "slow")
    answer = said(customer, "export slow")
    comment_theme(comment=answer, now=world.NOW)
    mention_add(theme=by_hand, comment=answer, by=BY, now=world.NOW)
    mention_remove(mention=Mention.objects.get(theme=out), by=BY, now=world.NOW)
    Response.objects.filter(pk=answer.pk).update(comment="slow only")
    answer.refresh_from_db()
    comment_theme(comment=answer, now=world.NOW)
    assert (under(export), under(slow)) == ([], ["slow only"])
    assert (under(by_hand), under(out)) == (["slow only"], [])
    assert Mention.objects.filter(theme=out, removed=True).count() == 1


def test_what_a_person_took_out_can_come_back(customer: Customer) -> None:
    theme = a_theme("Export", "export")
    answer = said(customer, "export")
    comment_theme(comment=answer, now=world.NOW)
    mention = Mention.objects.get()
    assert mention_remove(mention=mention, by=BY, now=world.NOW)
    assert not mention_remove(mention=mention, by=BY, now=world.NOW)
    comment_theme(comment=answer, now=world.NOW)
    assert under(theme) == []
    assert mention_restore(mention=mention, by=BY, now=world.NOW)
    assert not mention_restore(mention=mention, by=BY, now=world.NOW)
    assert under(theme) == ["export"]
    mention_remove(mention=mention, by=BY, now=world.NOW)
    mention_add(theme=theme, comment=answer, by=BY, now=world.NOW)
    assert Mention.objects.get().origin == "person"
    assert under(theme) == ["export"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> export", "\u202eexport\u202c", "é" * 900_000 + " export"]
)  # fmt: skip
def test_hostile_comments(customer: Customer, text: str) -> None:
    theme = a_theme("Export", "export")
    comment_theme(comment=world.say(customer, text), now=world.NOW)
    assert under(theme) == [text]


def test_changed_phrases_search_again(customer: Customer) -> None:
    for text in ("export fails", "import fails", "nothing"):
        said(customer, text)
    world.say(customer, "export by call")
    said(customer, "")
    theme = a_theme("Export", "export")
    assert under(theme) == ["export fails", "export by call"]
    theme_change(
        theme=theme, name="Import", description="", phrases=[("", "import")], by=BY,
        now=world.NOW,
    )  # fmt: skip
    assert under(theme) == ["import fails"]
    search = ThemeSearch.objects.latest("pk")
    assert (search.done, search.total) == (4, 4)
    assert search.finished_at == world.NOW


def test_an_import_is_looked_through_for_all_themes(customer: Customer) -> None:
    export, slow = a_theme("Export", "export"), a_theme("Slow", "slow")
    said(customer, "export slow")
    comments_theme_all(now=world.NOW)
    comments_theme_all(now=world.NOW)
    assert under(export) == under(slow) == ["export slow"]
    assert Mention.objects.count() == 2


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many comments, in small slices."""
    monkeypatch.setattr(searching, "AT_ONCE", 2)
    monkeypatch.setattr(searching, "SLICE", 2)
    monkeypatch.setattr(searching, "SLICES_PER_JOB", 2)


def ten(customer: Customer) -> None:
    for number in range(5):
        said(customer, f"export {number}")
        world.say(customer, f"export said {number}")


@pytest.mark.usefixtures("in_slices")
def test_many_are_the_workers_who_goes_on_where_it_stopped(customer: Customer) -> None:
    ten(customer)
    theme = a_theme("Export", "export")
    search = ThemeSearch.objects.get()
    assert (under(theme), search.total, search.done) == ([], 10, 0)
    assert searches_wake() == 1
    done = []
    for _ in range(6):
        search_work(search_id=search.pk, now=world.NOW)
        search.refresh_from_db()
        done.append((search.done, search.finished_at is not None))
    assert done == [(4, False), (7, False), (10, False), *[(10, True)] * 3]
    assert len(under(theme)) == 10
    assert searches_wake() == 0


@pytest.mark.usefixtures("in_slices")
def test_a_second_worker_waits_and_a_dead_one_is_followed(customer: Customer) -> None:
    ten(customer)
    theme = a_theme("Export", "export")
    search = ThemeSearch.objects.get()
    ThemeSearch.objects.update(
        claim="12345678123456781234567812345678", lease_until="2999-01-01T00:00Z"
    )
    search_work(search_id=search.pk, now=world.NOW)
    assert (under(theme), searches_wake()) == ([], 0)
    ThemeSearch.objects.update(lease_until="2001-01-01T00:00Z")
    assert searches_wake() == 1
    search_work(search_id=search.pk, now=world.NOW)
    assert len(under(theme)) == 4


@pytest.mark.usefixtures("in_slices")
def test_changing_phrases_in_the_middle_starts_anew(customer: Customer) -> None:
    ten(customer)
    theme = a_theme("Export", "export")
    search = ThemeSearch.objects.get()
    search_work(search_id=search.pk, now=world.NOW)
    theme_match_all(theme=theme, now=world.NOW)
    assert ThemeSearch.objects.get().pk == search.pk
    search.refresh_from_db()
    assert (search.done, search.after_response, search.claim) == (0, 0, None)
    assert Feedback.objects.count() == 5
