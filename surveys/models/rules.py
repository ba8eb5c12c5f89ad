"""What holds for all surveys."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SurveyRules(models.Model):
    """How often people are asked, whatever the survey. There is at most one row (id 1)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    throttle_days = models.PositiveSmallIntegerField(
        _("days between two surveys to a person"), default=90
    )
    new_contact_days = models.PositiveSmallIntegerField(
        _("days before a new contact is asked"), default=30
    )
    reply_hours = models.PositiveSmallIntegerField(
        _("hours to reply to bad news"),
        default=48,
        validators=[MinValueValidator(1)],
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days to keep links and clicks after the end"),
        default=365,
        validators=[MinValueValidator(30)],
    )

    class Meta:
        verbose_name = _("survey rules")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="surveys_rules_single"),
        ]

    def __str__(self) -> str:
        return str(_("survey rules"))
