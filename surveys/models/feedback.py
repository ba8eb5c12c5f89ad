"""What customers say without being asked."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.models import Contact, Customer, SupportTicket
from customers.models.scope import ScopedQuerySet
from surveys.enums import FeedbackSource


class Feedback(models.Model):
    """A comment from a ticket, a call, a review or anywhere else."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ticket = models.ForeignKey(
        SupportTicket, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    source = models.CharField(
        _("source"), max_length=10, choices=FeedbackSource.choices
    )
    url = models.URLField(_("link"), max_length=500, blank=True)
    text = FreeText(_("what was said"))
    language = models.CharField(_("language"), max_length=10, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    said_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            models.Index(fields=["-said_at", "-id"], name="surveys_feedback_newest"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
