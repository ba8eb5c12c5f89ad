"""The company this installation serves, and what it reckons with."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """The one company of this installation. There is exactly one row (id 1)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("name"), max_length=150, default="My company")
    base_url = models.URLField(_("address of this installation"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    nightly_at = models.TimeField(
        _("nightly run starts at"), default="02:00", help_text=_("Local time.")
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
