"""Loads of CSV files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.enums import ImportState


class ImportRun(models.Model):
    """One load of a folder."""

    folder = models.CharField(_("folder"), max_length=500)
    state = models.CharField(
        max_length=10, choices=ImportState.choices, default=ImportState.RUNNING
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.folder


class ImportedFile(models.Model):
    """How far one file of a load has come: a killed load goes on from here."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    table = models.SlugField(max_length=40)
    name = models.CharField(max_length=255)
    digest = models.CharField(
        max_length=64, help_text=_("SHA-256 of the file and its mapping.")
    )
    lines_done = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    dropped = models.BigIntegerField(default=0)
    finished = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "table"], name="customers_importedfile_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.name
