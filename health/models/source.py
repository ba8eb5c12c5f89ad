"""How often each source is expected to speak."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceRhythm(models.Model):
    """A source may be silent for so many days; without a number it is never late.

    A source without a row has the rhythm of `health.calculations.sources.RHYTHMS`.
    """

    source = models.SlugField(_("source"), primary_key=True)
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)

    class Meta:
        verbose_name = _("rhythm of a source")

    def __str__(self) -> str:
        return f"{self.source}: {self.days}"
