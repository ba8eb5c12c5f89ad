"""Which measures count for whom, and how much."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.models import Segment


class Scorecard(models.Model):
    """A named way of scoring; its content lives in versions.

    A customer falls to the first scorecard, by priority, that names its segment, else to
    the default one.
    """

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_default = models.BooleanField(_("for everybody else"), default=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=10, help_text=_("The lowest number is looked at first.")
    )
    segments = models.ManyToManyField(
        Segment, related_name="+", verbose_name=_("segments"), blank=True
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("scorecard")
        verbose_name_plural = _("scorecards")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="health_scorecard_one_default",
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(retired_at__isnull=True),
                name="health_scorecard_default_stays",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name; the one we gave the default scorecard in the reader's language."""
        return gettext(self.name) if self.is_default else self.name


class ScorecardVersion(models.Model):
    """Weights, anchors, bands and floor; never changed once published.

    A version without `published_at` is the scorecard's one draft. The one in use is the
    one published last. `revision` counts the draft's edits, so that two people who edit
    it at once are told.
    """

    scorecard = models.ForeignKey(
        Scorecard, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    config = models.JSONField()
    note = FreeText(_("note"), blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("scorecard version")
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"], name="health_scorecardversion_uniq"
            ),
            models.UniqueConstraint(
                fields=["scorecard"],
                condition=Q(published_at__isnull=True),
                name="health_scorecardversion_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard_id} v{self.number}"
