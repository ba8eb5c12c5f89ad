"""Who left, and in which words."""

from django.db.models import Count

from billing.models import ChurnEvent
from customers.models import Customer

MOST_WORDS = 30


def churn_last(customer: Customer) -> ChurnEvent | None:
    """This will return a customer's last departure. One query."""
    rows = ChurnEvent.objects.filter(customer=customer)
    return rows.order_by("-left_on", "-id").first()


def words_used(field: str) -> list[str]:
    """This will list the words used before in a field of churn records, the usual first.

    Words without a customer: everybody may see how others put it.
    """
    rows = ChurnEvent.objects.exclude(**{field: ""})
    used = rows.values_list(field).annotate(times=Count("id"))
    return [word for word, _times in used.order_by("-times", field)[:MOST_WORDS]]
