"""Model fields that several apps declare the same way."""

from typing import Any

from django.db import models


def money(*args: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """This will declare an amount to the cent, up to a trillion."""
    return models.DecimalField(*args, max_digits=14, decimal_places=2, **options)
