"""Model fields that several apps declare the same way."""

from typing import TYPE_CHECKING, Any

from django.db import models

from common.cards import scrub

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    Line = models.CharField[str | Combinable, str]
    Text = models.TextField[str | Combinable, str]
    Base = models.Field[str | Combinable, str]
else:
    Line, Text, Base = models.CharField, models.TextField, object


def money(
    verbose_name: Any = None, *, max_digits: int = 14, **options: Any
) -> "models.DecimalField[Any, Any]":
    """This will declare an amount to the cent, below a trillion unless told."""
    return models.DecimalField(
        verbose_name, max_digits=max_digits, decimal_places=2, **options
    )


class _Scrubbed(Base):
    """Writes no number of a card, whoever writes and however."""

    plain = ""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """This will clean the row too, so that nobody shows what was not kept."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str) and (clean := scrub(value)) != value:
            setattr(model_instance, self.attname, clean)
            return clean
        return value

    def get_prep_value(self, value: Any) -> Any:
        """This will clean what is written by `update` and in bulk as well."""
        prepared = super().get_prep_value(value)
        return scrub(prepared) if isinstance(prepared, str) else prepared

    def deconstruct(self) -> Any:
        """This will call it a plain field: to the database it is one."""
        name, _path, args, kwargs = super().deconstruct()
        return name, self.plain, args, kwargs


class FreeText(_Scrubbed, Text):
    """What somebody wrote. A number of a card in it is not kept (`common.cards`)."""

    plain = "django.db.models.TextField"


class FreeLine(_Scrubbed, Line):
    """The same, of a bounded length."""

    plain = "django.db.models.CharField"
