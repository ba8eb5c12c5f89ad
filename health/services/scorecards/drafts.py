"""The draft of a scorecard: begun, edited by several people, thrown away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from health.calculations.scorecard_changes import Change, config_changes
from health.calculations.scorecard_checks import config_problems
from health.calculations.scorecard_problems import Problem
from health.models import Scorecard, ScorecardVersion
from health.scorecard_words import known_measures
from health.selectors.scorecards import default_live, draft_of, version_live
from health.services.scorecards.locking import scorecard_in_use

Config = dict[str, Any]


class UnableToSaveUnseenDraft(KeepwellError):
    """Somebody else has saved, published or discarded the draft since it was shown."""


class UnableToSaveDraft(KeepwellError):
    """The content is not sound; `problems` says all that is wrong."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("The draft has errors. Put them right and save again."))
        self.problems = problems


class UnableToRestoreDraft(KeepwellError):
    """There is another draft by now."""


def draft_seen(draft: ScorecardVersion | None) -> str:
    """This will return what stands for a draft as it was shown, "" for none."""
    return f"{draft.pk}.{draft.revision}" if draft else ""


def config_checked(config: Config) -> Config:
    """This will refuse a content that could not be scored with."""
    problems = config_problems(config, known_measures())
    if problems:
        raise UnableToSaveDraft(problems)
    return config


def draft_create(
    *,
    scorecard: Scorecard,
    config: Config,
    by: Actor,
    now: dt.datetime,
    based_on: ScorecardVersion | None = None,
    note: str = "",
) -> ScorecardVersion:
    """This will write down the draft of a held scorecard that has none."""
    newest = scorecard.versions.order_by("-number").first()
    draft = ScorecardVersion.objects.create(
        scorecard=scorecard,
        number=newest.number + 1 if newest else 1,
        config=config,
        note=note,
        based_on=based_on,
        author=by.user,
        updated_at=now,
    )
    audit_record(
        by=by,
        action="health.draft_started",
        now=now,
        subject=scorecard,
        after={"version": draft.number},
    )
    return draft


@transaction.atomic
def draft_start(
    *, scorecard: Scorecard, by: Actor, now: dt.datetime
) -> ScorecardVersion:
    """This will return the draft; without one it begins as a copy of what is in use."""
    row = scorecard_in_use(scorecard)
    return draft_of(row) or _begin(row, by, now)


def _begin(row: Scorecard, by: Actor, now: dt.datetime) -> ScorecardVersion:
    # A scorecard that was never published begins as the default one is.
    live = version_live(row) or default_live()
    if live is None:
        msg = _("There is no default scorecard yet. Make it first.")
        raise UnableToSaveUnseenDraft(msg)
    return draft_create(
        scorecard=row, config=live.config, by=by, now=now, based_on=live
    )


@transaction.atomic
def draft_save(
    *, scorecard: Scorecard, config: Config, seen: str, by: Actor, now: dt.datetime
) -> bool:
    """This will save the draft's content and say whether it changed.

    `seen` is `draft_seen` of the draft as it was shown; seen "" begins a draft where
    there is none. Raises UnableToSaveUnseenDraft and UnableToSaveDraft, and saves
    nothing then.
    """
    row = scorecard_in_use(scorecard)
    draft = draft_of(row)
    if seen != draft_seen(draft):
        msg = _("Somebody else has changed this draft meanwhile.")
        raise UnableToSaveUnseenDraft(msg)
    config_checked(config)
    draft = draft or _begin(row, by, now)
    changes = config_changes(draft.config, config)
    if not changes:
        return False
    draft.config, draft.author, draft.updated_at = config, by.user, now
    draft.revision += 1
    draft.save(update_fields=["config", "author", "updated_at", "revision"])
    audit_record(
        by=by,
        action="health.draft_changed",
        now=now,
        subject=row,
        before=_told(changes, "before"),
        after=_told(changes, "after"),
    )
    return True


def _told(changes: list[Change], side: str) -> dict[str, Any]:
    return {
        f"{change.key} {change.what}".strip(): getattr(change, side)
        for change in changes
    }


@transaction.atomic
def draft_discard(
    *, scorecard: Scorecard, by: Actor, now: dt.datetime
) -> dict[str, Any] | None:
    """This will delete the draft and return what brings it back, None without a draft."""
    row = scorecard_in_use(scorecard)
    draft = draft_of(row)
    if draft is None:
        return None
    kept = {
        "scorecard": row.pk,
        "config": draft.config,
        "note": draft.note,
        "based_on": draft.based_on_id,
    }
    audit_record(
        by=by,
        action="health.draft_discarded",
        now=now,
        subject=row,
        before={"version": draft.number},
    )
    draft.delete()
    return kept


@transaction.atomic
def draft_restore(
    *, kept: Mapping[str, Any], by: Actor, now: dt.datetime
) -> ScorecardVersion:
    """This will bring a discarded draft back, unless somebody began another one."""
    row = scorecard_in_use(Scorecard(pk=kept["scorecard"]))
    if draft_of(row):
        msg = _("Somebody has begun another draft. Export it or discard it first.")
        raise UnableToRestoreDraft(msg)
    return draft_create(
        scorecard=row,
        config=kept["config"],
        by=by,
        now=now,
        based_on=ScorecardVersion.objects.filter(pk=kept["based_on"]).first(),
        note=kept["note"],
    )
