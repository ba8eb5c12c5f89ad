"""Moving everybody on a version of a price to another, on purpose."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.plan import PriceVersion


class PriceMove(models.Model):
    """All subscriptions on a price move to another; worked off in slices by number.

    `on` is the day; empty: each at its own next renewal. Up to `reached` every
    subscription has been looked at.
    """

    source = models.ForeignKey(PriceVersion, models.PROTECT, related_name="+")
    target = models.ForeignKey(PriceVersion, models.PROTECT, related_name="+")
    on = models.DateField(_("day"), null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    waiting = models.PositiveIntegerField()  # how many there were when it was asked
    reached = models.BigIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move to another price")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="billing_price_move_elsewhere"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(finished_at__isnull=True),
                name="billing_price_move_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} -> {self.target_id}"
