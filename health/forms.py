"""What people may ask of the at-risk list."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from health.enums import AskKind
from health.services.snoozes import SnoozeFor
from health.services.sources import rhythms_digest
from health.wording import SOURCES, silence_words


class SnoozeForm(forms.Form):
    """For how long a customer is hidden."""

    period = forms.ChoiceField(choices=SnoozeFor.choices)


class RhythmsForm(forms.Form):
    """Days each source may be silent; nothing means it is never late."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        stored: Mapping[str, int | None],
        usual: Mapping[str, int] | None = None,
    ) -> None:
        """`usual` says how long sources were silent at most, in days."""
        super().__init__(data, initial={**stored, "seen": rhythms_digest(stored)})
        for key, name in SOURCES.items():
            self.fields[key] = forms.IntegerField(
                label=_("Days without %(source)s") % {"source": name},
                min_value=1,
                max_value=366,
                required=False,
                help_text=silence_words((usual or {}).get(key)),
            )

    def values(self) -> dict[str, int | None]:
        """This will return the days of each source, None where it is never late."""
        return {key: self.cleaned_data[key] for key in SOURCES}


class AskForm(forms.Form):
    """What a customer was asked for, and a word about it."""

    kind = forms.ChoiceField(choices=AskKind.choices)
    note = forms.CharField(max_length=250, required=False)


class AgreedForm(forms.Form):
    """What a customer answered; nothing while it has not."""

    agreed = forms.NullBooleanField()


EARLIEST = dt.date(2000, 1, 1)


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MovementForm(forms.Form):
    """The two days between which it is asked why a score moved; read from the address."""

    days = forms.ChoiceField(
        choices=[(one, one) for one in ("7", "30", "90")], required=False
    )
    since = forms.DateField(label=_("From"), required=False, widget=_day_input())
    until = forms.DateField(label=_("To"), required=False, widget=_day_input())

    def clean(self) -> dict[str, Any]:
        """This will refuse a day that is none of ours, and days in the wrong order."""
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if (since and since < EARLIEST) or (until and until < EARLIEST):
            raise forms.ValidationError(_("Choose days from the year 2000 on."))
        if since and until and since >= until:
            raise forms.ValidationError(_("Choose a first day before the last one."))
        return values


class OverrideForm(forms.Form):
    """Another score, why, and until when."""

    score = forms.IntegerField(
        label=_("Score from 0 to 100"), min_value=0, max_value=100
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever sees this customer reads it."),
    )
    expires_on = forms.DateField(label=_("Until"), widget=_day_input())
