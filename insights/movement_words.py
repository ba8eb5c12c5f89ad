"""Lines of the ledger and of the change log in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from billing.enums import (
    ChangeAction,
    ChangeKind,
    MovementKind,
    SubscriptionState,
)
from billing.models import Movement, SubscriptionChange
from common.templatetags import ui
from insights.selectors.revenue_movements import Told

# More lines of one day are counted, not written.
LINES = 3


@dataclass(frozen=True, slots=True)
class What:
    """A line of the log in words, and the page of its subscription (may be empty)."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class MovementLine:
    """A line of the list."""

    movement: Movement
    kind: str
    tone: str
    whats: list[What]
    more: int  # lines of the log that are not written


def movement_lines(told: Sequence[Told]) -> list[MovementLine]:
    """This will put lines of the ledger into words."""
    return [_line(one) for one in told]


def _line(told: Told) -> MovementLine:
    movement = told.movement
    tone = "ok" if movement.amount > 0 else "crit"
    if movement.kind == MovementKind.CONTRACTION:
        tone = "warn"
    return MovementLine(
        movement,
        str(MovementKind(movement.kind).label),
        tone,
        [What(change_words(one), _url(one)) for one in told.changes[:LINES]],
        max(0, len(told.changes) - LINES),
    )


def _url(change: SubscriptionChange) -> str:
    try:
        return reverse("subscription", args=[change.subscription_id])
    except NoReverseMatch:
        return ""


def change_words(change: SubscriptionChange) -> str:
    """This will say what was done, and what the subscription has been since."""
    action = ChangeAction(change.action)
    done = (
        str(ChangeKind(change.kind).label)
        if action is ChangeAction.UNKNOWN
        else str(action.label)
    )
    state = [] if change.kind == ChangeKind.END else _state(change)
    if change.plan is not None:
        state.insert(0, change.plan.name)
    if not state:
        return done
    return _("%(what)s: %(state)s") % {"what": done, "state": ", ".join(state)}


def _state(change: SubscriptionChange) -> list[str]:
    parts = []
    if change.quantity:
        parts.append(
            ngettext("%(number)s seat", "%(number)s seats", change.quantity)
            % {"number": ui.number(change.quantity)}
        )
    if change.discount:
        parts.append(
            _("%(share)s discount") % {"share": ui.percent(float(change.discount))}
        )
    if change.state == SubscriptionState.TRIAL:
        parts.append(pgettext("subscription", "on trial"))
    elif change.state == SubscriptionState.PAUSED:
        parts.append(pgettext("subscription", "paused"))
    return parts
