"""The first person of an installation, and administrators made at the console."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import CONSOLE, Actor
from accounts.enums import Role
from accounts.models import User
from accounts.selectors import company
from accounts.selectors.people import nobody_exists
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from common.locks import Lock, transaction_lock


class UnableToSetUp(KeepwellError):
    """Somebody exists already, so nobody may make themselves an administrator."""


class UnableToMakeAdministrator(KeepwellError):
    """The address is taken; the text says so."""


@transaction.atomic
def installation_set_up(
    *,
    company_name: str,
    base_url: str,
    time_zone: str,
    currency: str,
    name: str,
    email: str,
    password: str,
    language: str,
    by: Actor,
    now: dt.datetime,
) -> User:
    """This will name the company and make its first administrator, exactly once.

    Whoever comes second, also at the same moment, gets UnableToSetUp.
    """
    transaction_lock(Lock.FIRST_ADMINISTRATOR)
    if not nobody_exists():
        msg = "This installation has people already. Sign in, or ask to be invited."
        raise UnableToSetUp(msg)
    ours = company()
    ours.name, ours.base_url = company_name, base_url
    ours.time_zone, ours.currency = time_zone, currency
    ours.save(update_fields=["name", "base_url", "time_zone", "currency"])
    person = User.objects.create_user(
        email, password, name=name, role=Role.ADMIN, language=language
    )
    _record(person, Actor(person, by.address, by.agent), now)
    return person


@transaction.atomic
def administrator_create(
    *, email: str, name: str, password: str, now: dt.datetime
) -> User:
    """This will make an administrator for somebody with a shell on the machine."""
    # The page for the first visit must not believe that nobody is there meanwhile.
    transaction_lock(Lock.FIRST_ADMINISTRATOR)
    taken = _("Somebody with the address %(email)s exists already.") % {"email": email}
    if User.objects.filter(email__iexact=email).exists():
        raise UnableToMakeAdministrator(taken)
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                email, password, name=name, role=Role.ADMIN
            )
    except IntegrityError:
        raise UnableToMakeAdministrator(taken) from None
    _record(person, CONSOLE, now)
    return person


def _record(person: User, by: Actor, now: dt.datetime) -> None:
    audit_record(
        by=by,
        action="accounts.administrator_created",
        now=now,
        subject=person,
        after={"role": person.role},
        person=person,
        personal={"subject": {"name": person.name, "email": person.email}},
    )
