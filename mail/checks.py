"""Proof at start that every kind of mail is there and has its templates."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.module_loading import import_string

from common.mailing import MailKind


def check_mail_kinds(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """This will resolve MAIL_KINDS, their keys and their templates."""
    del app_configs, kwargs
    found: list[CheckMessage] = []
    keys: set[str] = set()
    for path in settings.MAIL_KINDS:
        try:
            kind = import_string(path)
        except ImportError as error:
            text = f"MAIL_KINDS names {path}, which cannot be imported: {error}"
            found.append(Error(text, id="mail.E001"))
            continue
        found += [Error(text, id="mail.E002") for text in _faults(path, kind)]
        key = getattr(kind, "key", "")
        if key in keys:
            text = f"{path} uses the key {key!r}, which another kind has."
            found.append(Error(text, id="mail.E003"))
        keys.add(key)
    return found


def _faults(path: str, kind: Any) -> Iterator[str]:
    if not (isinstance(kind, type) and issubclass(kind, MailKind)):
        yield f"{path} is not a MailKind."
        return
    for ending in ("html", "txt"):
        name = f"{kind.template}.{ending}"
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield f"{path} has no template {name}."
