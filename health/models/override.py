"""Scores set by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class Override(models.Model):
    """Somebody who knows better lets another score count, for a reason and a time.

    It counts on the days from `created_at` up to and with `expires_on`, until `ended_at`.
    Rows are never deleted, so that past days are explained as they were.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    score = models.PositiveSmallIntegerField(_("score"))
    reason = FreeText(_("why"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_on = models.DateField(_("until"))
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("score set by hand")
        constraints = [
            models.CheckConstraint(
                condition=Q(score__lte=100), name="health_override_score"
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(ended_at__isnull=True),
                name="health_override_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "created_at"], name="health_override_days")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score}"
