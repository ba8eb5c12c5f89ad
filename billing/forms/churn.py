"""Writing down why a customer left."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import ChurnKind
from billing.models import ChurnEvent
from billing.services.churn import ChurnValues

# What people usually say; anything else may be written.
REASONS = (
    _("Price"),
    _("Missing feature"),
    _("Support"),
    _("Competitor"),
    _("No use"),
    _("Champion left"),
    _("Merged or closed"),
    _("Other"),
)
SUGGESTED = {"list": "reasons", "autocomplete": "off"}


class ChurnForm(forms.Form):
    """Why somebody left, in a few fields that can be counted and one that cannot."""

    kind = forms.ChoiceField(
        label=_("How did it end?"),
        choices=ChurnKind.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Main reason"),
        max_length=80,
        widget=forms.TextInput(attrs=SUGGESTED),
        help_text=_(
            "The same words for the same thing can be counted: choose one of the list if it fits."
        ),
    )
    secondary_reason = forms.CharField(
        label=_("Second reason"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs=SUGGESTED),
    )
    preventable = forms.TypedChoiceField(
        label=_("Could we have prevented it?"),
        required=False,
        choices=[("", _("Unknown")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    competitor = forms.CharField(
        label=_("Went to"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "competitors", "autocomplete": "off"}),
        help_text=_("The competitor, if there is one."),
    )
    comment = forms.CharField(
        label=_("In their own words, or yours"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, event: ChurnEvent) -> None:
        known = {True: "yes", False: "no", None: ""}[event.preventable]
        names = ("kind", "reason", "secondary_reason", "competitor", "comment")
        initial = {name: getattr(event, name) for name in names}
        super().__init__(data, initial={**initial, "preventable": known})

    def values(self) -> ChurnValues:
        """This will return what the service takes."""
        data = self.cleaned_data
        return ChurnValues(
            kind=ChurnKind(data["kind"]),
            reason=data["reason"],
            secondary_reason=data["secondary_reason"],
            preventable=data["preventable"],
            competitor=data["competitor"],
            comment=data["comment"],
        )
