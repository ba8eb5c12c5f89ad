"""What a draft scorecard would change."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from health.enums import PreviewState
from health.models.run import Run
from health.models.scorecard import ScorecardVersion


class Preview(models.Model):
    """The whole portfolio scored by a draft, beside what is in use; made by a worker.

    One per draft and `revision` of its content. `result` holds what the page shows:
    bands against bands with customers and revenue, the biggest movers, the backtest.
    """

    version = models.ForeignKey(
        ScorecardVersion, models.CASCADE, related_name="previews", db_index=False
    )
    revision = models.PositiveIntegerField()
    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(
        max_length=10, choices=PreviewState.choices, default=PreviewState.PENDING
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("preview")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "revision", "run"], name="health_preview_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} r{self.revision}"
