"""Choices of the health app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Band(models.IntegerChoices):
    """What a score means. The numbers are stored and never change their meaning."""

    UNKNOWN = 0, _("Unknown")
    AT_RISK = 1, _("At risk")
    WATCH = 2, _("Watch")
    HEALTHY = 3, _("Healthy")


class RunKind(models.TextChoices):
    NIGHTLY = "nightly", _("Nightly")
    MANUAL = "manual", _("By hand")
    BACKFILL = "backfill", _("Past day")


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    FINISHING = "finishing", _("Finishing")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ShardState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    SPLIT = "split", _("Split")
    FAILED = "failed", _("Failed")


class Basis(models.IntegerChoices):
    """Where the score that counts comes from. The numbers are stored."""

    OWN = 0, _("Own data")
    OVERRIDE = 1, _("Set by hand")
    ROLLUP = 2, _("From its children")


class AskKind(models.TextChoices):
    """What a healthy customer may be asked for."""

    REFERENCE = "reference", _("Reference")
    REVIEW = "review", _("Review")
    EXPANSION = "expansion", _("Expansion")


class PreviewState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class TrainingCause(models.TextChoices):
    """Why the forecasts learn from the past."""

    MONTHLY = "monthly", _("Monthly")
    ASKED = "asked", _("Asked for")


class TrainingState(models.TextChoices):
    COLLECTING = "collecting", _("Reading the past")
    LEARNING = "learning", _("Learning")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class PartState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")


class Verdict(models.TextChoices):
    """How a version of the forecasts compares with the one in use."""

    FIRST = "first", _("The first")
    BETTER = "better", _("Better")
    LIKE = "like", _("As good")
    WORSE = "worse", _("Worse")
