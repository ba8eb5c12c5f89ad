"""The form of the conventions of revenue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.calculations.conventions import Conventions
from insights.convention_words import LABELS, POSITIONS

CHOSEN = tuple(POSITIONS)
LONGEST, SHORTEST = 3650, 1
WHOLE_DAY = 1440


def _choice(name: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS[name], choices=list(POSITIONS[name].items()))


def _days(name: str, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=LABELS[name],
        help_text=help_text,
        required=False,
        min_value=SHORTEST,
        max_value=LONGEST,
    )


class ConventionsForm(forms.Form):
    """All switches; `seen` carries those that were in force when the page was made."""

    churn_on = _choice("churn_on")
    same_month = _choice("same_month")
    reactivation_days = _days(
        "reactivation_days",
        _("New again after more than so many days; empty: never."),
    )
    discounts = _choice("discounts")
    paused = _choice("paused")
    past_due_days = _days(
        "past_due_days",
        _("Takes the revenue out so many days after it was due; empty: never."),
    )
    group_minutes = forms.IntegerField(
        label=LABELS["group_minutes"],
        help_text=_("One movement within so many minutes; 0: only those of one day."),
        min_value=0,
        max_value=WHOLE_DAY,
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def switches(self) -> Conventions:
        """This will return what was chosen."""
        values = {name: self.cleaned_data[name] for name in LABELS}
        return Conventions.from_json(values)
