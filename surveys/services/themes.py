"""Making, changing and settling pain points."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences
from common.errors import KeepwellError
from surveys.calculations.phrases import parts_of
from surveys.enums import ThemeState
from surveys.models import Department, Theme, ThemeNote, ThemePhrase
from surveys.services.theme_links import theme_links_settle
from surveys.services.theming import theme_match_all

SETTLED = (ThemeState.RESOLVED, ThemeState.DECLINED)
# A language and a word or phrase; an empty language is any.
Wording = tuple[str, str]


class UnableToNameTheme(KeepwellError):
    """There is a theme of this name already."""


class UnableToChangeState(KeepwellError):
    """It is not said what was done."""


@transaction.atomic
def theme_create(
    *,
    name: str,
    description: str = "",
    phrases: Collection[Wording] = (),
    by: Actor,
    now: dt.datetime,
) -> Theme:
    """This will make an open theme and put the comments that hold its phrases under it."""
    theme = _saved(Theme(name=name, description=description, created_at=now))
    kept = _phrases_put(theme, phrases)
    audit_record(
        by=by,
        action="surveys.theme_created",
        now=now,
        subject=theme,
        after={"name": name, "phrases": [text for _language, text in kept]},
    )
    if kept:
        theme_match_all(theme=theme, now=now)
    return theme


@transaction.atomic
def theme_change(
    *,
    theme: Theme,
    name: str,
    description: str,
    phrases: Collection[Wording],
    by: Actor,
    now: dt.datetime,
) -> Theme:
    """This will change name, description and phrases; changed phrases search anew."""
    held = _locked(theme)
    before = _values(held)
    held.name, held.description = name, description
    _saved(held)
    _phrases_put(held, phrases)
    after = _values(held)
    changed = differences(before, after)
    if changed:
        _record(held, "surveys.theme_changed", by, now, before, after, changed)
    if "phrases" in changed:
        theme_match_all(theme=held, now=now)
    return held


@transaction.atomic
def theme_state(
    *, theme: Theme, state: str, resolution: str = "", by: Actor, now: dt.datetime
) -> Theme:
    """This will say how far a theme is; resolved needs words about what was done.

    A settled theme's links end. Opened again, its department gets new ones.
    """
    resolution = resolution.strip()
    if state == ThemeState.RESOLVED and not resolution:
        raise UnableToChangeState(_("Say in a sentence what was done."))
    held = _locked(theme)
    if (held.state, held.resolution) == (state, resolution):
        return held
    before = {"state": held.state, "resolution": held.resolution}
    held.state, held.resolution = state, resolution
    held.resolved_at = now if state == ThemeState.RESOLVED else None
    held.save(update_fields=["state", "resolution", "resolved_at"])
    after = {"state": state, "resolution": resolution}
    changed = differences(before, after)
    _record(held, "surveys.theme_state_changed", by, now, before, after, changed)
    theme_links_settle(theme=held, now=now)
    return held


@transaction.atomic
def theme_assign(
    *,
    theme: Theme,
    department: Department | None,
    due_on: dt.date | None,
    by: Actor,
    now: dt.datetime,
) -> Theme:
    """This will give a theme to a department, and each member a link by mail.

    Whoever had it before loses the link.
    """
    held = _locked(theme)
    before = {"department": str(held.department or ""), "due_on": held.due_on}
    held.department, held.due_on = department, due_on
    held.save(update_fields=["department", "due_on"])
    after = {"department": str(department or ""), "due_on": due_on}
    changed = differences(before, after)
    if changed:
        _record(held, "surveys.theme_assigned", by, now, before, after, changed)
    theme_links_settle(theme=held, now=now)
    return held


def theme_note(*, theme: Theme, text: str, by: Actor, now: dt.datetime) -> ThemeNote:
    """This will keep what one of us has to say about a theme."""
    return ThemeNote.objects.create(
        theme=theme, author=by.user, text=text, created_at=now
    )


def _locked(theme: Theme) -> Theme:
    rows = Theme.objects.select_for_update(of=("self",)).select_related("department")
    return rows.get(pk=theme.pk)


def _saved(theme: Theme) -> Theme:
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError:
        raise UnableToNameTheme(_("There is a theme of this name already.")) from None
    return theme


def _values(theme: Theme) -> dict[str, Any]:
    rows = theme.phrases.order_by("language", "phrase", "pk")
    return {
        "name": theme.name,
        "description": theme.description,
        "phrases": [f"{row.language} {row.phrase}".strip() for row in rows],
    }


def _phrases_put(theme: Theme, phrases: Collection[Wording]) -> list[Wording]:
    """This will make a theme's phrases these; what holds no letter is left out."""
    wanted = sorted({(code, text) for code, text in phrases if parts_of(text)})
    known = {(row.language, row.phrase): row for row in theme.phrases.all()}
    gone = [row.pk for key, row in known.items() if key not in wanted]
    ThemePhrase.objects.filter(pk__in=gone).delete()
    ThemePhrase.objects.bulk_create(
        ThemePhrase(theme=theme, language=code, phrase=text)
        for code, text in wanted
        if (code, text) not in known
    )
    return wanted


def _record(
    theme: Theme,
    action: str,
    by: Actor,
    now: dt.datetime,
    before: dict[str, Any],
    after: dict[str, Any],
    changed: list[str],
) -> None:
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=theme,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
