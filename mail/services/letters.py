"""Sending what administrators have written: to a contact, or to oneself first."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from common.errors import KeepwellError
from customers.models import Contact
from mail.enums import SuppressionScope
from mail.mails import TemplateMail
from mail.models import OutboxMessage, Template, TemplateVersion
from mail.selectors.suppressions import suppression_wishes
from mail.services.outbox import message_queue
from mail.services.templates import version_freeze


class UnableToSendLetter(KeepwellError):
    """Nothing may go to this contact, or there is nothing to send."""


def letter_flaw(contact: Contact) -> str:
    """This will say why a contact gets no letters, "" when nothing stands against it."""
    if contact.left_on:
        return _("This contact has left the company.")
    if not contact.email:
        return _("This contact has no email address.")
    wishes = suppression_wishes(contact.email)
    if SuppressionScope.DEAD in wishes:
        return _("This address does not work: it is on the suppression list.")
    if SuppressionScope.ALL in wishes:
        return _("This contact asked for no more mail.")
    return ""


@transaction.atomic
def letter_send(
    *,
    template: Template,
    contact: Contact,
    effect: str,
    by: Actor,
    now: dt.datetime,
) -> OutboxMessage | None:
    """This will ask for a mail to a contact with the newest words, which are now fixed.

    `effect` is drawn when the page is shown, so that a double click sends once: the
    second one returns None.
    """
    if flaw := letter_flaw(contact):
        raise UnableToSendLetter(flaw)
    version = _newest(template)
    made = _queue(version, contact, f"mail.letter:{effect}", by=by, now=now)
    if made:
        version_freeze(version, now=now)
    return made


@transaction.atomic
def letter_test(
    *, template: Template, contact: Contact, by: User, effect: str, now: dt.datetime
) -> OutboxMessage | None:
    """This will send the person the mail as the contact would get it.

    The words are not fixed by it: people try, change and try again.
    """
    version = _newest(template)
    return message_queue(
        kind=TemplateMail.key,
        to_email=by.email,
        to_name=by.name,
        data={"version_id": version.pk, "contact_id": contact.pk, "test": True},
        effect_key=f"mail.letter_test:{effect}",
        language=contact.language or by.language,
        user_id=by.pk,
        author=by,
        template_version=version,
        now=now,
    )


def _newest(template: Template) -> TemplateVersion:
    version = template.versions.order_by("-number").select_for_update().first()
    if version is None or template.retired_at:
        msg = _("This template is no longer in use. Choose another one.")
        raise UnableToSendLetter(msg)
    return version


def _queue(
    version: TemplateVersion,
    contact: Contact,
    effect_key: str,
    *,
    by: Actor,
    now: dt.datetime,
) -> OutboxMessage | None:
    return message_queue(
        kind=TemplateMail.key,
        to_email=contact.email,
        data={"version_id": version.pk, "contact_id": contact.pk},
        effect_key=effect_key,
        contact=contact,
        author=by.user,
        template_version=version,
        now=now,
    )
