"""What a customer has been taken for, and since when we know."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.enums import Stage
from customers.models.customer import Customer, Segment
from customers.models.scope import ScopedQuerySet


class ProfileChange(models.Model):
    """A line of the log of a customer's segment, stage and parent.

    The first line is as old as our knowledge of the customer; what stood on a day is the
    last line recorded by then. Lines are added by the import and `profile_note`, never
    changed.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    segment = models.ForeignKey(
        Segment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    stage = models.CharField(
        _("lifecycle stage"), max_length=12, choices=Stage.choices, blank=True
    )
    parent = models.ForeignKey(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    recorded_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a profile")
        indexes = [
            models.Index(
                fields=["customer", "recorded_at", "id"],
                include=["segment", "stage", "parent"],
                name="customers_profile_frame",
            ),
            # Whose log names a customer that is about to go.
            models.Index(
                fields=["parent"],
                condition=Q(parent__isnull=False),
                name="customers_profile_parent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.recorded_at:%Y-%m-%d}"
