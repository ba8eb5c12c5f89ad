"""What administrators write, version by version."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from mail.models import Template, TemplateVersion

Texts = Mapping[str, Mapping[str, str]]


class UnableToSaveTemplate(KeepwellError):
    """The texts are not such that a mail can be made of them."""


@transaction.atomic
def template_create(
    *, name: str, texts: Texts, by: Actor, now: dt.datetime
) -> Template:
    """This will save a template with its first version.

    `texts` is {language: {"subject": …, "body": …}}, one language at least.
    """
    _check(texts)
    template = Template.objects.create(name=name)
    _version(template, number=1, texts=texts, by=by, now=now)
    audit_record(
        by=by,
        action="mail.template_created",
        now=now,
        subject=template,
        after={"name": name, "version": 1, "texts": texts},
    )
    return template


@transaction.atomic
def template_edit(
    *, template: Template, name: str, texts: Texts, by: Actor, now: dt.datetime
) -> TemplateVersion:
    """This will save other words; words that were sent stay, and a new version begins.

    Returns the newest version, which is the same one when nothing has changed.
    """
    _check(texts)
    row = Template.objects.select_for_update().get(pk=template.pk)
    newest = row.versions.order_by("-number").select_for_update().first()
    number = newest.number if newest else 0
    before = {"name": row.name, "version": number, "texts": newest and newest.texts}
    if newest is None or (newest.texts != texts and newest.frozen_at):
        newest = _version(row, number=number + 1, texts=texts, by=by, now=now)
    elif newest.texts != texts:
        newest.texts, newest.author, newest.created_at = dict(texts), by.user, now
        newest.save(update_fields=["texts", "author", "created_at"])
    row.name = name
    row.save(update_fields=["name"])
    after = {"name": name, "version": newest.number, "texts": newest.texts}
    changed = [part for part in after if before[part] != after[part]]
    if changed:
        audit_record(
            by=by,
            action="mail.template_changed",
            now=now,
            subject=row,
            before={part: before[part] for part in changed},
            after={part: after[part] for part in changed},
        )
    return newest


@transaction.atomic
def template_retire(*, template: Template, by: Actor, now: dt.datetime) -> bool:
    """This will take a template out of use; what was sent with it can still be shown."""
    return _retire(template, to=now, by=by, now=now)


@transaction.atomic
def template_restore(*, template: Template, by: Actor, now: dt.datetime) -> bool:
    """This will bring a retired template back."""
    return _retire(template, to=None, by=by, now=now)


def version_freeze(version: TemplateVersion, *, now: dt.datetime) -> None:
    """This will fix the words for good: a mail with them goes to a customer."""
    TemplateVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now)


def _retire(
    template: Template, *, to: dt.datetime | None, by: Actor, now: dt.datetime
) -> bool:
    others = Template.objects.filter(pk=template.pk, retired_at__isnull=to is not None)
    if not others.update(retired_at=to):
        return False
    audit_record(
        by=by,
        action="mail.template_restored" if to is None else "mail.template_retired",
        now=now,
        subject=template,
    )
    return True


def _version(
    template: Template, *, number: int, texts: Texts, by: Actor, now: dt.datetime
) -> TemplateVersion:
    return TemplateVersion.objects.create(
        template=template,
        number=number,
        texts={code: dict(text) for code, text in texts.items()},
        author=by.user,
        created_at=now,
    )


def _check(texts: Mapping[str, Any]) -> None:
    if not texts or not all(
        text.get("subject") and text.get("body") for text in texts.values()
    ):
        msg = _("Write a subject and a text in one language at least.")
        raise UnableToSaveTemplate(msg)
