"""What if: the fields of the question, and the settings that values rest on."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms.settings import LONGEST_HORIZON, SHORTEST_HORIZON, MoneyForm
from common.templatetags import ui
from health.calculations.what_if import Assumptions, Change

Choices = list[tuple[str, Any]]


class Amount(forms.FloatField):
    """A number between two ends, typed or found with a slider; empty is the usual one."""

    low: float
    high: float

    def __init__(self, *, low: float, high: float, step: float, **options: Any) -> None:
        widget = forms.NumberInput(attrs={"step": step, "autocomplete": "off"})
        super().__init__(widget=widget, required=False, **options)
        self.reach(low, high)

    def reach(self, low: float, high: float) -> None:
        """This will set the ends."""
        self.low, self.high = low, high
        self.widget.attrs |= {"min": low, "max": high}

    def validate(self, value: Any) -> None:
        """This will refuse what lies outside, with both ends in one sentence."""
        super().validate(value)
        if value is not None and not self.low <= value <= self.high:
            ends = {"low": ui.number(self.low), "high": ui.number(self.high)}
            msg = _("Write a number from %(low)s to %(high)s.")
            raise ValidationError(msg, code="range", params=ends)


class WhatIfForm(forms.Form):
    """What is changed, in the units people say it in: points, percent, months."""

    whom = forms.ChoiceField(label=_("Customers"), required=False)
    retention = Amount(
        label=_("Retention, points"),
        help_text=_("So many more of 100 customers are still there after a year."),
        low=-30,
        high=30,
        step=0.5,
    )
    price = Amount(label=_("Prices, percent"), low=-50, high=100, step=0.5)
    lost = Amount(
        label=_("Customers lost by it, percent"),
        help_text=_("How many leave at once because of the price."),
        low=0,
        high=90,
        step=0.5,
    )
    margin = Amount(
        label=_("Gross margin, points"),
        help_text=_("So much more of 100 of today's revenue is left."),
        low=-50,
        high=50,
        step=0.5,
    )
    service = Amount(label=_("Cost of a ticket, percent"), low=-100, high=100, step=1)
    discount = Amount(
        label=_("Discount rate, percent a year"), low=0, high=50, step=0.5
    )
    horizon = Amount(label=_("Horizon in months"), low=1, high=120, step=1)

    def __init__(
        self, data: Mapping[str, Any], *, now: Assumptions, months: int, whom: Choices
    ) -> None:
        self.now, self.usual = now, _usual(now)
        typed = {name: data.get(name, "").strip() for name in self.base_fields}
        super().__init__(
            {name: typed[name] or self.usual.get(name, "") for name in typed}
        )
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]
        horizon: Any = self.fields["horizon"]
        horizon.reach(min(SHORTEST_HORIZON, months), months)

    def clean_horizon(self) -> int:
        """This will take whole months only."""
        months: float = self.cleaned_data["horizon"]
        if months != int(months):
            raise ValidationError(_("Write whole months."))
        return int(months)

    def clean_margin(self) -> float:
        """This will keep the margin between 0 and 100 %."""
        points: float = self.cleaned_data["margin"]
        margin = self.now.margin + points / 100
        if not -1e-9 <= margin <= 1 + 1e-9:
            msg = _("The margin is %(now)s; it can lie between 0 and 100%%.")
            raise ValidationError(msg, params={"now": ui.percent(self.now.margin, 1)})
        return points

    def change(self) -> Change:
        """This will return what is asked for, as shares."""
        typed = self.cleaned_data
        shares = {
            name: typed[name] / 100
            for name in ("retention", "price", "lost", "margin", "service")
        }
        kept = typed["discount"] == self.usual["discount"]
        return Change(
            ticket_cost=shares.pop("service"),
            # As it is stored, and not as it comes back from a page.
            discount_rate=None if kept else typed["discount"] / 100,
            horizon=typed["horizon"],
            **shares,
        )


def _usual(now: Assumptions) -> dict[str, float]:
    """This will return the fields as they are when nothing is changed."""
    nothing = dict.fromkeys(("retention", "price", "lost", "margin", "service"), 0)
    rate = round(now.discount_rate * 100, 2)
    # A page shows 10 and not 10.0.
    discount = int(rate) if rate == int(rate) else rate
    return {**nothing, "discount": discount, "horizon": now.horizon}


class ValueSettingsForm(MoneyForm):
    """All that values rest on, on one page."""

    # When buyers count as gone has no price in money: it stays with the other settings.
    gone_below = None  # type: ignore[assignment]

    class Meta(MoneyForm.Meta):
        fields = ["gross_margin", "support_cost", "discount_rate", "horizon_months"]
        help_texts = {
            "horizon_months": _("How far lifetime values look ahead, 12 to 120.")
        }

    def __init__(self, data: Any = None, *, stored: Any) -> None:
        super().__init__(data, stored=stored)
        self.fields["horizon_months"].validators += [
            MinValueValidator(SHORTEST_HORIZON),
            MaxValueValidator(LONGEST_HORIZON),
        ]

    def typed(self, *, months: int) -> Assumptions:
        """This will return what was entered, as far as paths of so many months reach."""
        values = self.values()
        return Assumptions(
            margin=float(values["gross_margin"]),
            ticket_cost=float(values["support_cost"]),
            discount_rate=float(values["discount_rate"]),
            horizon=min(values["horizon_months"], months),
        )
