"""The company's settings that mapping.toml may bring along."""

from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from accounts.models import Company
from accounts.selectors import company
from customers.importing.mapping import UnableToReadMapping
from customers.importing.values import CURRENCY
from customers.models import Customer

NUMBERS = frozenset({"gross_margin", "support_cost", "discount_rate"})


def company_wishes(entry: dict[str, Any]) -> Company:
    """This will return the company as it will be, without saving it.

    Settings are taken over only while there are no customers: later they would change
    what every number so far means.
    """
    ours = company()
    values = {key: _value(key, value) for key, value in entry.items()}
    if not Customer.objects.exists():
        for key, value in values.items():
            setattr(ours, key, value)
        try:
            ours.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            msg = f"mapping.toml: [company] {'; '.join(error.messages)}"
            raise UnableToReadMapping(msg) from error
    return ours


def company_apply(entry: dict[str, Any]) -> list[str]:
    """This will save the settings of a new company; for an old one it notes what differs."""
    if not entry:
        return []
    if not Customer.objects.exists():
        company_wishes(entry).save()
        return []
    ours = company()
    return [
        f"mapping.toml wishes {key} = {value}, but the company has customers already and "
        f"keeps {getattr(ours, key)}. Change it in the company's settings if you mean it."
        for key, value in entry.items()
        if getattr(ours, key) != _value(key, value)
    ]


def _value(key: str, value: Any) -> Any:
    try:
        if key in NUMBERS:
            return Decimal(str(value))
        if key == "time_zone":
            return ZoneInfo(value).key
        if key == "currency" and not CURRENCY.fullmatch(value):
            raise ValueError(value)  # noqa: TRY301
    except (ValueError, TypeError, OSError, InvalidOperation, KeyError):
        msg = f"mapping.toml: [company] {key} cannot be {value!r}."
        raise UnableToReadMapping(msg) from None
    return str(value)
