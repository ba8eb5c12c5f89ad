"""What customers bought once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.invoice import Invoice
from billing.models.plan import Plan
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class Purchase(models.Model):
    """A one-off product that a customer bought beside its subscriptions."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    bought_on = models.DateField(_("bought"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, quantity__gte=1),
                name="billing_purchase_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.plan_id}"
