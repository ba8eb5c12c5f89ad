"""What the forecasts learn from: past days, read part by part by the workers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from health.enums import PartState, TrainingCause, TrainingState


class Training(models.Model):
    """The past read day by day, and what is learnt from it.

    `parameters` keeps what all parts are read with, so that a training that is taken up
    again reads the same: the days, and how many customers stand for all.
    """

    cause = models.CharField(max_length=10, choices=TrainingCause.choices)
    month = models.DateField(null=True, blank=True)  # of a monthly one: its first day
    as_of = models.DateField(_("as of"))
    known_before = models.DateTimeField()
    parameters = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=TrainingState.choices, default=TrainingState.COLLECTING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                condition=Q(cause=TrainingCause.MONTHLY),
                name="health_training_once_a_month",
            ),
            # Whoever asks twice gets the one that is under way.
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["collecting", "learning"]),
                name="health_training_one_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="health_training_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.as_of}"

    @property
    def words(self) -> str:
        """The reason in the reader's language, where it is one of ours."""
        return gettext(self.reason) if self.reason else ""


class TrainingPart(models.Model):
    """A day and a range of customers of a training; `rows` are kept until it ends."""

    training = models.ForeignKey(
        Training, models.CASCADE, related_name="parts", db_index=False
    )
    day = models.DateField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=PartState.choices, default=PartState.PENDING
    )
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    rows = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("part of a training")
        constraints = [
            models.UniqueConstraint(
                fields=["training", "day", "first_id"], name="health_trainingpart_uniq"
            ),
            models.CheckConstraint(
                condition=Q(first_id__lte=models.F("last_id")),
                name="health_trainingpart_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_id}: {self.day} {self.first_id}–{self.last_id}"
