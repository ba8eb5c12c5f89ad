"""Which measures count, and how much."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scorecard(models.Model):
    """A named way of scoring; its content lives in versions."""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")

    def __str__(self) -> str:
        return self.name


class ScorecardVersion(models.Model):
    """Weights, anchors, bands and floor; never changed once a run has used it."""

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    config = models.JSONField()
    note = models.TextField(_("note"), blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("scorecard version")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="health_scorecardversion_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} v{self.number}"
