"""What people ask of a subscription; each form makes a step out of it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.enums import PlanKind
from billing.models import Plan
from billing.selectors.catalogue import sold_plans
from billing.services.subscriptions.discounts import Discount
from billing.services.subscriptions.ending import Cancel, Keep
from billing.services.subscriptions.pauses import Pause, Resume
from billing.services.subscriptions.plans import ChangeInterval, ChangePlan
from billing.services.subscriptions.prices import MovePrice
from billing.services.subscriptions.quantities import ChangeQuantity
from billing.services.subscriptions.raising import RaiseForAWhile
from billing.services.subscriptions.situation import Situation, Step
from billing.subscription_words import amount_words, interval_words
from common.forms import PercentField

EARLIEST = dt.date(2000, 1, 1)
COMMON_INTERVALS = (1, 3, 6, 12, 24, 36)
TO_SWITCH = (PlanKind.BASE, PlanKind.BUNDLE)


def day_field(label: Any, **options: Any) -> forms.DateField:
    """This will make a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


class StepForm(forms.Form):
    """What all of them ask: from which day on, and a word about it."""

    title: Promise
    button: Promise
    lede: str | Promise = ""
    on_help: str | Promise = _("Without a day: today.")
    has_day = True
    danger = False

    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Stands in the log of the subscription."),
    )
    # The newest line of the log when the form was shown.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, situation: Situation, **options: Any) -> None:
        self.situation = situation
        super().__init__(*args, **options)
        if self.has_day:
            self.fields["on"] = day_field(
                _("From"), required=False, help_text=self.on_help
            )
        self.order_fields([name for name in self.fields if name != "note"])
        self.prepare()

    def prepare(self) -> None:
        """This will fill in choices and what stands there first."""

    def clean_on(self) -> dt.date | None:
        """This will refuse days before anything of ours."""
        on: dt.date | None = self.cleaned_data["on"]
        if on is not None and on < EARLIEST:
            raise forms.ValidationError(_("Choose a day from the year 2000 on."))
        return on

    def step(self) -> Step:
        """This will return what is asked for."""
        raise NotImplementedError

    @property
    def on(self) -> dt.date | None:
        return self.cleaned_data.get("on")

    def plans(self) -> list[tuple[str, str]]:
        """This will list the plans that it may be on, with what one seat costs."""
        there, terms = self.situation.subscription, self.situation.now
        kinds = [PlanKind.ADD_ON] if there.parent_id else TO_SWITCH
        sold = sold_plans(
            kinds=kinds,
            currency=there.currency,
            interval_months=terms.interval_months,
            day=self.situation.today,
        )
        return [
            (
                str(plan.pk),
                f"{plan.name}, "
                + amount_words(price.amount, there.currency, terms.interval_months),
            )
            for plan, price in sold
            if plan.pk != terms.plan
        ]

    def chosen_plan(self) -> Plan | None:
        """This will return the plan that was chosen."""
        chosen = self.cleaned_data.get("plan")
        return Plan.objects.get(pk=chosen) if chosen else None


class PlanForm(StepForm):
    title, button = _("Change the plan"), _("Change the plan")
    on_help = _(
        "Without a day: a dearer plan counts from today, a cheaper one from the end of "
        "the term that is paid for."
    )
    plan = forms.ChoiceField(label=_("Plan"))
    quantity = forms.IntegerField(
        label=_("Seats"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Without a number they stay."),
    )

    def prepare(self) -> None:
        """This will offer the plans that are sold in this currency and interval."""
        self.fields["plan"].choices = [("", _("Choose")), *self.plans()]  # type: ignore[attr-defined]

    def step(self) -> Step:
        """This will return what is asked for."""
        plan = self.chosen_plan()
        assert plan is not None  # noqa: S101 - the field is required
        return ChangePlan(plan, self.on, self.cleaned_data["quantity"])


class QuantityForm(StepForm):
    title, button = _("Change the seats"), _("Change the seats")
    quantity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=1_000_000)

    def prepare(self) -> None:
        """This will begin with the seats there are."""
        self.fields["quantity"].initial = self.situation.now.quantity or None

    def step(self) -> Step:
        """This will return what is asked for."""
        return ChangeQuantity(self.cleaned_data["quantity"], self.on)


class DiscountForm(StepForm):
    title, button = _("Change the discount"), _("Change the discount")
    lede = _("It takes the place of a discount that there is.")
    discount = PercentField(
        label=_("Discount in per cent"), help_text=_("0 takes it away.")
    )
    until = day_field(
        _("First day without it"),
        required=False,
        help_text=_("Without a day it stays."),
    )

    def prepare(self) -> None:
        """This will begin with the discount there is."""
        self.fields["discount"].initial = self.situation.now.discount

    def step(self) -> Step:
        """This will return what is asked for."""
        data = self.cleaned_data
        return Discount(data["discount"], self.on, data["until"])


class PauseForm(StepForm):
    title, button = _("Pause"), _("Pause")
    lede = _("Nothing is paid during a pause, and nothing counts as revenue.")
    until = day_field(
        _("Runs again on"),
        required=False,
        help_text=_("Without a day it is paused until somebody resumes it."),
    )

    def step(self) -> Step:
        """This will return what is asked for."""
        return Pause(self.on, self.cleaned_data["until"])


class ResumeForm(StepForm):
    title, button = _("End the pause"), _("End the pause")

    def step(self) -> Step:
        """This will return what is asked for."""
        return Resume(self.on)


class CancelForm(StepForm):
    title, button = _("Cancel"), _("Cancel the subscription")
    danger = True
    on_help = _(
        "The first day without it. Without a day: the end of the term that is paid for."
    )

    def step(self) -> Step:
        """This will return what is asked for."""
        return Cancel(self.on)


class KeepForm(StepForm):
    title, button = _("Withdraw the cancellation"), _("Withdraw the cancellation")
    has_day = False

    def step(self) -> Step:
        """This will return what is asked for."""
        return Keep()


class RaiseForm(StepForm):
    title, button = _("Upgrade for a while"), _("Upgrade for a while")
    lede = _("It goes back by itself.")
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    quantity = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, max_value=1_000_000
    )
    until = day_field(_("Goes back on"))

    def prepare(self) -> None:
        """This will offer the plans that are sold in this currency and interval."""
        self.fields["plan"].choices = [("", _("As now")), *self.plans()]  # type: ignore[attr-defined]

    def step(self) -> Step:
        """This will return what is asked for."""
        data = self.cleaned_data
        plan = self.chosen_plan()
        return RaiseForAWhile(data["until"], self.on, plan, data["quantity"])


class IntervalForm(StepForm):
    title, button = _("Change the billing interval"), _("Change the interval")
    on_help = _(
        "Terms are counted from that day on. Without a day: the end of the term that is "
        "paid for."
    )
    interval_months = forms.TypedChoiceField(label=_("Paid"), coerce=int)

    def prepare(self) -> None:
        """This will offer the usual intervals, and those that the plan has a price for."""
        terms = self.situation.now
        plan = Plan.objects.filter(pk=terms.plan or 0).first()
        priced = plan.prices.values_list("interval_months", flat=True) if plan else ()
        months = {*COMMON_INTERVALS, *(one for one in priced if one)}
        self.fields["interval_months"].choices = [  # type: ignore[attr-defined]
            (one, interval_words(one))
            for one in sorted(months - {terms.interval_months})
        ]

    def step(self) -> Step:
        """This will return what is asked for."""
        return ChangeInterval(self.cleaned_data["interval_months"], self.on)


class PriceForm(StepForm):
    title, button = _("Move to another price"), _("Move to another price")
    on_help = _("Without a day: the next renewal.")
    price = forms.ChoiceField(label=_("Price"))

    def prepare(self) -> None:
        """This will offer the other versions of the plan's price, the newest first."""
        terms, currency = self.situation.now, self.situation.subscription.currency
        plan = Plan.objects.filter(pk=terms.plan or 0).first()
        rows = plan.prices.order_by("-valid_on", "-number") if plan else ()
        self.found = {
            str(row.pk): row
            for row in rows
            if (row.currency, row.interval_months) == (currency, terms.interval_months)
            and row.pk != terms.price
        }
        self.fields["price"].choices = [  # type: ignore[attr-defined]
            (pk, amount_words(row.amount, currency, row.interval_months))
            for pk, row in self.found.items()
        ]

    def step(self) -> Step:
        """This will return what is asked for."""
        return MovePrice(self.found[self.cleaned_data["price"]], self.on)


FORMS: dict[str, type[StepForm]] = {
    "plan": PlanForm,
    "seats": QuantityForm,
    "discount": DiscountForm,
    "interval": IntervalForm,
    "price": PriceForm,
    "while": RaiseForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "cancel": CancelForm,
    "keep": KeepForm,
}
