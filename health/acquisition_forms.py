"""Noting what was spent on winning customers, and naming campaigns."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.choices import currency_choices
from common.forms import NumberField
from customers.models import Campaign
from customers.services.campaigns import CampaignValues
from customers.services.spend import SpendValues

FIRST_YEAR, LAST_YEAR = 1970, 2199
MOST = Decimal(10) ** 11
DAY = {"type": "date"}


class SpendForm(forms.Form):
    """Money spent on a day, on a source, a campaign, or both."""

    spent_on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    amount = NumberField(
        label=gettext_lazy("Amount"),
        max_digits=13,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=MOST,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    campaign = forms.ModelChoiceField(
        label=gettext_lazy("Campaign"),
        required=False,
        queryset=Campaign.objects.none(),
        empty_label=gettext_lazy("None"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=250)

    def __init__(self, data: Any = None, *, currency: str, today: dt.date) -> None:
        super().__init__(data, initial={"currency": currency, "spent_on": today})
        self.today = today
        codes = currency_choices()
        if currency not in dict(codes):
            codes = [(currency, currency), *codes]
        cast("forms.ChoiceField", self.fields["currency"]).choices = codes
        campaigns = cast("forms.ModelChoiceField[Campaign]", self.fields["campaign"])
        campaigns.queryset = Campaign.objects.order_by("name", "pk")
        self.fields["spent_on"].widget.attrs["max"] = today.isoformat()

    def clean_spent_on(self) -> dt.date:
        """This will refuse days to come and years that nobody means."""
        day: dt.date = self.cleaned_data["spent_on"]
        if not day.year >= FIRST_YEAR or day > self.today:
            raise ValidationError(_("Choose a day up to today."))
        return day

    def values(self) -> SpendValues:
        """This will return what was typed."""
        return SpendValues(**self.cleaned_data)


class CampaignForm(forms.Form):
    """What a campaign is called, and when it ran."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Such as: Trade fairs. Its spend counts there, too."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=250)

    def clean(self) -> dict[str, Any]:
        """This will refuse an end before the beginning, and years that nobody means."""
        cleaned: dict[str, Any] = super().clean() or {}
        begin, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if begin and end and end < begin:
            self.add_error("ends_on", _("It ends before it begins."))
        for name in ("starts_on", "ends_on"):
            day = cleaned.get(name)
            if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, _("The day is out of reach."))
        return cleaned

    def values(self) -> CampaignValues:
        """This will return what was typed."""
        return CampaignValues(**self.cleaned_data)
