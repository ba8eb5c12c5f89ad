"""What the database holds of a load, without what may differ between two loads."""

from typing import Any

from billing.models import (
    ChurnEvent,
    Invoice,
    Payment,
    Subscription,
    SubscriptionChange,
)
from customers.models import (
    AcquisitionSpend,
    Campaign,
    Contact,
    Customer,
    Interaction,
    ProfileChange,
    SupportTicket,
    UsageDaily,
)
from surveys.models import Response

MODELS = (
    Campaign,
    AcquisitionSpend,
    Customer,
    ProfileChange,
    Contact,
    Subscription,
    SubscriptionChange,
    Invoice,
    Payment,
    UsageDaily,
    SupportTicket,
    Interaction,
    Response,
    ChurnEvent,
)
KEYS = {"id", "pk", "updated_at"}


def content() -> dict[str, list[Any]]:
    """This will give every row of every imported table, ids replaced by external ids."""
    return {model.__name__: sorted(rows(model), key=repr) for model in MODELS}


def rows(model: Any) -> list[Any]:
    fields = [field for field in model._meta.concrete_fields if field.name not in KEYS]
    names = [
        f"{field.name}__{shown(field.related_model)}"
        if field.is_relation
        else field.name
        for field in fields
    ]
    return list(model.objects.values_list(*names))


def shown(model: Any) -> str:
    """This will name the column that stands for a row of another table."""
    names = {field.name for field in model._meta.concrete_fields}
    candidates = ("external_id", "key", "email", "number")
    return next((name for name in candidates if name in names), "pk")
