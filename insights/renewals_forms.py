"""What people say about renewals, and what they offer."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.enums import RenewalView
from billing.services.offers import DISCOUNTS, FREE_MONTHS, LONGEST, SHORTEST
from billing.services.reminders import FIELDS, LATEST, SOONEST
from common.seen import SeenForm
from common.templatetags import ui
from customers.models import Contact


class ViewForm(forms.Form):
    """How the person sees a renewal."""

    view = forms.ChoiceField(
        label=_("How do you see it?"),
        choices=RenewalView.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you see it.")},
    )
    plan = forms.CharField(
        label=_("What will you do?"),
        help_text=_("Needed if it is at risk."),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        """This will ask for a plan where it is at risk."""
        values = super().clean() or {}
        plan = str(values.get("plan", "")).strip()
        if values.get("view") == RenewalView.AT_RISK and not plan:
            self.add_error("plan", _("Write what you will do about it."))
        return values


class SettleForm(forms.Form):
    """What a manager makes of a disagreement."""

    view = forms.ChoiceField(
        label=_("How do you see it?"),
        choices=RenewalView.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you see it.")},
    )
    note = forms.CharField(
        label=_("Why?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a sentence: why.")},
    )


class OfferForm(forms.Form):
    """What is offered for paying by the year."""

    terms = forms.ChoiceField(label=_("What do you offer?"))
    contact = forms.ModelChoiceField(
        label=_("To whom?"),
        queryset=Contact.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a contact.")},
    )
    days = forms.IntegerField(
        label=_("Open for so many days"),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=14,
    )

    def __init__(self, *args: Any, contacts: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people: Any = self.fields["contact"]
        people.queryset = contacts
        people.label_from_instance = lambda one: f"{one.name}, {one.email}"
        choices: Any = self.fields["terms"]
        choices.choices = terms_choices()

    def terms_chosen(self) -> tuple[Decimal, int]:
        """This will return the discount and the free months; one of them is 0."""
        return terms_read(self.cleaned_data["terms"])


def terms_choices() -> list[tuple[str, str]]:
    """This will name what may be offered."""
    shares = [
        (
            f"d{int(share * 100)}",
            str(_("%(share)s off")) % {"share": ui.percent(share)},
        )
        for share in DISCOUNTS
    ]

    months = [
        (
            f"m{n}",
            ngettext("%(n)s month free", "%(n)s months free", n) % {"n": n},
        )
        for n in FREE_MONTHS
    ]
    return shares + months


def terms_read(text: str) -> tuple[Decimal, int]:
    """This will read a key of `terms_choices`; the usual offer for anything else."""
    known = {key for key, _words in terms_choices()}
    kind, number = (text[0], text[1:]) if text in known else ("d", "10")
    if kind == "m":
        return Decimal(0), int(number)
    return Decimal(number) / 100, 0


class ReminderForm(SeenForm, forms.Form):
    """Whether, and how many days before, customers are told of a yearly charge."""

    is_on = forms.BooleanField(
        label=_("Tell customers before a yearly charge"), required=False
    )
    days_before = forms.IntegerField(
        label=_("So many days before"), min_value=SOONEST, max_value=LATEST
    )

    def __init__(self, data: Any = None, *, stored: Any) -> None:
        initial = {name: getattr(stored, name) for name in FIELDS}
        super().__init__(data, initial=initial)
        self.see(stored, FIELDS)
