"""The form that puts a version of the forecasts in use."""

from django import forms
from django.utils.translation import gettext_lazy as _


class VersionForm(forms.Form):
    """Why a version is put in use by hand."""

    note = forms.CharField(
        label=_("Why this version"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the audit log and beside the version."),
    )
