"""A contact between us and a customer."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.enums import InteractionKind
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class Interaction(models.Model):
    """A call, meeting, review, mail or note; a pulse is the CSM's own view from 1 to 5."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="interactions", db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=InteractionKind.choices)
    summary = FreeText(_("what happened"), blank=True)
    pulse = models.PositiveSmallIntegerField(
        _("pulse"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=InteractionKind.PULSE, pulse__range=(1, 5))
                | (~Q(kind=InteractionKind.PULSE) & Q(pulse__isnull=True)),
                name="customers_interaction_pulse",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "happened_at"],
                include=["recorded_at", "kind", "pulse", "contact", "id"],
                name="customers_interaction_frame",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%Y-%m-%d}"
