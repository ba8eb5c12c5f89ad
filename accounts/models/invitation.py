"""An open door for one person."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models.team import Team


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Speaks of invitations the way people do."""

    def waiting(self) -> "InvitationQuerySet":
        """This will keep those that were neither accepted nor withdrawn."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open(self, now: dt.datetime) -> "InvitationQuerySet":
        """This will keep those that can be accepted now."""
        return self.waiting().filter(expires_at__gt=now)


class Invitation(models.Model):
    """Somebody who was asked to join, and what they will be.

    The link's token is made again from id and generation when the mail is rendered
    (`common.links`); sending once more raises the generation and ends the older link.
    """

    email = models.EmailField(_("email address"))
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(
        _("role"), max_length=10, choices=Role.choices, default=Role.CSM
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    generation = models.PositiveSmallIntegerField(default=1)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who came of it."),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="accounts_invitation_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                name="accounts_invitation_one_end",
            ),
        ]

    def __str__(self) -> str:
        return self.email
