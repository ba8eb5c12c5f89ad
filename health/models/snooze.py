"""Customers hidden from the at-risk list for a while."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class Snooze(models.Model):
    """A customer is left out of the list until a day."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="+")
    until = models.DateField(_("until"))
    reason = FreeLine(_("why"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("snooze")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.until}"
