"""Making the sums of the ledger, range of customers by range."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import BuildState


class LedgerBuild(models.Model):
    """One making of the sums, by one worker at a time under a lease.

    `parameters` keeps what all ranges are reckoned with (the day, conventions, rates),
    so that a build that is taken up again reckons the same; `made_with` is their
    fingerprint. `counted` is where the count of changes stood when it began.
    """

    day = models.DateField()
    counted = models.BigIntegerField()
    made_with = models.CharField(max_length=32)
    parameters = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, choices=BuildState.choices, default=BuildState.RUNNING
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    got_on = models.PositiveIntegerField(default=0)  # the attempt that last did a range
    seconds = models.FloatField(default=0)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("making of the ledger")
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state="running"),
                name="billing_ledger_one_build",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class LedgerPart(models.Model):
    """The sums of a range of customers, kept until something in it changes.

    `changed` and `built` are places in the count of changes: when a customer in it was
    last outdated, and up to where `content` (billing.calculations.revenue.part) counts.
    """

    first_id = models.BigIntegerField(unique=True)
    last_id = models.BigIntegerField()
    changed = models.BigIntegerField(default=0, db_default=0)
    built = models.BigIntegerField(default=-1, db_default=-1)
    made_with = models.CharField(max_length=32, blank=True, default="", db_default="")
    content = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("part of the ledger")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_id__lte=F("last_id")), name="billing_ledgerpart_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.last_id}"
