"""Who left, when and why."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.enums import ChurnKind
from common.fields import FreeText
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class ChurnEvent(models.Model):
    """A customer left on a day; a subscription that starts later brings it back."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    left_on = models.DateField(_("left on"))
    kind = models.CharField(
        max_length=12, choices=ChurnKind.choices, default=ChurnKind.VOLUNTARY
    )
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    secondary_reason = models.CharField(_("second reason"), max_length=80, blank=True)
    preventable = models.BooleanField(_("preventable"), null=True, blank=True)
    competitor = models.CharField(_("competitor"), max_length=80, blank=True)
    comment = FreeText(_("comment"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("churn event")
        verbose_name_plural = _("churn events")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "left_on"], name="billing_churn_once_a_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "left_on"],
                include=["recorded_at"],
                name="billing_churn_frame",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.left_on}"


class DepartureCheck(models.Model):
    """When we looked last for who has left. There is at most one row (id 1).

    Nobody can have left since unless a day has begun or a log was written, which the
    ledger counts (`changed`).
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    looked_on = models.DateField()
    changed = models.BigIntegerField()

    class Meta:
        verbose_name = _("look for who has left")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(id=1), name="billing_departure_check_single"
            ),
        ]

    def __str__(self) -> str:
        return str(self.looked_on)
