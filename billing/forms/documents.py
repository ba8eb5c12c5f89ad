"""Noting by hand what happened to an invoice."""

import datetime as dt
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.calculations.owing import Sums
from billing.enums import PaymentState, RefundKind
from billing.models import Invoice, Payment
from common.dates import day_end
from common.forms import NumberField
from common.templatetags import ui

MOST = Decimal(10) ** 11
SECOND = dt.timedelta(seconds=1)


def moment_of(day: dt.date, *, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """This will say when something of a day happened: at its end, and never later than now.

    So what goes back on the day of the payment goes back after it.
    """
    return min(day_end(day, zone) - SECOND, now)


class DocumentForm(forms.Form):
    """What all of them ask: a day, an amount, a word why."""

    # How many documents the person saw: another one since then may be the very same.
    seen = forms.IntegerField(widget=forms.HiddenInput)
    amount = NumberField(
        label=gettext_lazy("Amount"),
        max_digits=13,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=MOST,
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=80)
    field_order = ("seen", "payment", "kind", "state", "amount", "day", "reason")

    def __init__(
        self,
        data: Any = None,
        *,
        invoice: Invoice,
        sums: Sums,
        seen: int,
        today: dt.date,
        payments: list[Payment],
    ) -> None:
        self.invoice, self.sums, self.today, self.known = invoice, sums, today, seen
        initial = {"day": today, "seen": seen, "amount": self.proposed() or None}
        super().__init__(data, initial=initial, prefix=self.prefix)
        self.fields["day"].widget.attrs["max"] = today.isoformat()
        self.choose_from(payments)

    def proposed(self) -> Decimal:
        """This will propose an amount; nothing where there is none to propose."""
        return self.sums.owing

    def choose_from(self, payments: list[Payment]) -> None:
        """This will be told the payments there are."""

    def clean_day(self) -> dt.date:
        """This will refuse days to come, and days before the invoice."""
        day: dt.date = self.cleaned_data["day"]
        if not self.invoice.issued_on - dt.timedelta(days=366) <= day <= self.today:
            raise ValidationError(_("Choose a day up to today."))
        return day

    def clean(self) -> dict[str, Any]:
        """This will refuse what was sent twice, or beside somebody else's."""
        if self.cleaned_data.get("seen") not in (None, self.known):
            text = _(
                "Something was noted on this invoice meanwhile, by you or somebody else."
                " Look at it, then note this again if it is still missing."
            )
            raise ValidationError(text)
        return self.cleaned_data


class PaymentForm(DocumentForm):
    """A try to collect the invoice."""

    prefix = "payment"
    state = forms.ChoiceField(
        label=gettext_lazy("How did it end?"),
        choices=PaymentState.choices,
        initial=PaymentState.SUCCEEDED,
        widget=forms.RadioSelect,
    )


class CreditForm(DocumentForm):
    """A part of the invoice that is no longer owed."""

    prefix = "credit"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("Amount without tax")
        if self.invoice.tax:
            self.fields["amount"].help_text = _("Its share of the tax goes along.")

    def proposed(self) -> Decimal:
        """This will propose all that is left to credit."""
        return self.sums.total - self.sums.credited


class PaymentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A payment, known by its day and amount."""

    def label_from_instance(self, obj: Payment) -> str:
        """This will name a payment as the table beside it does."""
        amount = ui.money_exact(obj.amount, obj.currency)
        return f"{ui.day_long(obj.happened_at)}, {amount}"


class RefundForm(DocumentForm):
    """Money that went back."""

    prefix = "refund"
    payment = PaymentChoice(
        label=gettext_lazy("Of which payment"), queryset=Payment.objects.none()
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Who took it back?"),
        choices=[
            (RefundKind.REFUND, gettext_lazy("We gave it back")),
            (RefundKind.CHARGEBACK, gettext_lazy("The customer's bank took it")),
        ],
        initial=RefundKind.REFUND,
        widget=forms.RadioSelect,
    )

    def proposed(self) -> Decimal:
        """This will propose what was paid too much, if anything."""
        return self.sums.overpaid

    def choose_from(self, payments: list[Payment]) -> None:
        """This will offer the payments that came in."""
        came = [one.pk for one in payments if one.state == PaymentState.SUCCEEDED]
        field = cast("forms.ModelChoiceField[Payment]", self.fields["payment"])
        own = self.invoice.payments.filter(state=PaymentState.SUCCEEDED)
        field.queryset = own.order_by("happened_at", "id")
        if len(came) == 1:
            field.initial = came[0]
            field.empty_label = None
