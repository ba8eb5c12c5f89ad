"""What people ask when a subscription begins."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.enums import PlanKind
from billing.forms.subscriptions import COMMON_INTERVALS, day_field
from billing.models import Plan, PriceVersion, Subscription
from billing.services.subscriptions.start import StartValues
from billing.subscription_words import interval_words
from common.forms import PercentField
from customers.models import Customer


class StartForm(forms.Form):
    """A new subscription of a customer."""

    plan = forms.ModelChoiceField(queryset=Plan.objects.none(), label=_("Plan"))
    parent = forms.ModelChoiceField(
        queryset=Subscription.objects.none(),
        label=_("Belongs to"),
        required=False,
        help_text=_("For add-ons: they end with what they belong to."),
    )
    interval_months = forms.TypedChoiceField(label=_("Paid"), coerce=int)
    currency = forms.ChoiceField(label=_("Currency"))
    quantity = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=1_000_000, initial=1
    )
    on = day_field(_("First day"))
    trial_until = day_field(
        _("Trial until"),
        required=False,
        help_text=_("The first day that is paid for. Terms are counted from it."),
    )
    discount = PercentField(label=_("Discount in per cent"), required=False)
    discount_until = day_field(_("First day without the discount"), required=False)
    notice_days = forms.IntegerField(
        label=_("Notice period in days"), required=False, min_value=0, max_value=3660
    )
    auto_renews = forms.BooleanField(
        label=_("Renews by itself"), required=False, initial=True
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, *args: Any, customer: Customer, today: dt.date, ours: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        sold = Q(retired_on__isnull=True) | Q(retired_on__gt=today)
        plans = Plan.objects.filter(sold).exclude(kind=PlanKind.ONE_OFF)
        running = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
        bases = Subscription.objects.filter(
            running, customer=customer, parent__isnull=True
        )
        self._choose("plan", plans.order_by("name", "id"), lambda plan: plan.name)
        self._choose(
            "parent",
            bases.select_related("plan").order_by("started_on", "id"),
            lambda row: row.plan.name if row.plan else row.external_id,
        )
        prices = PriceVersion.objects.exclude(interval_months=None).values_list(
            "currency", "interval_months"
        )
        found = set(prices)
        currencies = sorted({ours, *(currency for currency, _months in found)})
        months = sorted({*COMMON_INTERVALS, *(one for _currency, one in found if one)})
        # A ChoiceField, which the table of fields does not tell.
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]
        self.fields["interval_months"].choices = [  # type: ignore[attr-defined]
            (one, interval_words(one)) for one in months
        ]
        self.initial = {"currency": ours, "on": today, **self.initial}

    def _choose(self, name: str, rows: Any, words: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows
        field.label_from_instance = words

    def values(self) -> StartValues:
        """This will return what the subscription starts with."""
        data = {**self.cleaned_data}
        del data["note"]
        return StartValues(**data)
