"""Changing people, and switching them off."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import Role
from accounts.models import Invitation, Team, User
from accounts.selectors.people import other_administrators
from accounts.services.audit import audit_record
from accounts.services.second_factor import Change, second_factor_tell
from accounts.services.sign_in import epoch_raise
from common.errors import KeepwellError

# What an entry of the log may say in the open; the rest is personal.
OPEN_FIELDS = ("role", "team", "time_zone", "language")
PERSONAL_FIELDS = ("name", "email")


class UnableToChangePerson(KeepwellError):
    """The change would break a rule; `field` is the form's field it belongs to."""

    def __init__(self, text: str, field: str | None = None) -> None:
        super().__init__(text)
        self.field = field


class UnableToDeactivate(KeepwellError):
    """This person has to stay; the text says why and what to do."""


class UnableToResetSecondFactor(KeepwellError):
    """One's own second factor is changed on one's own page, after the password."""


def person_locked(person: User) -> User:
    """This will return the person as it stands now, held until the commit.

    All active administrators are held first, in one order. So two of them who demote
    each other take turns, and the second finds that nobody else is left.
    """
    administrators = User.objects.filter(role=Role.ADMIN, is_active=True)
    list(administrators.select_for_update().order_by("pk").values_list("pk"))
    # "of": a team is read along, not held.
    people = User.objects.select_related("team").select_for_update(of=("self",))
    return people.get(pk=person.pk)


@transaction.atomic
def person_change(
    *,
    person: User,
    name: str,
    email: str,
    role: Role,
    team: Team | None,
    time_zone: str,
    language: str,
    by: Actor,
    now: dt.datetime,
) -> User:
    """This will change what an administrator may change about a person.

    Raises UnableToChangePerson when the address is somebody else's, or when nobody would
    be left to look after the installation. Changes nothing when nothing is different.
    """
    held = person_locked(person)
    before = _values(held)
    held.name, held.email = name, email.lower()
    held.role, held.team = role, team
    held.time_zone, held.language = time_zone, language
    after = _values(held)
    changed = [field for field in before if before[field] != after[field]]
    if not changed:
        return held
    if "role" in changed:
        _keep_an_administrator(held, was=before["role"])
    if "email" in changed:
        _take_address(held, was=before["email"])
    try:
        with transaction.atomic():
            held.save(update_fields=changed)
    except IntegrityError:
        raise _address_taken() from None
    _record_change(held, before, after, changed, by, now)
    return held


@transaction.atomic
def person_deactivate(*, person: User, by: Actor, now: dt.datetime) -> User:
    """This will switch a person off and end all their sessions, for good.

    Nobody switches off oneself or the last administrator.
    """
    if by.user and by.user.pk == person.pk:
        raise UnableToDeactivate(
            _("Nobody switches off themselves. Ask another administrator.")
        )
    held = person_locked(person)
    if not held.is_active:
        return held
    if held.is_admin and not other_administrators(held).exists():
        raise UnableToDeactivate(
            _(
                "This is the last administrator. Make somebody else an administrator"
                " first."
            )
        )
    held.is_active = False
    held.save(update_fields=["is_active"])
    epoch_raise(held)
    _record_state(held, "accounts.person_deactivated", by, now, was=True)
    return held


@transaction.atomic
def person_reactivate(*, person: User, by: Actor, now: dt.datetime) -> User:
    """This will let a person sign in again; sessions from before stay ended."""
    held = person_locked(person)
    if held.is_active:
        return held
    held.is_active = True
    held.save(update_fields=["is_active"])
    _record_state(held, "accounts.person_reactivated", by, now, was=False)
    return held


@transaction.atomic
def person_sign_out(*, person: User, by: Actor, now: dt.datetime) -> User:
    """This will end all sessions of a person, on every device."""
    held = person_locked(person)
    epoch_raise(held)
    audit_record(
        by=by,
        action="accounts.signed_out_everywhere",
        now=now,
        subject=held,
        person=held,
        personal=_whose(held),
    )
    return held


@transaction.atomic
def second_factor_reset(*, person: User, by: Actor, now: dt.datetime) -> int:
    """This will take away a person's second factors and recovery codes; returns how many.

    Ends all sessions, for the lost phone may hold one, and tells the person by mail. For
    somebody who lost the phone. Not for oneself: a session that somebody else got
    hold of must not get rid of the second factor without the password.
    """
    if by.user and by.user.pk == person.pk:
        raise UnableToResetSecondFactor(
            _("Change your own second factor on your own page.")
        )
    held = person_locked(person)
    gone = Authenticator.objects.filter(user=held)
    kinds = sorted(gone.values_list("type", flat=True))
    if not kinds:
        return 0
    gone.delete()
    epoch_raise(held)
    entry = audit_record(
        by=by,
        action="accounts.second_factor_reset",
        now=now,
        subject=held,
        before={"factors": kinds},
        after={"factors": []},
        person=held,
        personal=_whose(held),
    )
    second_factor_tell(user=held, change=Change.RESET, number=entry.number, now=now)
    return len(kinds)


def _values(person: User) -> dict[str, Any]:
    return {field: getattr(person, field) for field in (*OPEN_FIELDS, *PERSONAL_FIELDS)}


def _keep_an_administrator(person: User, *, was: str) -> None:
    demoted = was == Role.ADMIN and person.is_active
    if demoted and not other_administrators(person).exists():
        raise UnableToChangePerson(
            _(
                "This is the last administrator. Make somebody else an administrator"
                " first."
            ),
            "role",
        )


def _take_address(person: User, *, was: str) -> None:
    """This will refuse addresses that are taken, and make allauth forget the old one.

    It keeps addresses of its own, by which a password could still be asked for.
    """
    others = User.objects.filter(email__iexact=person.email).exclude(pk=person.pk)
    if others.exists():
        raise _address_taken()
    if Invitation.objects.waiting().filter(email__iexact=person.email).exists():
        raise UnableToChangePerson(
            _("Somebody was invited with this address. Withdraw the invitation first."),
            "email",
        )
    EmailAddress.objects.filter(user=person).delete()


def _address_taken() -> UnableToChangePerson:
    return UnableToChangePerson(_("Somebody else has this address."), "email")


def _record_change(
    person: User,
    before: dict[str, Any],
    after: dict[str, Any],
    changed: list[str],
    by: Actor,
    now: dt.datetime,
) -> None:
    def part(values: dict[str, Any], fields: tuple[str, ...]) -> dict[str, str]:
        return {f: str(values[f] or "") for f in fields if f in changed}

    audit_record(
        by=by,
        action="accounts.person_changed",
        now=now,
        subject=person,
        before=part(before, OPEN_FIELDS),
        after=part(after, OPEN_FIELDS),
        person=person,
        personal={
            **_whose(person),
            "before": part(before, PERSONAL_FIELDS),
            "after": part(after, PERSONAL_FIELDS),
        },
    )


def _record_state(
    person: User, action: str, by: Actor, now: dt.datetime, *, was: bool
) -> None:
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=person,
        before={"is_active": was},
        after={"is_active": not was},
        person=person,
        personal=_whose(person),
    )


def _whose(person: User) -> dict[str, dict[str, str]]:
    return {"subject": {"name": person.name, "email": person.email}}
