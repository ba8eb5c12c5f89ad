"""Surveys that ask, for the tests of sending."""

import datetime as dt
from collections import Counter
from typing import Any

from customers.models import Contact, Customer
from mail.models import OutboxMessage
from surveys.models import Invitation, Survey, SurveyVersion
from surveys.selectors.turns import Day, day_of
from surveys.services.asking import Asked, survey_ask
from tests import world
from tests.world import CONTENT, NOW, TODAY

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
_last = {"number": 0}


def make_survey(name: str = "Product NPS", **fields: Any) -> Survey:
    """This will save a running survey to everybody, with words."""
    _last["number"] += 1
    survey = Survey.objects.create(
        key=f"survey-{_last['number']}",
        name=name,
        **{
            "kind": "nps",
            "state": "running",
            "schedule": "once",
            "starts_on": TODAY,
            "started_at": NOW,
            "created_at": NOW,
            **fields,
        },
    )
    SurveyVersion.objects.create(survey=survey, number=1, content=CONTENT)
    return survey


def somebody(
    name: str = "Mara Ionescu", *, customer: Customer | None = None, **fields: Any
) -> Contact:
    """This will save a contact that may be asked; a customer of its own if none given."""
    customer = customer or world.make_customer()
    first = not customer.contacts.exists()
    fields.setdefault("email", f"{name.split()[0].lower()}-{customer.pk}@example.org")
    return world.person(customer, name, **{"is_primary": first, **fields})


def day_at(now: dt.datetime = NOW) -> Day:
    return day_of(now)


def ask(survey: Survey, *, now: dt.datetime = NOW, **options: Any) -> Asked:
    """This will ask as the tick does, with the row as it stands."""
    survey.refresh_from_db()
    return survey_ask(survey=survey, day=day_of(now), **options)


def rows(survey: Survey) -> list[tuple[str, str]]:
    """This will return name and state, or the reason of a drop, of every invitation."""
    found = Invitation.objects.filter(survey=survey).select_related("contact")
    return sorted(
        (row.contact.name if row.contact else "", row.drop or row.state)
        for row in found
    )


def asked(survey: Survey) -> list[str]:
    """This will return the names of those who were asked."""
    return [name for name, state in rows(survey) if state == "asked"]


def mails() -> Counter[str]:
    """This will count the mails of surveys by address."""
    found = OutboxMessage.objects.filter(kind="surveys.invitation")
    return Counter(found.values_list("to_email", flat=True))
