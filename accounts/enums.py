"""Choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; each role includes what the ones below it may."""

    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("Manager")
    CSM = "csm", _("Customer success manager")
    VIEWER = "viewer", _("Viewer")


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
