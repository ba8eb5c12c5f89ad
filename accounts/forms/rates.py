"""Currency and exchange rates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import currency_choices
from accounts.forms.settings import CompanyPartForm
from accounts.importing.rates import MOST, RatesRead, rates_read
from accounts.models import Company, ExchangeRate
from common.csvfile import UnableToReadCsv
from common.forms import NumberField

LARGEST_FILE = 4 * 1024 * 1024
KEEP, REMOVE = "keep", "remove"


class CurrencyForm(CompanyPartForm):
    """The currency in which everything is summed. A new one asks once more."""

    currency = forms.ChoiceField(label=_("Currency of the company"))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)
    rates = forms.ChoiceField(
        label=_("What about the stored exchange rates?"),
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Company
        fields = ["currency"]

    def __init__(self, data: Any = None, *, stored: Company) -> None:
        super().__init__(data, stored=stored)
        self.auto_id = "currency_%s"
        choices = currency_choices()
        if stored.currency not in dict(choices):
            choices = [(stored.currency, stored.currency), *choices]
        self.fields["currency"].choices = choices  # type: ignore[attr-defined]
        wanted = str(self.data.get("currency", "")) if self.is_bound else ""
        self.wanted = wanted if wanted in dict(choices) else ""
        # Whether another currency is to be confirmed, and whether it has been by now.
        self.question = bool(self.wanted) and self.wanted != stored.currency
        self.asks = self.question and self.data.get("confirmed") != self.wanted
        self.has_rates = self.question and ExchangeRate.objects.exists()
        words = {"old": stored.currency, "new": self.wanted}
        self.fields["rates"].choices = [  # type: ignore[attr-defined]
            (KEEP, _("They are in %(new)s already: keep them") % words),
            (REMOVE, _("They are in %(old)s: remove them") % words),
        ]

    def clean(self) -> dict[str, Any]:
        """This will want an answer about the rates once the question was asked."""
        cleaned = super().clean()
        if self.has_rates and not self.asks and not cleaned.get("rates"):
            self.add_error("rates", _("Choose one of the two."))
        # From here on it is only shown, and it is not optional.
        self.fields["rates"].required = True
        return cleaned

    def ask(self) -> None:
        """This will make the form that carries the question."""
        self.put("confirmed", self.wanted)

    @property
    def keep_rates(self) -> bool | None:
        """What is to become of the stored rates."""
        return {KEEP: True, REMOVE: False}.get(self.cleaned_data.get("rates", ""))


class RateForm(forms.Form):
    """One rate."""

    currency = forms.ChoiceField(label=_("Currency"))
    valid_on = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rate = NumberField(label=_("Rate"), max_digits=18, decimal_places=8, max_value=MOST)

    def __init__(self, *args: Any, ours: str, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "rate_%s", **options})
        choices = [choice for choice in currency_choices() if choice[0] != ours]
        self.fields["currency"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            *choices,
        ]


class RatesFileForm(forms.Form):
    """A file of rates."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Columns: currency, valid_on, rate. A line: USD,2026-01-31,0.9134"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def __init__(self, *args: Any, ours: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ours = ours

    def clean_file(self) -> RatesRead:
        """This will read the file line by line."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 4 MB. Cut it."))
        try:
            read = rates_read(file.read(), ours=self.ours)
        except UnableToReadCsv as error:
            raise forms.ValidationError(str(error)) from error
        if not read.rates and not read.troubles:
            raise forms.ValidationError(_("There is no rate in this file."))
        return read
