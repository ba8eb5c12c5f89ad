"""The company's settings, a form per page."""

import copy
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.encoding import punycode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Reach, Role
from accounts.models import Company
from accounts.selectors.zones import zone_in_database, zone_named
from accounts.services.company import settings_wrong
from common.forms import NumberField, PercentField
from common.seen import SeenForm

COLOUR = re.compile(r"#(?:[0-9a-f]{3}){1,2}")
SHORTEST_HORIZON, LONGEST_HORIZON = 12, 120

if TYPE_CHECKING:
    CompanyModelForm = forms.ModelForm[Company]
else:
    CompanyModelForm = forms.ModelForm


def time_input() -> forms.TimeInput:
    """This will make a clock that browsers understand."""
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class CompanyPartForm(SeenForm, CompanyModelForm):
    """Some of the company's settings."""

    def __init__(self, data: Any = None, *, stored: Company) -> None:
        # Checking writes into the instance; what is stored stays as it is.
        super().__init__(data, instance=copy.copy(stored))
        self.see(stored, self._meta.fields or ())

    def clean(self) -> dict[str, Any]:
        """This will also check what depends on two fields."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, text in settings_wrong(cleaned).items():
            self.add_error(name, text)
        return cleaned


class CompanyForm(CompanyPartForm):
    """Who we are, where we are found, and when the night begins."""

    base_url = forms.URLField(
        label=capfirst(Company._meta.get_field("base_url").verbose_name),
        required=False,
        assume_scheme="https",
        help_text=_("Links in mails begin with it: https://keepwell.example.com"),
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    picked = forms.CharField(
        label=_("or choose it"),
        required=False,
        widget=forms.TextInput(attrs={"type": "color"}),
    )

    class Meta:
        model = Company
        fields = [
            "name",
            "base_url",
            "accent",
            "time_zone",
            "nightly_at",
            "horizon_months",
        ]
        widgets = {
            "accent": forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false"}
            ),
            "time_zone": forms.TextInput(
                attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}
            ),
            "nightly_at": time_input(),
        }
        help_texts = {
            "time_zone": _("Begin to type a city, such as Berlin."),
            "horizon_months": _("How far lifetime values look ahead, 12 to 120."),
        }

    def __init__(self, data: Any = None, *, stored: Company) -> None:
        super().__init__(data, stored=stored)
        self.fields["accent"].validators.clear()
        self.fields["accent"].max_length = None  # type: ignore[attr-defined]
        self.fields["picked"].initial = stored.accent
        self.fields["horizon_months"].validators += [
            MinValueValidator(SHORTEST_HORIZON),
            MaxValueValidator(LONGEST_HORIZON),
        ]

    def clean_base_url(self) -> str:
        """This will keep scheme, host and port; anything more belongs to the links."""
        typed: str = self.cleaned_data["base_url"]
        if not typed:
            return ""
        msg = _("Write only https:// and the name, without anything after it.")
        try:
            parts = urlsplit(typed)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise ValidationError(msg) from None
        extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
            raise ValidationError(msg)
        host = punycode(parts.hostname)
        return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"

    def clean_accent(self) -> str:
        """This will take the typed colour, or the chosen one if only that is new."""
        typed: str = self.cleaned_data["accent"].strip().lower()
        picked = self.data.get("picked", "").strip().lower()
        stored: str = self.stored.accent
        if typed == stored and COLOUR.fullmatch(picked):
            typed = picked
        if not COLOUR.fullmatch(typed):
            raise ValidationError(_("Write the colour like #0e6b62."))
        if len(typed) == len("#abc"):
            typed = "#" + "".join(letter * 2 for letter in typed[1:])
        return typed

    def clean_time_zone(self) -> str:
        """This will take an exact name or a city, if the database knows it too."""
        zone: str | None = zone_named(self.cleaned_data["time_zone"])
        if zone is None or not zone_in_database(zone):
            msg = _("There is no such time zone. Choose one from the list.")
            raise ValidationError(msg)
        return zone


class CalendarForm(CompanyPartForm):
    """When people work."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )

    class Meta:
        model = Company
        fields = ["working_days", "opens_at", "closes_at"]
        widgets = {"opens_at": time_input(), "closes_at": time_input()}

    def clean_working_days(self) -> list[int]:
        """This will put the days in order."""
        return sorted(set(self.cleaned_data["working_days"]))


class MoneyForm(CompanyPartForm):
    """What the forecasts reckon with, but for the currency."""

    gross_margin = PercentField(
        label=_("Gross margin in percent"),
        help_text=_("What is left of 100 of revenue after the cost of the service."),
    )
    support_cost = NumberField(
        label=_("Support cost per ticket"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("In the company's currency."),
    )
    discount_rate = PercentField(
        label=_("Yearly discount rate in percent"),
        help_text=_("How much less money of next year is worth today."),
    )
    gone_below = PercentField(
        label=_("Buyers count as gone below, in percent"),
        help_text=_(
            "For customers who buy without a subscription: when the chance that they are"
            " still customers falls below this, they count as gone. They leave the list of"
            " those at risk and are counted apart; nothing of them is deleted. 0: nobody"
            " ever counts as gone."
        ),
    )

    class Meta:
        model = Company
        fields = ["gross_margin", "support_cost", "discount_rate", "gone_below"]


class AccessForm(CompanyPartForm):
    """How far a CSM's sight and hand reach, and who needs a second factor."""

    csm_sees = forms.ChoiceField(
        label=_("What a CSM sees"), choices=Reach.choices, widget=forms.RadioSelect
    )
    csm_changes = forms.ChoiceField(
        label=_("What a CSM may change"),
        choices=Reach.choices,
        widget=forms.RadioSelect,
    )
    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever has none yet is asked to set one up at the next page."),
    )

    class Meta:
        model = Company
        fields = ["csm_sees", "csm_changes", "second_factor_roles"]

    def clean_second_factor_roles(self) -> list[str]:
        """This will put the roles in order."""
        chosen = self.cleaned_data["second_factor_roles"]
        return [role for role in Role.values if role in chosen]
