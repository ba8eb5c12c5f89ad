"""What people say of plans and prices."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import ExchangeRate
from billing.enums import PlanKind
from billing.forms.subscriptions import day_field
from billing.models import Plan, PriceVersion, Product
from billing.services.catalogue import PlanValues
from billing.subscription_words import amount_words
from common.forms import NumberField
from common.templatetags import ui

# How many parts of a bundle the form has room for without script.
MOST_PARTS = 6


class PlanForm(forms.Form):
    """A new plan, add-on, bundle or one-off product."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PlanKind.choices, widget=forms.RadioSelect
    )
    product = forms.CharField(
        label=_("Product"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
        help_text=_("What it is a way to buy. A new name makes a new product."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"kind": PlanKind.BASE}, **options})
        parts = Plan.objects.filter(kind__in=[PlanKind.BASE, PlanKind.ADD_ON])
        self.part_choices = list(parts.order_by("name", "id"))
        choices = [("", "–"), *((plan.pk, plan.name) for plan in self.part_choices)]
        for place in range(1, MOST_PARTS + 1):
            self.fields[f"part_{place}"] = forms.TypedChoiceField(
                label=_("Part %(place)s") % {"place": place},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.fields[f"quantity_{place}"] = forms.IntegerField(
                label=_("How many of part %(place)s") % {"place": place},
                min_value=1,
                max_value=10_000,
                initial=1,
                required=False,
            )

    def parts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """This will return the fields of each part."""
        places = range(1, MOST_PARTS + 1)
        return [(self[f"part_{one}"], self[f"quantity_{one}"]) for one in places]

    def products(self) -> list[str]:
        """This will name the products there are."""
        return list(
            Product.objects.order_by("name", "id").values_list("name", flat=True)
        )

    def values(self) -> PlanValues:
        """This will return what the plan is."""
        data = self.cleaned_data
        parts: dict[int, int] = {}
        for place in range(1, MOST_PARTS + 1):
            part = data.get(f"part_{place}")
            if part is not None and data["kind"] == PlanKind.BUNDLE:
                more = data.get(f"quantity_{place}") or 1
                parts[part] = parts.get(part, 0) + more
        return PlanValues(data["name"], data["kind"], data["product"], parts)


class NameForm(forms.Form):
    """Another name for a plan."""

    name = forms.CharField(label=_("Name"), max_length=120)


class NewPriceForm(forms.Form):
    """A new version of a plan's price."""

    amount = NumberField(
        label=_("Price of one seat or piece, without tax"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
    )
    currency = forms.ChoiceField(label=_("Currency"))
    interval_months = forms.IntegerField(
        label=_("Paid every so many months"),
        min_value=1,
        max_value=120,
        initial=1,
        help_text=_("1 is monthly, 3 quarterly, 12 yearly."),
    )
    valid_on = day_field(_("Counts from"))

    def __init__(
        self, *args: Any, plan: Plan, today: dt.date, ours: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        rated = ExchangeRate.objects.values_list("currency", flat=True)
        currencies = [ours, *sorted(set(rated) - {ours})]
        # A ChoiceField, which the table of fields does not tell.
        self.fields["currency"].choices = [(one, one) for one in currencies]  # type: ignore[attr-defined]
        if plan.kind == PlanKind.ONE_OFF:
            del self.fields["interval_months"]
        self.initial = {"currency": ours, "valid_on": today, **self.initial}


class MoveForm(forms.Form):
    """To which version everybody on a price is moved, and when."""

    target = forms.ChoiceField(label=_("To the price"), widget=forms.RadioSelect)
    on = day_field(
        _("On"),
        required=False,
        help_text=_("Without a day each moves at its own next renewal."),
    )

    def __init__(self, *args: Any, source: PriceVersion, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = PriceVersion.objects.filter(
            plan=source.plan_id,
            currency=source.currency,
            interval_months=source.interval_months,
        ).exclude(pk=source.pk)
        self.found = {str(row.pk): row for row in rows.order_by("-valid_on", "-number")}
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            (pk, self._words(row)) for pk, row in self.found.items()
        ]
        self.fields["target"].initial = next(iter(self.found), None)

    def _words(self, row: PriceVersion) -> str:
        amount = amount_words(row.amount, row.currency, row.interval_months)
        words = {"amount": amount, "day": ui.day_long(row.valid_on)}
        return str(_("%(amount)s, counts from %(day)s")) % words

    @property
    def chosen(self) -> PriceVersion:
        return self.found[self.cleaned_data["target"]]
