"""In whose name mail goes out."""

import copy
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.seen import SeenForm
from mail.calculations.addresses import address_flaw, is_printable
from mail.models import Sender
from mail.services.senders import FIELDS

if TYPE_CHECKING:
    SenderModelForm = forms.ModelForm[Sender]
else:
    SenderModelForm = forms.ModelForm


class SenderForm(SeenForm, SenderModelForm):
    """A name and an address."""

    class Meta:
        model = Sender
        fields = ["name", "email", "reply_to"]
        help_texts = {
            "email": _("Your mail server must be allowed to send for its domain."),
        }

    def __init__(self, data: Any = None, *, stored: Sender | None = None) -> None:
        stored = stored or Sender()
        super().__init__(data, instance=copy.copy(stored))
        self.see(stored, FIELDS)

    def clean_name(self) -> str:
        """This will keep a name from becoming a second header."""
        name: str = " ".join(self.cleaned_data["name"].split(" "))
        if not is_printable(name):
            raise ValidationError(_("The name holds a control character."))
        return name

    def clean_email(self) -> str:
        """This will take addresses of any language's domain."""
        return self._address("email")

    def clean_reply_to(self) -> str:
        """This will take the same, or nothing."""
        return self._address("reply_to")

    def _address(self, name: str) -> str:
        email: str = self.cleaned_data[name]
        if email and address_flaw(email):
            raise ValidationError(_("This is not an address that mail can go to."))
        return email
