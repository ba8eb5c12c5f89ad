"""What was answered, how it changed, and what was replied."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.models import Contact, Customer
from customers.models.scope import Row, ScopedQuerySet
from mail.models import OutboxMessage
from surveys.calculations.scales import BORDERS, SCALES
from surveys.enums import (
    Decision,
    Flag,
    LoopState,
    ResponseSource,
    SurveyKind,
)
from surveys.models.invitation import Invitation
from surveys.models.survey import SurveyVersion


def _score_in_scale() -> Q:
    """This will hold each kind of answer to its own scale."""
    condition = Q()
    for kind, (low, high) in SCALES.items():
        condition |= Q(kind=kind, score__range=(low, high))
    return condition


def _below_high() -> Q:
    """This will keep the low and the middle group of each kind."""
    condition = Q()
    for kind, (_last_low, first_high) in BORDERS.items():
        condition |= Q(kind=kind, score__lt=first_high)
    return condition


# Somebody should get in touch: bad news that has a due time, or a comment that is not all
# praise. An answer collected elsewhere without a word waits for nobody.
WAITING = Q(
    Q(reply_due_at__isnull=False) | (~Q(comment="") & _below_high()),
    counted=True,
    no_reply=False,
    replied_at__isnull=True,
    resolved_at__isnull=True,
)


class ResponseQuerySet(ScopedQuerySet["Response"]):
    """Speaks of answers the way people do."""

    def counted(self) -> "ResponseQuerySet":
        """This will keep what enters figures."""
        return self.filter(counted=True)

    def waiting(self) -> "ResponseQuerySet":
        """This will keep what somebody should reply to and nobody has."""
        return self.filter(WAITING)


class Response(models.Model):
    """A confirmed answer. The kind stands here too, so that scores read one index.

    `counted` says whether it enters figures: the rule's word (flags and how it was
    confirmed), unless an administrator has decided.
    """

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
    comment = FreeText(_("comment"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    source = models.CharField(
        max_length=10, choices=ResponseSource.choices, default=ResponseSource.SENT
    )
    no_reply = models.BooleanField(_("wants no reply"), default=False)
    responded_at = models.DateTimeField(_("answered"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    flags = ArrayField(
        models.CharField(max_length=8, choices=Flag.choices), default=list, blank=True
    )
    counted = models.BooleanField(_("counted"), default=True)
    decision = models.CharField(
        max_length=8, choices=Decision.choices, default=Decision.NONE, blank=True
    )

    reply_due_at = models.DateTimeField(_("reply due"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolution = FreeText(_("what was done"), blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ResponseQuerySet.as_manager()

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
                include=["recorded_at", "kind", "score", "counted", "contact", "id"],
                name="surveys_response_frame",
            ),
            # What waits for a reply, newest first; the rest is never looked for.
            models.Index(
                fields=["-responded_at", "-id"],
                condition=WAITING,
                name="surveys_response_waits",
            ),
            models.Index(
                fields=["-responded_at", "-id"], name="surveys_response_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.score}"

    @property
    def loop_state(self) -> LoopState:
        """How far somebody has got with it."""
        if self.resolved_at:
            return LoopState.RESOLVED
        return LoopState.IN_TOUCH if self.replied_at else LoopState.NEW


class PartQuerySet(ScopedQuerySet[Row]):
    """What belongs to an answer."""

    owner = "response__customer__owner_id"


class ResponseEdit(models.Model):
    """An answer as it was confirmed at one moment; the newest is what stands."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="edits")
    score = models.PositiveSmallIntegerField()
    comment = FreeText(blank=True)
    no_reply = models.BooleanField(default=False)
    source = models.CharField(max_length=10, choices=ResponseSource.choices)
    edited_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit of an answer")

    def __str__(self) -> str:
        return f"{self.response_id} {self.score}"


class Reply(models.Model):
    """What one of us wrote to somebody who answered."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="replies")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    text = FreeText(_("reply"))
    message = models.OneToOneField(
        OutboxMessage, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")

    def __str__(self) -> str:
        return f"{self.response_id} {self.created_at:%Y-%m-%d}"
