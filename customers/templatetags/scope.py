"""What a person may do, and who somebody is, for templates: {% load scope %}."""

from collections.abc import Mapping

from django import template

from accounts.models import User
from customers.enums import Stage

register = template.Library()


@register.filter
def named(people: Mapping[str, str], user_id: int | None) -> str:
    """This will name a person by number: {{ line.data.people|named:line.data.data.to }}."""
    return people.get(str(user_id), "")


@register.filter
def stage_name(key: str) -> str:
    """This will name a lifecycle stage: {{ line.data.data.before|stage_name }}."""
    return str(dict(Stage.choices).get(key, key))


@register.filter
def may_change(user: User, owner_id: int | None) -> bool:
    """This will say whether a person may change somebody's customers.

    {% if user|may_change:customer.owner_id %}; the view that is posted to checks again.
    """
    return owner_id in user.reach.changes
