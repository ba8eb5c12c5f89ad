"""The timeline: what happened, once, for ever."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.enums import DeliveryState
from customers.events import STAGE_CHANGED
from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class Event(models.Model):
    """Something that happened with a customer, with all that is needed to show it.

    `data` holds ids instead of a person's details, so that erasing a person works.
    The template of a line is `<app>/events/<name>.html`, found by the kind.
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=60)
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(
                fields=["customer", "-happened_at", "-id"], name="customers_event_line"
            ),
            # Whose stage changed lately.
            models.Index(
                fields=["happened_at", "id"],
                condition=models.Q(kind=STAGE_CHANGED),
                name="customers_event_stage",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class DeliveryQuerySet(ScopedQuerySet["EventDelivery"]):
    """Deliveries belong to their event's customer."""

    owner = "event__customer__owner_id"


class EventDelivery(models.Model):
    """What one consumer still has to do about an event; born in its transaction."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="deliveries", db_index=False
    )
    consumer = models.CharField(max_length=60)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "consumer"], name="customers_delivery_uniq"
            ),
        ]
        indexes = [
            models.Index(
                fields=["consumer", "id"],
                condition=models.Q(state=DeliveryState.PENDING),
                name="customers_delivery_pending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.state}"
