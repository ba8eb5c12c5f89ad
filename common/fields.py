"""Model fields that several apps declare the same way."""

from typing import Any

from django.db import models


def money(
    verbose_name: Any = None, *, max_digits: int = 14, **options: Any
) -> "models.DecimalField[Any, Any]":
    """This will declare an amount to the cent, below a trillion unless told."""
    return models.DecimalField(
        verbose_name, max_digits=max_digits, decimal_places=2, **options
    )
