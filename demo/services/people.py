"""The demo's own company and the people who sign in to it."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.backends import DEMO_PASSWORD
from accounts.enums import Role
from accounts.models import Company, User
from accounts.selectors import company
from demo.texts.team import COMPANY, COMPANY_ZONE, TEAM


@transaction.atomic
def people_made() -> Company:
    """This will name the company and make its people, unless they are there."""
    ours = company()
    ours.name, ours.time_zone, ours.currency = COMPANY, COMPANY_ZONE, "EUR"
    ours.is_demo = True
    ours.save()
    # One slow hash for all: the password is no secret.
    password = make_password(DEMO_PASSWORD)
    known = set(User.objects.values_list("email", flat=True))
    User.objects.bulk_create(
        User(
            email=member.email,
            name=member.name,
            role=member.role,
            language=member.language,
            time_zone=member.time_zone,
            is_demo=True,
            password=password,
        )
        for member in TEAM
        if member.email not in known
    )
    return ours


def login_lines() -> list[str]:
    """This will list address, password and role of the demo's people, if there are any."""
    order = [member.email for member in TEAM]
    people = User.objects.filter(is_demo=True, is_active=True, email__in=order)
    return [
        f"{person.email}  {DEMO_PASSWORD}  {str(Role(person.role).label).lower()}"
        for person in sorted(people, key=lambda one: order.index(one.email))
    ]
