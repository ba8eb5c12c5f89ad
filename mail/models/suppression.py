"""Who gets no mail any more."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine
from mail.enums import SuppressionReason, SuppressionScope


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """Speaks of the list the way people do."""

    def active(self) -> "SuppressionQuerySet":
        """This will keep what has not been lifted."""
        return self.filter(lifted_at=None)


class Suppression(models.Model):
    """An address that is not to be written to, why, and who said so.

    `address_hash` (keyed, of the address in lower case) is what mail is checked against;
    `email` is emptied when the person is erased, and the wish survives.
    """

    email = models.CharField(_("email address"), max_length=254, blank=True)
    address_hash = models.CharField(max_length=64)
    scope = models.CharField(
        _("gets no more"), max_length=8, choices=SuppressionScope.choices
    )
    reason = models.CharField(
        _("reason"), max_length=14, choices=SuppressionReason.choices
    )
    # Where it came from: the link of message 17, a provider's webhook, the server's words.
    source = FreeLine(_("source"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("since"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppression list")
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "scope"],
                condition=Q(lifted_at=None),
                name="mail_suppression_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email or self.address_hash[:8]}: {self.scope}"
