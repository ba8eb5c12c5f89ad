"""Choices of the mail app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """Where a message is. Only a person moves one out of "unknown"."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown")
    # Not sent on purpose: unsubscribed, left, withdrawn. `reason` says which.
    DROPPED = "dropped", _("Not sent")


class Reason(models.TextChoices):
    """Why a message waits, failed or was not sent."""

    NONE = "", _("No reason")
    # failed
    REFUSED = "refused", _("The mail server refused it for good")
    GAVE_UP = "gave_up", _("Tried too often")
    BROKEN = "broken", _("It could not be written")
    # dropped
    SUPPRESSED = "suppressed", _("On the suppression list")
    LEFT = "left", _("The contact has left")
    ERASED = "erased", _("The contact was erased")
    POINTLESS = "pointless", _("No longer needed")
    EXPIRED = "expired", _("Too late")
    CANCELLED = "cancelled", _("Cancelled by a person")
    # pending, later than asked
    RETRY = "retry", _("The mail server asked to try later")
    QUIET = "quiet", _("The contact had mail a short while ago")
    HOURS = "hours", _("Outside the recipient's working hours")


class ServerKind(models.TextChoices):
    """How mail leaves. A provider's key is stored beside PROVIDER."""

    MAILBOX = "mailbox", _("Nowhere: keep it in the local mailbox")
    SMTP = "smtp", _("A mail server (SMTP)")
    PROVIDER = "provider", _("A mail provider's interface")


class Security(models.TextChoices):
    """How the connection to a mail server is protected."""

    STARTTLS = "starttls", _("STARTTLS (port 587)")
    TLS = "tls", _("TLS from the start (port 465)")
    NONE = "none", _("None (port 25, this machine only)")


class SuppressionScope(models.TextChoices):
    """What an address no longer gets."""

    SURVEYS = "surveys", _("Surveys")
    ALL = "all", _("Everything but service mail")
    # The address does not work: nothing at all goes there.
    DEAD = "dead", _("Everything")


class SuppressionReason(models.TextChoices):
    """Why an address is on the list."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    HARD_BOUNCE = "hard_bounce", _("The address does not work")
    COMPLAINT = "complaint", _("Marked as spam")
    BY_HAND = "by_hand", _("Added by a person")
    ERASED = "erased", _("Erased, and asked for no more mail")


class ReportKind(models.TextChoices):
    """What a provider's webhook tells about a mail."""

    TAKEN = "taken", _("Taken by the provider")
    DELIVERED = "delivered", _("Delivered")
    DELAYED = "delayed", _("Delayed")
    # The address does not work, as against: full, too big, taken for spam.
    BOUNCED = "bounced", _("Came back: the address does not work")
    RETURNED = "returned", _("Came back")
    REFUSED = "refused", _("Refused by the provider")
    COMPLAINED = "complained", _("Marked as spam")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
