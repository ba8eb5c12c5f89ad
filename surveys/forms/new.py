"""A new survey: what it is called and what it asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.enums import SurveyKind

KINDS: dict[str, Any] = {
    SurveyKind.NPS: (
        _("Net Promoter Score (0–10)"),
        _("Would they recommend us? Asked every half year."),
    ),
    SurveyKind.CSAT: (
        _("Customer satisfaction (1–5)"),
        _("Were they happy with one thing? Asked after a resolved ticket."),
    ),
    SurveyKind.CES: (
        _("Customer effort (1–7)"),
        _("Was it easy for them? Asked after onboarding."),
    ),
}


class NewSurveyForm(forms.Form):
    """The rest has sensible values until somebody changes them."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("Only your own people see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What is asked"),
        choices=SurveyKind.choices,
        widget=forms.RadioSelect,
        initial=SurveyKind.NPS,
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["kind"]
        field.choices = [
            (kind, f"{name}. {told}") for kind, (name, told) in KINDS.items()
        ]
