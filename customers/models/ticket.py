"""A request for support."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.constraints import both_or_neither
from common.fields import FreeLine
from customers.enums import Channel, Priority
from customers.models.contact import Contact
from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class SupportTicket(models.Model):
    """A ticket and its milestones, each with the time it became known to us."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="tickets", db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    subject = FreeLine(_("subject"), max_length=250, blank=True)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.OTHER
    )
    priority = models.CharField(
        _("priority"), max_length=10, choices=Priority.choices, default=Priority.MEDIUM
    )
    opened_at = models.DateTimeField(_("opened"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    first_response_at = models.DateTimeField(_("first response"), null=True, blank=True)
    first_response_recorded_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_recorded_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    escalated_recorded_at = models.DateTimeField(null=True, blank=True)
    # The first time it was opened again after it had been resolved.
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)
    reopened_recorded_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    satisfaction_recorded_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("support ticket")
        verbose_name_plural = _("support tickets")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True)
                | Q(resolved_at__gte=models.F("opened_at")),
                name="customers_ticket_order",
            ),
            models.CheckConstraint(
                condition=both_or_neither("resolved_at", "resolved_recorded_at"),
                name="customers_ticket_resolved_known",
            ),
            models.CheckConstraint(
                condition=both_or_neither("escalated_at", "escalated_recorded_at"),
                name="customers_ticket_escalated_known",
            ),
            models.CheckConstraint(
                condition=both_or_neither("reopened_at", "reopened_recorded_at"),
                name="customers_ticket_reopened_known",
            ),
            models.CheckConstraint(
                condition=both_or_neither(
                    "first_response_at", "first_response_recorded_at"
                ),
                name="customers_ticket_response_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    satisfaction__isnull=True, satisfaction_recorded_at__isnull=True
                )
                | Q(satisfaction__range=(1, 5), satisfaction_recorded_at__isnull=False),
                name="customers_ticket_satisfaction",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "opened_at"],
                include=[
                    "recorded_at",
                    "resolved_at",
                    "resolved_recorded_at",
                    "escalated_at",
                    "escalated_recorded_at",
                    "satisfaction",
                    "satisfaction_recorded_at",
                    "priority",
                    "first_response_at",
                    "first_response_recorded_at",
                    "reopened_at",
                    "reopened_recorded_at",
                ],
                name="customers_ticket_frame",
            ),
            # When did the source last speak?
            models.Index(
                fields=["opened_at"],
                include=["recorded_at"],
                name="customers_ticket_opened",
            ),
            # What was resolved lately, whoever's it is.
            models.Index(
                fields=["resolved_at", "id"],
                condition=Q(resolved_at__isnull=False),
                name="customers_ticket_resolved",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.external_id
