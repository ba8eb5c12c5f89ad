"""NPS, CSAT and CES: questions, invitations, answers."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from customers.models.scope import ScopedQuerySet
from surveys.enums import SCALES, InvitationState, ResponseSource, SurveyKind


class Survey(models.Model):
    """A one-question survey; its wording lives in versions."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=4, choices=SurveyKind.choices)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """The wording of a survey; frozen at the first send, then never changed."""

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(
        default=dict, help_text=_("Questions and texts by language.")
    )
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("survey version")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="surveys_version_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"


class InvitationQuerySet(ScopedQuerySet["Invitation"]):
    """Invitations belong to their contact's customer."""

    owner = "contact__customer__owner_id"


class Invitation(models.Model):
    """One contact asked once in one round. Only the token's hash is kept."""

    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+")
    round = models.CharField(_("round"), max_length=60)
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.PENDING
    )
    generation = models.PositiveSmallIntegerField(default=0)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "round", "contact"], name="surveys_invitation_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.contact_id}"


def _score_in_scale() -> Q:
    """This will hold each kind of answer to its own scale."""
    condition = Q()
    for kind, (low, high) in SCALES.items():
        condition |= Q(kind=kind, score__range=(low, high))
    return condition


class Response(models.Model):
    """A confirmed answer. The kind stands here too, so that scores read one index."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="responses")
    invitation = models.OneToOneField(
        Invitation, models.SET_NULL, null=True, blank=True, related_name="response"
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=4, choices=SurveyKind.choices)
    score = models.PositiveSmallIntegerField(
        _("score"), validators=[MaxValueValidator(10)]
    )
    comment = models.TextField(_("comment"), blank=True)
    source = models.CharField(
        max_length=10, choices=ResponseSource.choices, default=ResponseSource.SENT
    )
    responded_at = models.DateTimeField(_("answered"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                condition=_score_in_scale(), name="surveys_response_in_scale"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "responded_at"],
                include=["recorded_at", "kind", "score"],
                name="surveys_response_frame",
            ),
            # Comments that wait for a reply, newest first; the rest is never looked for.
            models.Index(
                fields=["-responded_at", "-id"],
                condition=Q(kind=SurveyKind.NPS, score__lte=8, replied_at__isnull=True)
                & ~Q(comment=""),
                name="surveys_response_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.score}"
