"""A person at a customer."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.constraints import both_or_neither
from common.fields import FreeLine
from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class Contact(models.Model):
    """Somebody who works for a customer; gets mail and answers surveys."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contacts", db_index=False
    )
    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    name = FreeLine(_("name"), max_length=150)
    email = models.EmailField(_("email address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    title = FreeLine(_("job title"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)
    is_executive = models.BooleanField(_("executive sponsor"), default=False)
    # Who runs our product at the customer.
    is_admin = models.BooleanField(_("administrator"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_recorded_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "external_id"],
                condition=~Q(external_id=""),
                name="customers_contact_uniq",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_primary=True),
                name="customers_contact_one_primary",
            ),
            models.CheckConstraint(
                condition=both_or_neither("left_on", "left_recorded_at"),
                name="customers_contact_left_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "left_on"],
                include=[
                    "left_recorded_at",
                    "recorded_at",
                    "is_primary",
                    "is_executive",
                    "is_admin",
                    "id",
                ],
                name="customers_contact_frame",
            ),
            # The same person at several customers.
            models.Index(Lower("email"), name="customers_contact_email"),
        ]

    def __str__(self) -> str:
        return self.name
