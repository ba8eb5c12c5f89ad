"""An entry of the audit log in words of the active language."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import CONSOLE, MACHINE
from accounts.audit_words import FIELD_WORDS
from accounts.calculations.browser import browser_short
from accounts.models import AuditDetail, AuditEntry
from accounts.selectors.audit import USER, Reference, names_of, people_erased
from common.templatetags.ui import NOTHING, day_long, moment

# Of details: what has a place of its own on the page.
PLACED = {"actor", "address", "agent", "before", "after", "subject"}
# Of changes: what tells nobody anything.
UNTOLD = {"session_epoch"}
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Change:
    """One field, as it was and as it became."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the log."""

    number: int
    at: dt.datetime
    who: str
    what: str
    about: str
    # What to ask the page for, to see all about the same thing.
    about_key: str
    changes: list[Change]
    address: str
    browser: str
    # Who, about whom and from where were erased.
    erased: bool


@cache
def action_words() -> dict[str, Any]:
    """This will gather what each app says of its actions (settings.AUDIT_WORDS)."""
    return {
        action: words
        for path in settings.AUDIT_WORDS
        for action, words in import_string(path).items()
    }


def action_label(action: str) -> str:
    """This will say an action; one that nobody put into words says its own name."""
    words = action_words().get(action)
    return str(words) if words else action.rpartition(".")[2].replace("_", " ")


def log_rows(entries: Sequence[AuditEntry]) -> list[LogRow]:
    """This will put entries into words. A query for erasures, and one for each table."""
    teller = Teller(entries)
    return [teller.row(entry) for entry in entries]


class Teller:
    """Knows the names that some entries need."""

    def __init__(self, entries: Sequence[AuditEntry]) -> None:
        self.erased = people_erased()
        self.names = names_of({ref for entry in entries for ref in references(entry)})

    def row(self, entry: AuditEntry) -> LogRow:
        """This will put an entry into words."""
        detail = detail_of(entry)
        data = detail.data if detail else {}
        agent = data.get("agent", "")
        known = agent not in {CONSOLE.agent, MACHINE.agent}
        return LogRow(
            number=entry.number,
            at=entry.at,
            who=self.who(entry, data),
            what=action_label(entry.action),
            about=self.about(entry, data),
            about_key=f"{entry.subject_type}:{entry.subject_id}"
            if entry.subject_type
            else "",
            changes=list(self.changes(entry, data)),
            address=data.get("address", ""),
            browser=browser_short(agent) if known else "",
            erased=detail is None,
        )

    def who(self, entry: AuditEntry, data: Mapping[str, Any]) -> str:
        if entry.actor_id is not None:
            name = part(data, "actor").get("name")
            return self.person(str(entry.actor_id), name)
        return {
            MACHINE.agent: _("Keepwell itself"),
            CONSOLE.agent: _("Somebody at the console"),
            None: _("Not known any more"),
        }.get(data.get("agent"), _("Somebody not signed in"))

    def person(self, key: str, name: Any = None) -> str:
        """This will name a person as they were called then, else as now."""
        if key in self.erased:
            return _("A person who was erased")
        return str(name or self.names.get((USER, key)) or _("A person who is gone"))

    def about(self, entry: AuditEntry, data: Mapping[str, Any]) -> str:
        own = (USER, str(entry.actor_id)) == (entry.subject_type, entry.subject_id)
        if not entry.subject_type or own:
            return ""
        subject = part(data, "subject")
        told = subject.get("name") or subject.get("email")
        if entry.subject_type == USER:
            return self.person(entry.subject_id, told)
        found = told or self.names.get((entry.subject_type, entry.subject_id))
        return str(found or f"{kind_label(entry.subject_type)} {entry.subject_id}")

    def changes(self, entry: AuditEntry, data: Mapping[str, Any]) -> Iterator[Change]:
        """This will yield what changed, personal values included while they are there."""
        before = {**mapping(entry.before), **part(data, "before")}
        after = {**mapping(entry.after), **part(data, "after")}
        after |= {key: data[key] for key in data if key not in PLACED}
        for key in (key for key in {**before, **after} if key not in UNTOLD):
            field = field_of(entry.subject_type, key)
            yield Change(
                label=field_label(field, key),
                before=self.value(field, before[key]) if key in before else "",
                after=self.value(field, after[key]) if key in after else "",
            )

    def value(self, field: Any, value: Any) -> str:
        """This will write a stored value as its field would."""
        if value is None or value in ("", [], {}):
            return NOTHING
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, list):
            each = getattr(field, "base_field", field)
            shown = [self.value(each, one) for one in value[:SHOWN]]
            if len(value) > SHOWN:
                more = len(value) - SHOWN
                words = ngettext("and %(n)s more", "and %(n)s more", more)
                shown.append(words % {"n": more})
            return ", ".join(shown)
        if isinstance(value, Mapping):
            return ", ".join(f"{k}: {self.value(None, v)}" for k, v in value.items())
        if isinstance(field, models.ForeignKey):
            key = str(value)
            label = _target(field)
            return (
                self.person(key) if label == USER else self.names.get((label, key), key)
            )
        return plain_value(field, value)


def plain_value(field: Any, value: Any) -> str:
    """This will write text, a number, a choice or a time."""
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(field, models.DateTimeField):
        found = parse_datetime(str(value))
        return moment(found) if found else str(value)
    if isinstance(field, models.DateField):
        found_day = parse_date(str(value))
        return day_long(found_day) if found_day else str(value)
    return str(value)


def references(entry: AuditEntry) -> Iterator[Reference]:
    """This will yield the rows whose names an entry needs."""
    if entry.actor_id is not None:
        yield USER, str(entry.actor_id)
    if entry.subject_type:
        yield entry.subject_type, entry.subject_id
    for values in (mapping(entry.before), mapping(entry.after)):
        for key, value in values.items():
            field = field_of(entry.subject_type, key)
            if isinstance(field, models.ForeignKey) and isinstance(value, int | str):
                yield _target(field), str(value)


def _target(field: Any) -> str:
    return str(field.related_model._meta.label_lower)


def detail_of(entry: AuditEntry) -> AuditDetail | None:
    """This will return the personal details of an entry unless they were erased."""
    try:
        return entry.detail
    except AuditDetail.DoesNotExist:
        return None


def field_of(label: str, key: str) -> Any:
    """This will find the model's field of a changed value, also by its column."""
    try:
        return apps.get_model(label)._meta.get_field(key.removesuffix("_id"))
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


def field_label(field: Any, key: str) -> str:
    """This will name a field as its form does."""
    if key in FIELD_WORDS:
        return str(FIELD_WORDS[key])
    name = getattr(field, "verbose_name", None)
    return str(name or key.replace("_", " "))


def kind_label(label: str) -> str:
    """This will name a kind of thing."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return label


def part(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return mapping(data.get(key))


def mapping(value: Any) -> Mapping[str, Any]:
    """This will return what is a mapping; a log that was tampered with still shows."""
    return value if isinstance(value, Mapping) else {}
