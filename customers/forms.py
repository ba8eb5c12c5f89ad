"""What people may write about a customer."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.enums import InteractionKind
from customers.models import Contact, Customer

# What a kind of contact cannot do without.
NEEDS_WORDS = (InteractionKind.NOTE,)


class InteractionForm(forms.Form):
    """A call, meeting, review, mail, note or pulse."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=InteractionKind.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact = forms.ModelChoiceField(
        label=_("With"), queryset=Contact.objects.none(), required=False
    )
    happened_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    pulse = forms.TypedChoiceField(
        label=_("Own impression"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("Choose")),
            (5, _("5: all is well")),
            (4, _("4: good")),
            (3, _("3: mixed")),
            (2, _("2: worried")),
            (1, _("1: about to leave")),
        ],
    )

    def __init__(
        self, *args: Any, customer: Customer, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customer, self.today = customer, today
        contacts = Contact.objects.filter(customer=customer, left_on__isnull=True)
        field = cast("forms.ModelChoiceField[Contact]", self.fields["contact"])
        field.queryset = contacts.order_by("-is_primary", "name", "pk")
        field.empty_label = _("Nobody in particular")
        self.fields["happened_on"].widget.attrs["max"] = today.isoformat()

    def clean_happened_on(self) -> dt.date:
        """This will refuse days that have not come, and those before the customer's."""
        day: dt.date = self.cleaned_data["happened_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        if day.year < self.customer.customer_since.year - 5:
            raise forms.ValidationError(_("This is long before the customer's time."))
        return day

    def clean(self) -> dict[str, Any]:
        """This will ask for words in a note, and for a figure in a pulse."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind in NEEDS_WORDS and not cleaned.get("summary"):
            self.add_error("summary", _("Say in a sentence what happened."))
        if kind == InteractionKind.PULSE:
            if cleaned.get("pulse") is None and "pulse" not in self.errors:
                self.add_error("pulse", _("Choose a figure from 1 to 5."))
        else:
            cleaned["pulse"] = None
        return cleaned

    def moment(self, now: dt.datetime) -> dt.datetime:
        """This will return when it happened: now if today, else at noon of its day."""
        day: dt.date = self.cleaned_data["happened_on"]
        if day == self.today:
            return now
        return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
