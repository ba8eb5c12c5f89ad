"""How mail leaves, and in whose name."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mail.enums import Security, ServerKind


class MailServer(models.Model):
    """The one way out of this installation. There is exactly one row (id 1).

    `secrets` is sealed JSON (`common.sealing`): the SMTP password, a provider's API key
    and webhook keys. `options` is JSON of a provider's settings that are no secret.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    kind = models.CharField(
        _("mail leaves by"),
        max_length=10,
        choices=ServerKind.choices,
        default=ServerKind.MAILBOX,
    )
    host = models.CharField(_("server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(
        _("port"),
        default=587,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )
    security = models.CharField(
        _("protection"),
        max_length=10,
        choices=Security.choices,
        default=Security.STARTTLS,
    )
    username = models.CharField(_("user name"), max_length=200, blank=True)
    provider = models.CharField(_("provider"), max_length=40, blank=True)
    options = models.JSONField(default=dict, blank=True)
    secrets = models.TextField(default="", blank=True)
    # Part of the webhooks' address, so that a stranger cannot even knock.
    webhook_key = models.CharField(max_length=43, blank=True)
    per_hour = models.PositiveIntegerField(
        _("at most per hour"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    domain_per_hour = models.PositiveIntegerField(
        _("at most per hour and recipient's domain"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    quiet_hours = models.PositiveSmallIntegerField(
        _("hours between two mails to one contact"),
        default=24,
        help_text=_("Service mail does not count and does not wait."),
    )
    # The server's own words when it last refused us ourselves (not one recipient).
    trouble = models.TextField(blank=True)
    trouble_at = models.DateTimeField(null=True, blank=True)
    # Since when, and until when nothing is tried (`mail.services.trouble`).
    trouble_since = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail server")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="mail_server_single"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Sender(models.Model):
    """A name and address that mail comes from."""

    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("email address"))
    reply_to = models.EmailField(
        _("replies go to"),
        blank=True,
        help_text=_("Empty: to the customer's owner, else to this address."),
    )
    is_default = models.BooleanField(_("used unless another is chosen"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sender")
        verbose_name_plural = _("senders")
        ordering = ["-is_default", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="mail_sender_one_default",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(retired_at=None),
                name="mail_sender_default_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
