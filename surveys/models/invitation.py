"""Who was asked, by which mails, and what was clicked before anything was confirmed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from customers.models.scope import Row, ScopedQuerySet
from mail.models import OutboxMessage
from surveys.enums import Drop, Flag, InvitationState
from surveys.models.survey import Survey, SurveyVersion


class Invitation(models.Model):
    """One contact whose turn it was in one round of a survey: asked, or dropped (why).

    The link's token is made of the id and the generation when it is needed
    (common.links, purpose "surveys.invitation"); none is stored. It opens nothing once
    the contact is gone or `ended_at` is set.
    """

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="invitations", db_index=False
    )
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    round = models.CharField(_("round"), max_length=60)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.ASKED
    )
    drop = models.CharField(
        max_length=14, choices=Drop.choices, default=Drop.NONE, blank=True
    )
    language = models.CharField(_("language"), max_length=10)
    generation = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # The link and the clicks are no longer kept.
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "round", "contact"], name="surveys_invitation_uniq"
            ),
            models.CheckConstraint(
                condition=Q(state=InvitationState.DROPPED) & ~Q(drop=Drop.NONE)
                | ~Q(state=InvitationState.DROPPED) & Q(drop=Drop.NONE),
                name="surveys_invitation_dropped_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "created_at"],
                include=["state", "answered_at"],
                name="surveys_invitation_frame",
            ),
            # When was this person last asked?
            models.Index(
                fields=["contact", "-created_at"], name="surveys_invitation_person"
            ),
            models.Index(
                fields=["survey", "state", "created_at"],
                name="surveys_invitation_survey",
            ),
            # What the tick looks for: reminders and ends.
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(state=InvitationState.ASKED),
                name="surveys_invitation_open",
            ),
            # Whose link is to be forgotten one day.
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(
                    state__in=[InvitationState.ANSWERED, InvitationState.EXPIRED],
                    ended_at__isnull=True,
                ),
                name="surveys_invitation_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.contact_id}"


class PartQuerySet(ScopedQuerySet[Row]):
    """What belongs to an invitation."""

    owner = "invitation__customer__owner_id"


class InvitationMail(models.Model):
    """A mail of an invitation: the first (number 0) or a reminder (1, 2)."""

    invitation = models.ForeignKey(
        Invitation, models.CASCADE, related_name="mails", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    message = models.OneToOneField(OutboxMessage, models.CASCADE, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "number"], name="surveys_invitationmail_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.number}"


class Click(models.Model):
    """Somebody, or something, opened the link. It is no answer and enters no figure."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="clicks")
    clicked_at = models.DateTimeField()
    # The score in the link; a plain link has none.
    score = models.PositiveSmallIntegerField(null=True)
    # Since the newest mail was handed over; unknown for what never was.
    seconds = models.PositiveIntegerField(null=True)
    agent = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=45, blank=True)
    flags = ArrayField(
        models.CharField(max_length=8, choices=Flag.choices), default=list
    )

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("click")

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.score}"
