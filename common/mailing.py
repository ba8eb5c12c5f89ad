"""Asking for a mail from anywhere, and saying what a kind of mail contains.

A kind is a class; a request names it together with the ids of what it is about. Nothing is
rendered when a mail is asked for: the outbox (the app `mail`) renders when it sends, and
again when somebody looks at it. Apps below `mail` hand their request to Django's mail
backend, which is the outbox; apps above call `mail.services.outbox` directly.

Kinds are named by dotted paths in `settings.MAIL_KINDS`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.mail import EmailMessage
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.errors import KeepwellError


class Category(models.TextChoices):
    """What may stop a mail: people unsubscribe from surveys, or from all but service."""

    SERVICE = "service", _("Service")  # sign-in, invitations, failed payments: always
    SURVEY = "survey", _("Survey")
    NEWS = "news", _("Message to a customer")
    DIGEST = "digest", _("Digest")  # to our own people


class MailIsPointless(KeepwellError):
    """What the mail is about is gone or settled; the text says what. It is dropped."""


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """Makes full addresses for a mail, or hides their tokens from people who look on."""

    base_url: str
    masked: bool = False

    def __call__(self, name: str, *arguments: Any, token: str = "") -> str:
        """This will return the full address of a named page; `token` is its last argument.

        A token is what opens a door, so it is replaced by dots where masked.
        """
        from django.urls import reverse  # noqa: PLC0415 - addresses are known late

        shown = "0-0-masked" if token and self.masked else token
        path = reverse(name, args=[*arguments, *([shown] if shown else [])])
        return self.base_url.rstrip("/") + path


class MailKind(ABC):
    """A kind of mail. `template` names `<template>.html` and `<template>.txt`, which
    extend `mail/base.html` and `mail/base.txt`."""

    key: ClassVar[str]
    label: ClassVar[Any]
    category: ClassVar[Category]
    template: ClassVar[str]
    # Raised when the words change so that old mails would be shown differently.
    version: ClassVar[int] = 1
    # A crash between the server's acceptance and our record leaves a mail "unknown". For
    # most kinds a person decides; kinds that may come twice without harm say so in words.
    in_working_hours: ClassVar[bool] = False

    @abstractmethod
    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read what the mail is about and return the templates' context.

        `data` is what the request carried: ids and plain values. "accent" ("#rrggbb") and
        "company_name" among the facts stand instead of the company's own. Raises
        MailIsPointless when there is nothing left to say (withdrawn, done, the person is
        gone).
        """

    def facts_of(self, message: Any, link: LinkMaker, company: Any) -> dict[str, Any]:
        """This will do the same for a row of the outbox; its contact, customer with owner
        and template version were selected along. Kinds that are sent by the thousand
        override it and read nothing more."""
        del company
        return self.facts(message.data, link)

    @abstractmethod
    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject line in the active language."""


class MailRequest(EmailMessage):
    """A mail asked for by an app below the outbox. `send()` writes a row, nothing more."""

    def __init__(
        self,
        *,
        kind: str,
        data: Mapping[str, Any],
        effect_key: str,
        to: str,
        to_name: str = "",
        language: str = "",
        user_id: int | None = None,
    ) -> None:
        super().__init__(to=[to])
        self.kind, self.data, self.effect_key = kind, dict(data), effect_key
        self.to_name, self.language, self.user_id = to_name, language, user_id
