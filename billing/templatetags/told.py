"""What events of subscriptions keep as text: {% load told %}."""

import datetime as dt
from decimal import Decimal, InvalidOperation

from django import template

register = template.Library()


@register.filter
def day_told(text: str) -> dt.date | None:
    """This will read the day of an event: {{ data.on|day_told|day_long }}."""
    try:
        return dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


@register.filter
def amount_told(text: str) -> Decimal | None:
    """This will read the amount of an event: {{ data.mrr|amount_told|money:"EUR" }}."""
    try:
        return Decimal(text)
    except (TypeError, InvalidOperation):
        return None
