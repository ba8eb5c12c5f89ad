"""Choices of the billing app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """What a line of a subscription's change log says."""

    START = "start", _("Started")
    CHANGE = "change", _("Changed")
    END = "end", _("Ended")


class PaymentState(models.TextChoices):
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Failed")


class ChurnKind(models.TextChoices):
    VOLUNTARY = "voluntary", _("Chose to leave")
    INVOLUNTARY = "involuntary", _("Payment failed")
