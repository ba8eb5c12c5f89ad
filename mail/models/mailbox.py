"""Where mail lands while no server is configured, and what providers report."""

from typing import Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import FreeText
from customers.models.scope import ScopedQuerySet
from mail.models.message import OutboxMessage

Row = TypeVar("Row", bound=models.Model)


class OfMessageQuerySet(ScopedQuerySet[Row]):
    """What hangs on a message is seen by those who see the message."""

    owner = "message__customer__owner_id"

    def visible_to(self, user: User) -> Self:
        """This will keep what belongs to mail that the person may see."""
        if user.is_admin:
            return self
        return super().visible_to(user).filter(message__customer__isnull=False)

    def editable_by(self, user: User) -> Self:
        """This will keep what belongs to mail that the person may change."""
        if user.is_admin:
            return self
        return super().editable_by(user).filter(message__customer__isnull=False)


class MailboxMessage(models.Model):
    """A mail as it would have gone out: the local mailbox is its recipient."""

    # The same outbox row lands once, whatever happens.
    message = models.OneToOneField(
        OutboxMessage, models.CASCADE, related_name="+", verbose_name=_("message")
    )
    raw = models.BinaryField()
    received_at = models.DateTimeField()

    objects = OfMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="mail_mailbox_newest")]

    def __str__(self) -> str:
        return f"mailbox {self.message_id}"


class ProviderEvent(models.Model):
    """What a provider's webhook told: a bounce, a complaint. Stored once, then applied."""

    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    message = models.ForeignKey(
        OutboxMessage, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    recipient_hash = models.CharField(max_length=64, blank=True)
    description = FreeText(blank=True)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = OfMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="mail_providerevent_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.event_id}"
