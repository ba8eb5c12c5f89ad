"""Asking people to join, and letting them in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import Role
from accounts.mails import InvitationMail
from accounts.models import Invitation, Team, User
from accounts.selectors.people import LinkState, link_state
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from common.mailing import MailRequest

OPEN_FOR = dt.timedelta(days=7)


class UnableToInvite(KeepwellError):
    """The address is known here already; the text says what to do."""


class UnableToAccept(KeepwellError):
    """The link no longer opens the door; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(f"This invitation is {state}. Ask for a new one.")
        self.state = state


@transaction.atomic
def invitation_create(
    *,
    email: str,
    name: str,
    role: Role,
    team: Team | None,
    language: str,
    by: Actor,
    now: dt.datetime,
) -> Invitation:
    """This will invite a person by mail; the link works for OPEN_FOR.

    Raises UnableToInvite when the address is a person's, or waits already.
    """
    email = email.lower()
    _refuse_people(email)
    waits = UnableToInvite(
        _("An invitation to this address waits already. Send it once more instead.")
    )
    if Invitation.objects.waiting().filter(email__iexact=email).exists():
        raise waits
    invitation = Invitation(
        email=email,
        name=name,
        role=role,
        team=team,
        language=language,
        invited_by=by.user,
        created_at=now,
        expires_at=now + OPEN_FOR,
    )
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError:
        raise waits from None
    after = {"role": role, "team": str(team or "")}
    _record(invitation, "accounts.invitation_sent", by, now, after=after)
    _send(invitation)
    return invitation


@transaction.atomic
def invitation_resend(
    *, invitation: Invitation, by: Actor, now: dt.datetime
) -> Invitation:
    """This will send a new link, which ends the older one and starts the time anew."""
    held = _waiting(invitation)
    _refuse_people(held.email)
    before = {"generation": held.generation}
    held.generation += 1
    held.expires_at = now + OPEN_FOR
    held.save(update_fields=["generation", "expires_at"])
    after = {"generation": held.generation}
    _record(held, "accounts.invitation_resent", by, now, before=before, after=after)
    _send(held)
    return held


@transaction.atomic
def invitation_withdraw(
    *, invitation: Invitation, by: Actor, now: dt.datetime
) -> Invitation:
    """This will end an invitation's link before anybody used it."""
    held = _waiting(invitation)
    held.withdrawn_at = now
    held.save(update_fields=["withdrawn_at"])
    _record(held, "accounts.invitation_withdrawn", by, now)
    return held


@transaction.atomic
def invitation_accept(
    *,
    invitation: Invitation,
    generation: int,
    name: str,
    language: str,
    time_zone: str,
    password: str,
    by: Actor,
    now: dt.datetime,
) -> User:
    """This will make the person who was invited, once, however often somebody clicks.

    Raises UnableToAccept when the link is used, withdrawn, replaced or expired.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    state = link_state(held, generation=generation, now=now)
    if state is not LinkState.OPEN:
        raise UnableToAccept(state)
    if User.objects.filter(email__iexact=held.email).exists():
        # Made at the console meanwhile: the invitation has nothing left to give.
        raise UnableToAccept(LinkState.USED)
    person = User.objects.create_user(
        held.email,
        password,
        name=name,
        role=held.role,
        team=held.team,
        language=language,
        time_zone=time_zone,
    )
    held.accepted_at, held.user = now, person
    held.save(update_fields=["accepted_at", "user"])
    arrived = Actor(person, by.address, by.agent)
    after = {"person": person.pk, "role": person.role}
    _record(held, "accounts.invitation_accepted", arrived, now, after=after)
    return person


def _waiting(invitation: Invitation) -> Invitation:
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if held.accepted_at or held.withdrawn_at:
        raise UnableToInvite(_("This invitation was accepted or withdrawn meanwhile."))
    return held


def _refuse_people(email: str) -> None:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        return
    if person.is_active:
        raise UnableToInvite(
            _("%(name)s signs in with this address already.") % {"name": person}
        )
    raise UnableToInvite(
        _("%(name)s has this address and is switched off. Switch the account on again.")
        % {"name": person}
    )


def _send(invitation: Invitation) -> None:
    MailRequest(
        kind=InvitationMail.key,
        data={"invitation": invitation.pk, "generation": invitation.generation},
        effect_key=f"{InvitationMail.key}:{invitation.pk}:{invitation.generation}",
        to=invitation.email,
        to_name=invitation.name,
        # Whoever invites speaks it, so the invited person probably does.
        language=invitation.language or translation.get_language() or "",
    ).send()


def _record(
    invitation: Invitation,
    action: str,
    by: Actor,
    now: dt.datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=invitation,
        before=before,
        after=after,
        person=invitation.user,
        personal={"subject": {"name": invitation.name, "email": invitation.email}},
    )
