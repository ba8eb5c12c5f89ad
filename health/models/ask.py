"""What healthy customers were asked for."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from health.enums import AskKind


class Ask(models.Model):
    """A customer was asked for a reference, a review or an expansion."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("what for"), max_length=10, choices=AskKind.choices)
    asked_at = models.DateTimeField(_("asked"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = FreeLine(_("note"), max_length=250, blank=True)
    agreed = models.BooleanField(_("agreed"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to a customer")
        indexes = [
            models.Index(
                fields=["customer", "-asked_at", "-id"], name="health_ask_last"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.kind}"
