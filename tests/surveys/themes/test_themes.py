"""Making and settling themes, with the audit log."""

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, User
from surveys.audit_words import AUDIT_WORDS
from surveys.models import Theme
from surveys.services.themes import (
    UnableToChangeState,
    UnableToNameTheme,
    theme_change,
    theme_note,
    theme_state,
)
from tests import world
from tests.surveys.themes.people import BY, a_department, a_theme, assigned

pytestmark = pytest.mark.django_db


def log() -> list[tuple[str, dict[str, object], dict[str, object]]]:
    rows = AuditEntry.objects.order_by("number")
    return [(row.action, row.before, row.after) for row in rows]


def test_everything_is_in_the_log_in_words() -> None:
    theme = a_theme("Export", "export*", "export*", "!!")
    theme_change(
        theme=theme, name="Exports", description="All of them",
        phrases=[("de", "export*")], by=BY, now=world.NOW,
    )  # fmt: skip
    theme_change(
        theme=theme, name="Exports", description="All of them",
        phrases=[("de", "export*")], by=BY, now=world.NOW,
    )  # fmt: skip
    assigned(theme, a_department(), due_on=world.TODAY)
    theme_state(theme=theme, state="doing", by=BY, now=world.NOW)
    theme_state(theme=theme, state="doing", by=BY, now=world.NOW)
    assert log() == [
        ("surveys.theme_created", {}, {"name": "Export", "phrases": ["export*"]}),
        (
            "surveys.theme_changed",
            {"name": "Export", "description": "", "phrases": ["export*"]},
            {
                "name": "Exports",
                "description": "All of them",
                "phrases": ["de export*"],
            },
        ),
        (
            "surveys.theme_assigned",
            {"department": "", "due_on": None},
            {"department": "Product", "due_on": "2026-06-30"},
        ),
        ("surveys.theme_state_changed", {"state": "open"}, {"state": "doing"}),
    ]
    assert {action for action, _before, _after in log()} <= set(AUDIT_WORDS)


def test_a_name_is_taken_once() -> None:
    a_theme("Export")
    other = a_theme("Other")
    with pytest.raises(UnableToNameTheme):
        a_theme("Export")
    with pytest.raises(UnableToNameTheme):
        theme_change(
            theme=other, name="Export", description="", phrases=[], by=BY, now=world.NOW
        )
    assert sorted(Theme.objects.values_list("name", flat=True)) == ["Export", "Other"]


def test_resolved_needs_words() -> None:
    theme = a_theme("Export")
    for resolution in ("", "  \n"):
        with pytest.raises(UnableToChangeState):
            theme_state(
                theme=theme, state="resolved", resolution=resolution, by=BY,
                now=world.NOW,
            )  # fmt: skip
    held = theme_state(
        theme=theme, state="resolved", resolution=" Fixed. ", by=BY, now=world.NOW
    )
    assert (held.state, held.resolution, held.resolved_at) == (
        "resolved", "Fixed.", world.NOW,
    )  # fmt: skip
    held = theme_state(theme=theme, state="open", by=BY, now=world.NOW)
    assert (held.resolution, held.resolved_at) == ("", None)


def test_a_note_has_an_author(ana: User) -> None:
    note = theme_note(
        theme=a_theme(), text="Looked.", by=Actor(user=ana), now=world.NOW
    )
    assert (note.author, note.member, note.text, note.done) == (
        ana, None, "Looked.", False,
    )  # fmt: skip
