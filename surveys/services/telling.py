"""Telling those who raised a theme what was done about it."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from customers.services.events import events_record
from mail.services.outbox import Draft, messages_queue
from surveys.enums import ThemeState
from surveys.events import THEME_RESOLVED
from surveys.models import Theme, ThemeTelling
from surveys.selectors.theme_people import KIND, effect_of, theme_raisers


class UnableToTell(KeepwellError):
    """The theme is not resolved, or nobody is left to tell."""


@transaction.atomic
def theme_tell(
    *,
    theme: Theme,
    texts: Mapping[str, Mapping[str, str]],
    contacts: Collection[int],
    user: User,
    by: Actor,
    now: dt.datetime,
) -> int:
    """This will write to those of the chosen contacts who raised the theme and may be told.

    Once per person and theme, whatever is pressed how often. Each customer's timeline gets
    a line. Returns how many mails are on their way.
    """
    held = Theme.objects.select_for_update(of=("self",)).get(pk=theme.pk)
    if held.state != ThemeState.RESOLVED:
        raise UnableToTell(_("Resolve the theme first, and say what was done."))
    people = [
        raiser.contact
        for raiser in theme_raisers(theme=held, user=user)
        if raiser.may and raiser.contact.pk in contacts
    ]
    if not people:
        raise UnableToTell(_("Choose somebody who may be told."))
    telling = ThemeTelling.objects.create(
        theme=held, texts=texts, author=by.user, created_at=now
    )
    sent = messages_queue(
        [
            Draft(
                kind=KIND,
                to_email=contact.email,
                contact=contact,
                author=by.user,
                data={"telling": telling.pk, "contact_id": contact.pk},
                effect_key=effect_of(held, contact),
            )
            for contact in people
        ],
        now=now,
    )
    told = {pk for message in sent if (pk := message.customer_id)}
    events_record(
        lines={pk: {"theme": held.pk, "name": held.name} for pk in sorted(told)},
        kind=THEME_RESOLVED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=held,
    )
    audit_record(
        by=by,
        action="surveys.theme_told",
        now=now,
        subject=held,
        after={"contacts": len(sent)},
    )
    return len(sent)
