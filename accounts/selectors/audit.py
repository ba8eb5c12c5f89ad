"""The audit log as people read it: filtered, newest first, a page at a time."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.calculations.verdict import ERASED
from accounts.models import AuditEntry, AuditHead, User

PAGE = 50
CHUNK = 1000
USER = User._meta.label_lower
# A row of any table: the model's label and the key as text.
Reference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the log somebody wants to see; everything unless told."""

    actor_id: int | None = None
    nobody: bool = False
    action: str = ""
    subject: Reference | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def rows(self) -> "QuerySet[AuditEntry]":
        """This will narrow the log, newest first."""
        rows = AuditEntry.objects.select_related("detail").order_by("-number")
        if self.nobody:
            rows = rows.filter(actor_id=None)
        if self.actor_id is not None:
            rows = rows.filter(actor_id=self.actor_id)
        if self.action:
            rows = rows.filter(action=self.action)
        if self.subject:
            kind, key = self.subject
            rows = rows.filter(subject_type=kind, subject_id=key)
        if self.since:
            rows = rows.filter(at__gte=self.since)
        if self.until:
            rows = rows.filter(at__lt=self.until)
        return rows


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some entries, newest first, and from where the neighbouring pages go on."""

    entries: list[AuditEntry]
    newer: int | None
    older: int | None


def audit_page(
    wanted: Wanted, *, below: int | None = None, above: int | None = None
) -> LogPage:
    """This will read the entries below a number, or the nearest above one. One query."""
    rows = wanted.rows()
    if above is not None:
        found = list(rows.filter(number__gt=above).order_by("number")[: PAGE + 1])
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        if not shown:
            return LogPage([], None, above + 1)
        return LogPage(shown, shown[0].number if more else None, shown[-1].number)
    if below is not None:
        rows = rows.filter(number__lt=below)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    if not shown:
        return LogPage([], None if below is None else below - 1, None)
    newer = None if below is None else shown[0].number
    return LogPage(shown, newer, shown[-1].number if len(found) > PAGE else None)


def audit_chunks(wanted: Wanted) -> Iterator[list[AuditEntry]]:
    """This will read all of it in pieces, each a statement of its own."""
    below: int | None = None
    while True:
        rows = wanted.rows()
        if below is not None:
            rows = rows.filter(number__lt=below)
        piece = list(rows[:CHUNK])
        if not piece:
            return
        yield piece
        below = piece[-1].number


def people_erased() -> set[str]:
    """This will return the keys of people whose details were erased from the log."""
    erasures = AuditEntry.objects.filter(action=ERASED, subject_type=USER)
    return set(erasures.values_list("subject_id", flat=True))


def names_of(references: Iterable[Reference]) -> Mapping[Reference, str]:
    """This will name rows of any tables. One query for each table that is named."""
    asked: dict[str, set[str]] = {}
    for label, key in references:
        asked.setdefault(label, set()).add(key)
    names = {}
    for label, keys in asked.items():
        try:
            model: Any = apps.get_model(label)
        except (LookupError, ValueError):
            continue
        sound = list(filter(None, (_key(model, key) for key in keys)))
        for row in model._base_manager.filter(pk__in=sound):  # noqa: SLF001 - whoever may read the log sees all
            names[label, str(row.pk)] = str(row)
    return names


def _key(model: Any, text: str) -> Any:
    try:
        return model._meta.pk.to_python(text)
    except ValidationError:
        return None


def audit_actors() -> list[User]:
    """This will return everybody who may stand in the log, by name."""
    return list(User.objects.only("name", "email").order_by("name", "pk"))


def last_verification() -> AuditEntry | None:
    """This will return the entry of the newest verification."""
    found = AuditEntry.objects.filter(Q(action="audit.verified"))
    return found.order_by("-number").first()


def audit_length() -> int:
    """This will say how many entries the log has, by its head."""
    head = AuditHead.objects.filter(id=1).first()
    return head.entries if head else 0
