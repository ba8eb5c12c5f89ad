"""What we sell: products, their plans, prices in versions, bundles."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import PlanKind


class Product(models.Model):
    """Something we sell; its plans say how."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A plan, add-on, bundle or one-off product.

    Its price is kept in versions, so that old customers keep theirs. A retired plan is
    sold to nobody new.
    """

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=PlanKind.choices,
        default=PlanKind.BASE,
        db_default=PlanKind.BASE,
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="plans"
    )
    retired_on = models.DateField(_("not sold since"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")

    def __str__(self) -> str:
        return self.name


class PriceVersion(models.Model):
    """A plan's price for one unit and interval, from a day on.

    One-off products have no interval. For a currency and an interval the newest version
    that is valid counts.
    """

    plan = models.ForeignKey(
        Plan, models.PROTECT, related_name="prices", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    amount = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    interval_months = models.PositiveSmallIntegerField(
        _("interval in months"), null=True, blank=True, default=1
    )
    valid_on = models.DateField(_("from"))

    class Meta:
        verbose_name = _("price")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="billing_price_uniq"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0)
                & (Q(interval_months__isnull=True) | Q(interval_months__gte=1)),
                name="billing_price_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"


class BundlePart(models.Model):
    """A plan that a bundle contains."""

    bundle = models.ForeignKey(
        Plan, models.CASCADE, related_name="parts", db_index=False
    )
    part = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), default=1)

    class Meta:
        verbose_name = _("part of a bundle")
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "part"], name="billing_bundle_part_uniq"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & ~Q(bundle=F("part")),
                name="billing_bundle_part_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.quantity} x {self.part_id}"
