"""Which wording is asked, and which ones were."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from surveys.calculations.content import Content, content_read
from surveys.calculations.parts import changes
from surveys.enums import InvitationState
from surveys.models import Invitation, Response, Survey, SurveyVersion


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version, who was asked with it, and what differs from the one before by language."""

    version: SurveyVersion
    asked: int
    answers: int
    changes: dict[str, list[str]]


def version_newest(survey: Survey) -> SurveyVersion:
    """This will return the version that is asked from now on. One query."""
    return survey.versions.order_by("-number")[0]


def version_lines(survey: Survey) -> list[VersionLine]:
    """This will list a survey's versions, the newest first. One query."""
    asked = Invitation.objects.filter(version=OuterRef("pk"))
    mailed = asked.exclude(state=InvitationState.DROPPED).order_by()
    answered = Response.objects.filter(version=OuterRef("pk")).order_by()
    rows = survey.versions.annotate(
        asked=_counted(mailed), answers=_counted(answered)
    ).order_by("number")
    return list(_lines(rows))[::-1]


def _lines(rows: Iterable[Any]) -> Iterator[VersionLine]:
    before: Content | None = None
    for row in rows:
        content = content_read(row.content)
        different = changes(before, content) if before else {}
        yield VersionLine(row, row.asked, row.answers, different)
        before = content


def _counted(rows: QuerySet[Any, Any]) -> Coalesce:
    counts = rows.values("version").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)
