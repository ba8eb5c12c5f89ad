"""Forms that notice when somebody else has changed the same row meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.changes import digest_of

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field whose stored value is another than the one somebody wants to save."""

    label: str
    stored: str
    typed: str


class SeenForm(forms.BaseForm):
    """Carries a digest of the values it showed, and tells both sides of a conflict."""

    stored: Any
    names: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()
    # Whether somebody else was found to have saved meanwhile.
    met = False
    # Said when what both want is the same.
    alike: Any = _("What is stored by now is the same as yours.")

    def see(self, stored: models.Model, names: Iterable[str]) -> None:
        """This will remember the row whose fields of these names are shown."""
        self.stored, self.names = stored, tuple(names)
        self.fields[SEEN] = forms.CharField(
            widget=forms.HiddenInput,
            required=False,
            initial=digest_of(stored, self.names),
        )

    @property
    def seen(self) -> str:
        """What the person saw."""
        return str(self.cleaned_data[SEEN])

    def values(self) -> dict[str, Any]:
        """This will return what is to be saved."""
        return {name: self.cleaned_data[name] for name in self.names}

    def meet(self, stored: models.Model) -> None:
        """This will show the row as it is by now beside what was typed.

        Saved once more, the form is taken at its word.
        """
        self.stored, self.met = stored, True
        self.put(SEEN, digest_of(stored, self.names))
        self.conflicts = tuple(self._conflicts())

    def put(self, name: str, value: str) -> None:
        """This will change what a field shows when the form comes back."""
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix(name)] = value  # type: ignore[index]

    def _conflicts(self) -> Iterable[Conflict]:
        for name, typed in self.values().items():
            there = getattr(self.stored, name)
            if there != typed and name in self.fields:
                yield Conflict(
                    str(self.fields[name].label or name),
                    in_words(self.fields[name], there),
                    in_words(self.fields[name], typed),
                )


def in_words(field: forms.Field, value: Any) -> str:
    """This will write a value the way the form shows it."""
    names = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, list | tuple):
        return ", ".join(str(names.get(entry, entry)) for entry in value)
    return str(names.get(value, field.prepare_value(value)))
