"""Which time and which wording a results page is about."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.calculations.periods import Period, last_days

DAYS = ("30", "90", "365")
ALL = "all"
EARLIEST = dt.date(2000, 1, 1)


class ResultsForm(forms.Form):
    """Read from the address: `days`, or `since` and `until`, and `version`.

    What makes no sense is said, and the usual period is shown.
    """

    days = forms.ChoiceField(
        choices=[(one, one) for one in (*DAYS, ALL)], required=False
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any, *, today: dt.date, usual: str) -> None:
        super().__init__(data)
        self.today, self.usual = today, usual

    def clean(self) -> dict[str, Any]:
        """This will refuse a period that ends before it begins."""
        values: dict[str, Any] = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if (since and since < EARLIEST) or (until and until < EARLIEST):
            raise ValidationError(_("Choose days from the year 2000 on."))
        if since and since > min(until or self.today, self.today):
            msg = _("Choose a first day that is not after the last one, nor to come.")
            raise ValidationError(msg)
        return values

    @property
    def chosen(self) -> str:
        """The stretch that is shown: 30, 90, 365, all or custom."""
        if self.is_valid():
            if self.cleaned_data["since"] or self.cleaned_data["until"]:
                return "custom"
            return str(self.cleaned_data["days"] or self.usual)
        return self.usual

    @property
    def period(self) -> Period:
        """This will return the days that are shown, none of them to come."""
        chosen = self.chosen
        if chosen == "custom":
            until = self.cleaned_data["until"] or self.today
            return Period(self.cleaned_data["since"], min(until, self.today))
        if chosen == ALL:
            return Period(None, self.today)
        return last_days(int(chosen), today=self.today)

    @property
    def version_number(self) -> int:
        """The wording's version that is asked for, 0 for all."""
        return int(self.is_valid() and (self.cleaned_data["version"] or 0))
