"""The nightly run: what is to be computed, by whom, and how far it is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from health.enums import RunKind, RunState, ShardState
from health.models.scorecard import ScorecardVersion


class Run(models.Model):
    """One scoring of everybody as of a day, reading only what was known before a moment.

    `parameters` keeps what every shard reckons with (the version of the forecasts, margin,
    discount, ages), so that a run that is taken up again gives the same numbers.
    """

    kind = models.CharField(max_length=10, choices=RunKind.choices)
    as_of = models.DateField(_("as of"))
    local_date = models.DateField(_("night of"))
    known_before = models.DateTimeField()
    scorecard_version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, related_name="+"
    )
    parameters = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=RunState.choices, default=RunState.RUNNING
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        constraints = [
            models.UniqueConstraint(
                fields=["local_date"],
                condition=Q(kind=RunKind.NIGHTLY),
                name="health_run_once_a_night",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="health_run_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.as_of}"

    @property
    def words(self) -> str:
        """The reason in the reader's language, where it is one of ours."""
        return gettext(self.reason) if self.reason else ""


class Shard(models.Model):
    """A range of customers of a run; claimed by one worker at a time under a lease."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="shards", db_index=False)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=ShardState.choices, default=ShardState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    customers = models.PositiveIntegerField(default=0)
    # What its customers will bring (calculations.value_paths), until the run is shown.
    paths = models.JSONField(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("shard")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "first_id", "last_id"], name="health_shard_uniq"
            ),
            models.CheckConstraint(
                condition=Q(first_id__lte=models.F("last_id")),
                name="health_shard_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_id}–{self.last_id}"

    @property
    def words(self) -> str:
        """The reason in the reader's language, where it is one of ours."""
        return gettext(self.reason) if self.reason else ""


class RunFailure(models.Model):
    """A customer a run could not score, and why."""

    run = models.ForeignKey(
        Run, models.CASCADE, related_name="failures", db_index=False
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reason = models.TextField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "customer"], name="health_runfailure_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.reason}"

    @property
    def words(self) -> str:
        """The reason in the reader's language, where it is one of ours."""
        return gettext(self.reason)


class Heartbeat(models.Model):
    """When the schedule last ticked: the absence of a tick is visible."""

    name = models.SlugField(primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M}"
