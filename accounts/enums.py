"""Choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; each role includes what the ones below it may."""

    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    CSM = "csm", _("Customer success manager")
    VIEWER = "viewer", _("Viewer")


class Reach(models.TextChoices):
    """How far a CSM's sight or hand reaches. The order is from narrow to wide."""

    OWN = "own", _("Own customers")
    TEAM = "team", _("Customers of the team")
    ALL = "all", _("All customers")


class Digest(models.TextChoices):
    """How often a person gets the personal digest by mail."""

    OFF = "off", _("Never")
    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Once a week")


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
