"""The demo's pain points, who is to act on them, and what was said elsewhere."""

import datetime as dt

import numpy as np

from accounts.actor import CONSOLE
from accounts.models import User
from customers.models import Contact
from demo.calculations.draws import pick
from demo.texts.programme import DEPARTMENTS, FEEDBACK, THEMES
from surveys.models import Department, DepartmentMember, Feedback
from surveys.services.themes import theme_assign, theme_create

DUE = dt.timedelta(days=21)


def themes_made(rng: np.random.Generator, *, now: dt.datetime) -> None:
    """This will record feedback, make the themes and hand them to departments."""
    _feedback(rng, now)
    departments = {name: _department(name) for name in DEPARTMENTS}
    for theme in THEMES:
        made = theme_create(
            name=theme.name,
            description=theme.description,
            phrases=theme.phrases,
            by=CONSOLE,
            now=now,
        )
        if theme.department:
            theme_assign(
                theme=made,
                department=departments[theme.department],
                due_on=(now + DUE).date(),
                by=CONSOLE,
                now=now,
            )


def _department(name: str) -> Department:
    made = Department.objects.create(name=name)
    DepartmentMember.objects.bulk_create(
        DepartmentMember(department=made, name=who, email=email, language=language)
        for who, email, language in DEPARTMENTS[name]
    )
    return made


def _feedback(rng: np.random.Generator, now: dt.datetime) -> None:
    """This will let somebody of each language say what stands in the texts."""
    author = User.objects.filter(is_demo=True).order_by("id").first()
    rows = []
    for source, language, text in FEEDBACK:
        people = Contact.objects.filter(language=language, left_on__isnull=True)
        if not (ids := list(people.order_by("id").values_list("id", flat=True))):
            continue
        contact = people.get(pk=pick(rng, ids))
        at = now - dt.timedelta(days=int(rng.integers(2, 80)), hours=3)
        rows.append(
            Feedback(
                customer_id=contact.customer_id,
                contact=contact,
                source=source,
                language=language,
                text=text,
                author=author,
                said_at=at,
                recorded_at=at,
            )
        )
    Feedback.objects.bulk_create(rows)
