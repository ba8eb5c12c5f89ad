"""The outbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import FreeText
from common.mailing import Category
from customers.models import Contact, Customer
from customers.models.scope import ScopedQuerySet
from mail.enums import MessageState, Reason
from mail.models.server import Sender
from mail.models.template import TemplateVersion


class MessageQuerySet(ScopedQuerySet["OutboxMessage"]):
    """Speaks of messages the way people do.

    Mail to our own people belongs to no customer: an administrator's business alone.
    """

    def visible_to(self, user: User) -> "MessageQuerySet":
        """This will keep what the person may see: mail to customers they may see."""
        if user.is_admin:
            return self
        return super().visible_to(user).filter(customer__isnull=False)

    def editable_by(self, user: User) -> "MessageQuerySet":
        """This will keep what the person may cancel or send again."""
        if user.is_admin:
            return self
        return super().editable_by(user).filter(customer__isnull=False)


class OutboxMessage(models.Model):
    """One mail to one address, and how far it has come.

    pending → (claimed: `claim`, `lease_until`) → sending → sent | failed | unknown. The
    step to "sending" is committed before the first byte goes out, the outcome after the
    server's last word. So a crash leaves either a message that was not begun, which
    anybody may claim again when the lease has run out, or one that may have gone, which
    becomes "unknown" and is sent again only by a person.

    The body is not kept: `kind` and `template_version` with the ids in `data` make it
    again.
    """

    # The same effect is asked for once: (survey round, contact), (digest, user, day) …
    effect_key = models.CharField(max_length=150)
    kind = models.CharField(_("kind"), max_length=60)
    kind_version = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(_("category"), max_length=10, choices=Category.choices)
    # Every step of a message rewrites all its indexes, so few foreign keys have one.
    template_version = models.ForeignKey(
        TemplateVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    data = models.JSONField(default=dict)
    # Emptied when the person is erased.
    to_email = models.CharField(_("to"), max_length=254, blank=True)
    to_name = models.CharField(max_length=150, blank=True)
    # The part after the @, for the pace.
    domain = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # Who asked for it; empty for the machine.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    sender = models.ForeignKey(
        Sender,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    message_id = models.CharField(max_length=200)
    in_reply_to = models.CharField(max_length=200, blank=True)
    in_working_hours = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("not after"), null=True, blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=MessageState.choices,
        default=MessageState.PENDING,
    )
    reason = models.CharField(
        max_length=12, choices=Reason.choices, default=Reason.NONE, blank=True
    )
    # The server's own words.
    reply = FreeText(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # A provider's own id, which its webhooks name.
    provider_id = models.CharField(max_length=200, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    complained_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["effect_key"], name="mail_message_effect_once"
            ),
            models.UniqueConstraint(fields=["message_id"], name="mail_message_id_once"),
            models.CheckConstraint(
                condition=Q(state__in=MessageState.values), name="mail_message_state"
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENT) | Q(sent_at__isnull=False),
                name="mail_message_sent_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=MessageState.SENDING)
                | Q(claim__isnull=False, lease_until__isnull=False),
                name="mail_message_sending_claimed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=MessageState.PENDING),
                name="mail_message_pending",
            ),
            # A new password does not wait behind a large mailing.
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=MessageState.PENDING, category=Category.SERVICE),
                name="mail_message_service",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=MessageState.SENDING),
                name="mail_message_sending",
            ),
            models.Index(
                fields=["sent_at", "domain"],
                condition=Q(sent_at__isnull=False),
                name="mail_message_pace",
            ),
            models.Index(
                fields=["contact", "sent_at"],
                condition=Q(contact__isnull=False),
                name="mail_message_contact",
            ),
            models.Index(fields=["-id", "state"], name="mail_message_list"),
            # The few that somebody should look at.
            models.Index(
                fields=["state", "-id"],
                condition=Q(state__in=[MessageState.FAILED, MessageState.UNKNOWN]),
                name="mail_message_trouble",
            ),
            models.Index(
                fields=["provider_id"],
                condition=~Q(provider_id=""),
                name="mail_message_provider",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}: {self.state}"
