"""What we sell by subscription."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """A plan; its price is kept in versions, so that old customers keep theirs."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return self.name


class PriceVersion(models.Model):
    """A plan's price for one unit and interval, from a day on."""

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="prices", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    interval_months = models.PositiveSmallIntegerField(
        _("interval in months"), default=1
    )
    valid_on = models.DateField(_("from"))

    class Meta:
        verbose_name = _("price")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="billing_price_uniq"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, interval_months__gte=1),
                name="billing_price_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"
