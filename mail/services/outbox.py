"""Asking for mail. Nothing is rendered and nothing is sent here: a row is written."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.selectors import company as the_company
from customers.models import Contact, Customer
from mail.calculations.addresses import address_flaw, address_normal
from mail.enums import MessageState, Reason
from mail.kinds import kind_named
from mail.models import OutboxMessage, Sender, TemplateVersion
from mail.services.waking import outbox_wake

# What stands after the @ of a Message-ID as long as nobody has told us our name.
NO_NAME = "keepwell.invalid"
ROWS_AT_ONCE = 1000
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail to be asked for; `message_queue` tells what the parts mean."""

    kind: str
    to_email: str
    data: Mapping[str, Any]
    effect_key: str
    to_name: str = ""
    language: str = ""
    contact: Contact | None = None
    customer: Customer | None = None
    user_id: int | None = None
    author: User | None = None
    sender: Sender | None = None
    template_version: TemplateVersion | None = None
    due_at: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    in_working_hours: bool | None = None
    in_reply_to: str = ""


def message_queue(
    *,
    kind: str,
    to_email: str,
    data: Mapping[str, Any],
    effect_key: str,
    now: dt.datetime,
    to_name: str = "",
    language: str = "",
    contact: Contact | None = None,
    customer: Customer | None = None,
    user_id: int | None = None,
    author: User | None = None,
    sender: Sender | None = None,
    template_version: TemplateVersion | None = None,
    due_at: dt.datetime | None = None,
    expires_at: dt.datetime | None = None,
    in_working_hours: bool | None = None,
    in_reply_to: str = "",
) -> OutboxMessage | None:
    """This will ask for one mail; None when the same effect was asked for before.

    `kind` is a kind's key and `data` the ids it needs. `language` is the contact's where
    none is given, the customer is the contact's, and `in_working_hours` is what the kind
    says. Call it in the transaction of what the mail is about: either both are kept or
    neither.
    """
    made = messages_queue(
        [
            Draft(
                kind=kind,
                to_email=to_email,
                data=data,
                effect_key=effect_key,
                to_name=to_name,
                language=language,
                contact=contact,
                customer=customer,
                user_id=user_id,
                author=author,
                sender=sender,
                template_version=template_version,
                due_at=due_at,
                expires_at=expires_at,
                in_working_hours=in_working_hours,
                in_reply_to=in_reply_to,
            )
        ],
        now=now,
    )
    return made[0] if made else None


@transaction.atomic
def messages_queue(drafts: Iterable[Draft], *, now: dt.datetime) -> list[OutboxMessage]:
    """This will ask for many mails at once and return those that are new.

    Two queries for every thousand. An address that cannot be one gives a message that has
    failed, so that one bad address does not keep the others back.
    """
    name = _own_name()
    rows = [_row(draft, name=name, now=now) for draft in drafts]
    # Somebody else's row of the same effect wins, also one that is committed meanwhile.
    OutboxMessage.objects.bulk_create(
        rows, batch_size=ROWS_AT_ONCE, ignore_conflicts=True
    )
    made = []
    for first in range(0, len(rows), ROWS_AT_ONCE):
        ours = [row.message_id for row in rows[first : first + ROWS_AT_ONCE]]
        found = OutboxMessage.objects.filter(message_id__in=ours)
        made += list(found.order_by("id"))
    if any(row.state == MessageState.PENDING and row.due_at <= now for row in made):
        outbox_wake()
    return made


def _row(draft: Draft, *, name: str, now: dt.datetime) -> OutboxMessage:
    kind = kind_named(draft.kind)
    contact, to_email = draft.contact, draft.to_email.strip()
    language = draft.language or (contact.language if contact else "")
    row = OutboxMessage(
        effect_key=draft.effect_key,
        kind=kind.key,
        kind_version=kind.version,
        category=kind.category,
        template_version=draft.template_version,
        data=dict(draft.data),
        to_email=to_email,
        to_name=_one_line(draft.to_name or (contact.name if contact else "")),
        domain=address_normal(to_email).rpartition("@")[2],
        language=language or settings.LANGUAGE_CODE,
        customer_id=_customer_id(draft),
        contact=contact,
        user_id=draft.user_id,
        author=draft.author,
        sender=draft.sender,
        message_id=_message_id(draft, name),
        in_reply_to=draft.in_reply_to,
        in_working_hours=(
            kind.in_working_hours
            if draft.in_working_hours is None
            else draft.in_working_hours
        ),
        created_at=now,
        due_at=draft.due_at or now,
        expires_at=draft.expires_at,
    )
    if flaw := address_flaw(to_email):
        row.state, row.reason, row.reply = MessageState.FAILED, Reason.BROKEN, flaw
        row.to_email, row.domain = _one_line(to_email), ""
        row.finished_at = now
    return row


def _customer_id(draft: Draft) -> int | None:
    if draft.customer is not None:
        return draft.customer.pk
    return draft.contact.customer_id if draft.contact is not None else None


def _message_id(draft: Draft, name: str) -> str:
    """This will make the Message-ID, which stays the same however often it is tried."""
    domain = name or (draft.sender.email.rpartition("@")[2] if draft.sender else "")
    return f"{secrets.token_hex(16)}@{domain or NO_NAME}"


def _own_name() -> str:
    """This will return the domain we are known by; one query, two without an address."""
    host = urlsplit(the_company().base_url).hostname or ""
    if "." in host:
        return host
    sender = Sender.objects.filter(is_default=True).first()
    return sender.email.rpartition("@")[2] if sender else ""


def _one_line(name: str) -> str:
    """This will keep a name from becoming a second header."""
    shown = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(shown.split())[:LONGEST_NAME]
