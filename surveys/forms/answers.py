"""Replying to an answer, and settling it."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 10_000
ROWS = {"rows": 6, "dir": "auto"}


class ReplyForm(forms.Form):
    """A mail to whoever answered. `effect` makes two clicks one mail."""

    effect = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("Your reply"), max_length=LONGEST, widget=forms.Textarea(attrs=ROWS)
    )
    anyway = forms.BooleanField(
        label=_("Write all the same"),
        required=False,
        help_text=_("This person asked for no reply."),
    )

    def __init__(self, data: Any = None, *, no_reply: bool) -> None:
        super().__init__(data, initial={"effect": uuid.uuid4()})
        if not no_reply:
            del self.fields["anyway"]

    @property
    def drawn(self) -> str:
        """What the page drew; a new one where it came back without."""
        return (self.cleaned_data["effect"] or uuid.uuid4()).hex


class ResolveForm(forms.Form):
    """What was done about an answer."""

    resolution = forms.CharField(
        label=_("What was done"),
        max_length=2_000,
        widget=forms.Textarea(attrs={**ROWS, "rows": 3}),
        help_text=_("Such as: the export is fixed since Tuesday; she has tried it."),
    )
