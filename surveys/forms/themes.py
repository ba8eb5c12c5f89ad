"""What people type about themes."""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mail.calculations.merging import fields_foreign, fields_unknown
from mail.selectors.merging import FIELDS
from surveys.calculations.phrases import parts_of
from surveys.enums import ThemeState
from surveys.models import Department, Theme
from surveys.services.themes import Wording

LONGEST_PHRASE = 80
MOST_PHRASES = 100
# A field's name may not be "phrases_" alone.
ANY = "any"


class ThemeForm(forms.Form):
    """Name, description, and phrases by language, one a line."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The department in charge reads it too."),
    )

    def __init__(
        self, *arguments: Any, theme: Theme | None = None, **options: Any
    ) -> None:
        initial: dict[str, Any] = {}
        if theme is not None:
            initial |= {"name": theme.name, "description": theme.description}
            for row in theme.phrases.order_by("language", "phrase", "pk"):
                key = f"phrases_{row.language or ANY}"
                initial[key] = f"{initial.get(key, '')}\n{row.phrase}".strip()
        options["initial"] = initial
        super().__init__(*arguments, **options)
        for code, label in self._languages(initial):
            self.fields[f"phrases_{code}"] = forms.CharField(
                label=label,
                required=False,
                max_length=MOST_PHRASES * LONGEST_PHRASE,
                widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
            )

    def phrase_fields(self) -> Iterator[BoundField]:
        """This will yield the fields of the phrases, for the page."""
        return (bound for bound in self if bound.name.startswith("phrases_"))

    def phrases(self) -> list[Wording]:
        """This will return languages with their phrases."""
        return [
            ("" if code == ANY else code, phrase)
            for bound in self.phrase_fields()
            for code in [bound.name.removeprefix("phrases_")]
            for phrase in _lines(self.cleaned_data[bound.name])
        ]

    def clean(self) -> dict[str, Any]:
        """This will refuse what could never be found."""
        for bound in self.phrase_fields():
            for phrase in _lines(self.cleaned_data.get(bound.name, "")):
                self._check(bound.name, phrase)
        return self.cleaned_data

    def _check(self, name: str, phrase: str) -> None:
        if len(phrase) > LONGEST_PHRASE:
            msg = _("A phrase has %(most)s letters at most: “%(phrase)s”") % {
                "most": LONGEST_PHRASE,
                "phrase": f"{phrase[:40]}…",
            }
            self.add_error(name, msg)
        elif not parts_of(phrase) or any(
            len(p) < 3 for p in parts_of(phrase) if "*" in p
        ):
            msg = _(
                "This would find nothing or everything: “%(phrase)s”. Write a word, or"
                " two letters and more before the star."
            )
            self.add_error(name, msg % {"phrase": phrase})

    @staticmethod
    def _languages(initial: dict[str, Any]) -> list[tuple[str, Any]]:
        known = [(ANY, gettext_lazy("Any language")), *settings.LANGUAGES]
        codes = {code for code, _label in known}
        kept = (key.removeprefix("phrases_") for key in initial if "phrases_" in key)
        return [*known, *((code, code) for code in sorted(set(kept) - codes))]


class StateForm(forms.Form):
    """How far a theme is."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=ThemeState.choices)
    resolution = forms.CharField(
        label=gettext_lazy("What was done"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed when it is resolved."),
    )


class AssignForm(forms.Form):
    """Who is in charge, until when."""

    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Each member gets a link to the comments by mail."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Due on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = cast("forms.ModelChoiceField[Department]", self.fields["department"])
        field.queryset = Department.objects.order_by("name", "pk")


class NoteForm(forms.Form):
    """A note about a theme."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TellForm(forms.Form):
    """What those who raised a theme are told, in each language."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for code, _name in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = forms.CharField(
                label=gettext_lazy("Subject"), max_length=150
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label=gettext_lazy("Text"),
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 9}),
            )

    def languages(self) -> Iterator[dict[str, Any]]:
        """This will yield the languages with their two fields, for the page."""
        for place, (code, name) in enumerate(settings.LANGUAGES):
            fields = [self[f"subject_{code}"], self[f"body_{code}"]]
            bad = any(field.errors for field in fields)
            yield {
                "code": code,
                "name": name,
                "fields": fields,
                "open": bad or not place,
            }

    def clean(self) -> dict[str, Any]:
        """This will refuse fields that nothing fills."""
        for name, text in list(self.cleaned_data.items()):
            flaws = fields_unknown(text, FIELDS) or fields_foreign(text, FIELDS)
            if flaws:
                msg = _("There is no such field: %(fields)s")
                self.add_error(
                    name, ValidationError(msg % {"fields": ", ".join(flaws)})
                )
        return self.cleaned_data

    def texts(self) -> dict[str, dict[str, str]]:
        """This will return subject and body by language."""
        return {
            code: {
                part: self.cleaned_data[f"{part}_{code}"]
                for part in ("subject", "body")
            }
            for code, _name in settings.LANGUAGES
        }


def _lines(text: str) -> list[str]:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))
