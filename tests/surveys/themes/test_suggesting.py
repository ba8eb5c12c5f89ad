"""Groups are found in a worker, and a person decides what they are."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from customers.models import Customer
from surveys.models import Mention, Suggestion, SuggestionRun, Theme
from surveys.services import suggesting
from surveys.services.suggesting import (
    suggestion_accept,
    suggestion_dismiss,
    suggestion_join,
    suggestion_restore,
    suggestions_start,
    suggestions_sweep,
    suggestions_work,
)
from surveys.services.theming import comment_theme
from tests import world
from tests.surveys.themes.people import BY, a_theme, said, under

pytestmark = pytest.mark.django_db
EXPORTS = ["The export breaks", "Exports fail again", "I cannot export anything"]
INVOICES = ["Rechnung war falsch", "Rechnungen zu spät", "Keine Rechnung erhalten"]


@pytest.fixture
def customer() -> Customer:
    made = world.make_customer("Brightwater")
    contact = world.person(made, language="de")
    for text in EXPORTS:
        said(made, text, language="en")
    for text in INVOICES[:2]:
        said(made, text, contact=contact)
    world.say(made, INVOICES[2], language="de")
    return made


def worked() -> SuggestionRun:
    run = suggestions_start(by=BY, now=world.NOW)
    suggestions_work(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_groups_by_language(customer: Customer) -> None:
    run = worked()
    assert (run.state, run.comments, run.done, run.claim) == ("done", 6, 6, None)
    german, english = run.suggestions.order_by("position")
    assert (german.language, len(german.responses), len(german.feedback)) == (
        "de",
        2,
        1,
    )
    assert (english.language, len(english.responses), english.feedback) == ("en", 3, [])
    assert (german.words[0], english.words[0]) == ("rechnung", "export")
    assert (german.phrases[0], english.phrases[0]) == ("rechnung*", "export*")


def test_what_is_under_a_theme_is_left_out(customer: Customer) -> None:
    a_theme("Export", "export*")
    assert worked().comments == 3
    Mention.objects.update(removed=True)
    assert worked().comments == 6


def test_a_theme_is_made_of_one(customer: Customer) -> None:
    suggestion = worked().suggestions.get(language="en")
    theme = suggestion_accept(
        suggestion=suggestion, name="Export", phrases=[("en", "export*")], by=BY,
        now=world.NOW,
    )  # fmt: skip
    assert sorted(under(theme)) == sorted(EXPORTS)
    assert set(Mention.objects.values_list("origin", flat=True)) == {"person"}
    later = said(customer, "export again", language="en")
    comment_theme(comment=later, now=world.NOW)
    assert len(under(theme)) == 4
    suggestion.refresh_from_db()
    assert suggestion.theme == theme
    actions = list(
        AuditEntry.objects.order_by("number").values_list("action", flat=True)
    )
    assert actions == [
        "surveys.suggestions_started", "surveys.theme_created",
        "surveys.mentions_added",
    ]  # fmt: skip


def test_or_joins_one_that_there_is_even_what_was_taken_out(customer: Customer) -> None:
    theme = a_theme("Export", "cannot")
    suggestion = worked().suggestions.get(language="de")
    assert (
        suggestion_join(suggestion=suggestion, theme=theme, by=BY, now=world.NOW) == 3
    )
    assert (
        suggestion_join(suggestion=suggestion, theme=theme, by=BY, now=world.NOW) == 3
    )
    assert len(under(theme)) == 4


def test_what_was_put_aside_is_not_suggested_again(customer: Customer) -> None:
    suggestion = worked().suggestions.get(language="en")
    suggestion_dismiss(suggestion=suggestion, now=world.NOW)
    assert [one.language for one in worked().suggestions.all()] == ["de"]
    suggestion_restore(suggestion=suggestion)
    assert worked().suggestions.count() == 2


def test_an_erased_comment_is_missed_by_nobody(customer: Customer) -> None:
    suggestion = worked().suggestions.get(language="en")
    customer.delete()
    theme = a_theme("Export")
    assert (
        suggestion_join(suggestion=suggestion, theme=theme, by=BY, now=world.NOW) == 0
    )


# --- Workers that die, messages that are lost -----------------------------------------


def test_one_at_a_time(customer: Customer) -> None:
    first = suggestions_start(by=BY, now=world.NOW)
    assert suggestions_start(by=BY, now=world.NOW) == first
    suggestions_work(run_id=first.pk)
    suggestions_work(run_id=first.pk)
    assert Suggestion.objects.count() == 2
    assert suggestions_start(by=BY, now=world.NOW) != first


def test_a_second_worker_does_nothing(customer: Customer) -> None:
    run = suggestions_start(by=BY, now=world.NOW)
    SuggestionRun.objects.update(
        claim="12345678123456781234567812345678", lease_until="2999-01-01T00:00Z"
    )
    suggestions_work(run_id=run.pk)
    suggestions_sweep(now=world.NOW)
    run.refresh_from_db()
    assert (run.state, Suggestion.objects.count()) == ("running", 0)


def test_a_run_whose_worker_died_fails_with_a_reason(customer: Customer) -> None:
    run = suggestions_start(by=BY, now=world.NOW)
    SuggestionRun.objects.update(
        claim="12345678123456781234567812345678", lease_until="2001-01-01T00:00Z"
    )
    suggestions_sweep(now=world.NOW)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", suggesting.DIED)
    assert worked().state == "done"


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = suggestions_start(by=BY, now=world.NOW)
    found = suggesting.groups_of

    def slow(texts: list[str], language: str) -> object:
        SuggestionRun.objects.update(lease_until="2001-01-01T00:00Z")
        suggestions_sweep(now=world.NOW)
        return found(texts, language)

    monkeypatch.setattr(suggesting, "groups_of", slow)
    suggestions_work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, Suggestion.objects.count()) == ("failed", 0)


def test_an_error_is_told(customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    run = suggestions_start(by=BY, now=world.NOW)

    def broken(texts: list[str], language: str) -> object:
        msg = f"{language}: {len(texts)}"
        raise ValueError(msg)

    monkeypatch.setattr(suggesting, "groups_of", broken)
    suggestions_work(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.reason) == ("failed", "ValueError: de: 3")


def test_a_lost_wake_up_is_sent_again(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = suggestions_start(by=BY, now=world.NOW)
    woken: list[int] = []
    monkeypatch.setattr(
        suggesting, "enqueue", lambda name, *, run_id: woken.append(run_id)
    )
    for seconds in (30, 90, 150):
        suggestions_sweep(now=world.NOW + dt.timedelta(seconds=seconds))
    assert woken == [run.pk, run.pk]
    assert Theme.objects.count() == 0
