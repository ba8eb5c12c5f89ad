"""Departments and their members, who need not be users."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from surveys.models import Department, DepartmentMember, Theme, ThemeLink
from surveys.services.theme_links import (
    department_links_settle,
    member_links_renew,
)


class UnableToNameDepartment(KeepwellError):
    """There is a department of this name already."""


class UnableToAddMember(KeepwellError):
    """Somebody with this address is in the department already."""


@transaction.atomic
def department_create(*, name: str, by: Actor, now: dt.datetime) -> Department:
    """This will make a department without members."""
    made = _saved(Department(name=name))
    audit_record(
        by=by,
        action="surveys.department_created",
        now=now,
        subject=made,
        after={"name": name},
    )
    return made


@transaction.atomic
def department_rename(
    *, department: Department, name: str, by: Actor, now: dt.datetime
) -> Department:
    """This will give a department another name."""
    before = department.name
    if name == before:
        return department
    department.name = name
    _saved(department)
    audit_record(
        by=by,
        action="surveys.department_renamed",
        now=now,
        subject=department,
        before={"name": before},
        after={"name": name},
    )
    return department


@transaction.atomic
def department_delete(*, department: Department, by: Actor, now: dt.datetime) -> int:
    """This will delete a department with its members and their links.

    Returns how many themes nobody is responsible for any more.
    """
    left = Theme.objects.filter(department=department).count()
    audit_record(
        by=by,
        action="surveys.department_deleted",
        now=now,
        subject=department,
        before={"name": department.name, "themes": left},
    )
    department.delete()
    return left


@transaction.atomic
def member_add(
    *,
    department: Department,
    name: str,
    email: str,
    language: str,
    by: Actor,
    now: dt.datetime,
) -> DepartmentMember:
    """This will add a member, who gets the links of the department's open themes."""
    member = DepartmentMember(
        department=department, name=name, email=email, language=language
    )
    _member_saved(member)
    _record(member, "surveys.member_added", by, now)
    department_links_settle(department=department, now=now)
    return member


@transaction.atomic
def member_change(
    *,
    member: DepartmentMember,
    name: str,
    email: str,
    language: str,
    by: Actor,
    now: dt.datetime,
) -> DepartmentMember:
    """This will change a member; with another address the old links end."""
    moved = member.email != email
    if not moved and (member.name, member.language) == (name, language):
        return member
    member.name, member.email, member.language = name, email, language
    _member_saved(member)
    _record(member, "surveys.member_changed", by, now)
    if moved:
        member_links_renew(member=member, now=now)
    return member


@transaction.atomic
def member_delete(*, member: DepartmentMember, by: Actor, now: dt.datetime) -> None:
    """This will take a member out for good; the links end with it."""
    _record(member, "surveys.member_deleted", by, now)
    ThemeLink.objects.filter(member=member).delete()
    member.delete()


def _saved(department: Department) -> Department:
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError:
        msg = _("There is a department of this name already.")
        raise UnableToNameDepartment(msg) from None
    return department


def _member_saved(member: DepartmentMember) -> None:
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        msg = _("Somebody with this address is in the department already.")
        raise UnableToAddMember(msg) from None


def _record(member: DepartmentMember, action: str, by: Actor, now: dt.datetime) -> None:
    audit_record(
        by=by,
        action=action,
        now=now,
        subject=member.department,
        after={"member": member.pk},
        personal={"subject": {"name": member.name, "email": member.email}},
    )
