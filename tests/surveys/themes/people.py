"""Themes, departments and comments to test with."""

from collections.abc import Sequence

from accounts.actor import Actor
from accounts.models import User
from common.links import link_token
from customers.models import Contact, Customer
from surveys.models import (
    Department,
    DepartmentMember,
    Mention,
    Response,
    Theme,
    ThemeLink,
)
from surveys.services.theme_links import PURPOSE
from surveys.services.themes import theme_assign, theme_create
from tests import world

BY = Actor(agent="test")


def a_theme(name: str = "Export", *phrases: str, **fields: object) -> Theme:
    """This will make a theme; its phrases count in every language."""
    return theme_create(
        name=name,
        phrases=[("", phrase) for phrase in phrases],
        by=BY,
        now=world.NOW,
        **fields,  # type: ignore[arg-type]
    )


def said(
    customer: Customer,
    comment: str,
    *,
    score: int = 3,
    days: int = 5,
    contact: Contact | None = None,
    **fields: object,
) -> Response:
    """This will save an answer with a comment."""
    return world.answer(
        customer, days=days, score=score, comment=comment, contact=contact, **fields
    )


def under(theme: Theme) -> list[str]:
    """This will list what stands under a theme, oldest first."""
    rows = Mention.objects.filter(theme=theme, removed=False).order_by("said_at", "pk")
    return [
        row.response.comment if row.response else row.feedback.text  # type: ignore[union-attr]
        for row in rows.select_related("response", "feedback")
    ]


def a_department(*emails: str, name: str = "Product") -> Department:
    """This will save a department with members of these addresses."""
    department = Department.objects.create(name=name)
    for email in emails:
        DepartmentMember.objects.create(
            department=department, name=email.split("@")[0].title(), email=email
        )
    return department


def assigned(theme: Theme, department: Department | None, **fields: object) -> Theme:
    """This will give a theme to a department."""
    values = {"due_on": None, "now": world.NOW, **fields}
    return theme_assign(theme=theme, department=department, by=BY, **values)  # type: ignore[arg-type]


def token_of(link: ThemeLink) -> str:
    """This will make the token that a link's mail carries."""
    return link_token(PURPOSE, link.pk, link.generation)


def owned(user: User, names: Sequence[str]) -> list[Customer]:
    """This will save some customers of a person's."""
    return [world.make_customer(name, owner=user) for name in names]
