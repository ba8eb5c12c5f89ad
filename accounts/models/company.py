"""The company this installation serves, and what it reckons with."""

import datetime as dt
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    RegexValidator,
)
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import Reach, Role


def working_week() -> list[int]:
    """Monday to Friday, by ISO number."""
    return [1, 2, 3, 4, 5]


class Company(models.Model):
    """The one company of this installation. There is exactly one row (id 1)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=150, default="My company")
    base_url = models.URLField(_("address of this installation"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    nightly_at = models.TimeField(
        _("nightly run starts at"), default=dt.time(2), help_text=_("Local time.")
    )
    gross_margin = models.DecimalField(
        _("gross margin"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.8"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    support_cost = models.DecimalField(
        _("support cost per ticket"), max_digits=12, decimal_places=2, default=25
    )
    discount_rate = models.DecimalField(
        _("yearly discount rate"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.1"),
    )
    horizon_months = models.PositiveSmallIntegerField(
        _("forecast horizon in months"), default=60
    )
    gone_below = models.DecimalField(
        _("chance below which buyers count as gone"),
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.2"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#0e6b62",
        validators=[RegexValidator(r"^#[0-9a-f]{6}$")],
        help_text=_("Buttons of mails and public pages carry it."),
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("working days"),
        default=working_week,
    )
    opens_at = models.TimeField(_("work begins at"), default=dt.time(9))
    closes_at = models.TimeField(_("work ends at"), default=dt.time(17))
    csm_sees = models.CharField(
        _("what a CSM sees"), max_length=4, choices=Reach.choices, default=Reach.OWN
    )
    csm_changes = models.CharField(
        _("what a CSM may change"),
        max_length=4,
        choices=Reach.choices,
        default=Reach.OWN,
    )
    second_factor_roles = ArrayField(
        models.CharField(max_length=10, choices=Role.choices),
        verbose_name=_("roles that need a second factor"),
        default=list,
        blank=True,
    )
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("company")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="accounts_company_single"
            ),
            models.CheckConstraint(
                condition=models.Q(gross_margin__range=(0, 1)),
                name="accounts_company_margin_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in the company's currency from a day on."""

    currency = models.CharField(_("currency"), max_length=3)
    valid_on = models.DateField(_("from"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "valid_on"], name="accounts_rate_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gt=0), name="accounts_rate_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.valid_on}: {self.rate}"


class Holiday(models.Model):
    """A day on which nobody works, whatever the weekday."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"
