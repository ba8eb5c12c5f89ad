"""Form fields that several apps need."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common.formats import locale_of
from common.numbers import UnableToReadNumber, decimal_read


def _sign() -> str:
    """This will return the decimal sign of the language that is spoken."""
    symbols = locale_of(translation.get_language() or "en").number_symbols
    found: str = symbols["latn"]["decimal"]
    return found


class NumberField(forms.DecimalField):
    """A number typed with a point or a comma; what could be two numbers is refused."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a number without thousands separators, such as %(sample)s.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        """This will read what was typed; None where nothing was."""
        if isinstance(value, Decimal):
            return value
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return decimal_read(text, sign=_sign())
        except UnableToReadNumber:
            raise ValidationError(
                self.error_messages["invalid"],
                code="invalid",
                params={"sample": f"1234{_sign()}5"},
            ) from None

    def prepare_value(self, value: Any) -> Any:
        """This will write a stored number without needless zeros, and keep typed text."""
        if not isinstance(value, Decimal | int | float):
            return value
        plain = f"{Decimal(str(value)):f}"
        if "." in plain:
            plain = plain.rstrip("0").rstrip(".")
        return plain.replace(".", _sign())


class PercentField(NumberField):
    """A share from 0 to 1 that people read and type in percent: 0.8 is "80"."""

    default_error_messages = {
        "range": _("Write a percentage from 0 to 100, with two decimals at most.")
    }

    def to_python(self, value: Any) -> Any:
        """This will return the share; None where nothing was typed."""
        if isinstance(value, str):
            value = value.strip().removesuffix("%")
        typed = super().to_python(value)
        if typed is None:
            return None
        if not 0 <= typed <= 100 or typed != round(typed, 2):
            raise ValidationError(self.error_messages["range"], code="range")
        return typed / 100

    def prepare_value(self, value: Any) -> Any:
        """This will show the share in percent."""
        if isinstance(value, Decimal | int | float):
            value = Decimal(str(value)) * 100
        return super().prepare_value(value)
