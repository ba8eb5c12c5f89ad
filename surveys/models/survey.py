"""What is asked, of whom and when."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.enums import Stage
from mail.models import Sender
from surveys.enums import Counting, Schedule, SurveyKind, SurveyState


class Survey(models.Model):
    """A one-question survey; its wording lives in versions.

    Whom it asks: customers of all the given segments, stages and plans (an empty list
    takes everybody), of each customer the contacts of the given roles, at most
    `contacts_limit` of them.
    """

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=4, choices=SurveyKind.choices)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SurveyState.choices,
        default=SurveyState.DRAFT,
    )
    sender = models.ForeignKey(
        Sender,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sender"),
    )
    counting = models.CharField(
        _("a score counts"),
        max_length=8,
        choices=Counting.choices,
        default=Counting.GESTURE,
    )

    segments = ArrayField(
        models.SlugField(), verbose_name=_("segments"), default=list, blank=True
    )
    stages = ArrayField(
        models.CharField(max_length=12, choices=Stage.choices),
        verbose_name=_("lifecycle stages"),
        default=list,
        blank=True,
    )
    plans = ArrayField(
        models.SlugField(), verbose_name=_("plans"), default=list, blank=True
    )
    roles = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("contacts’ roles"),
        default=list,
        blank=True,
    )
    contacts_limit = models.PositiveSmallIntegerField(
        _("contacts per customer"),
        default=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty asks all of them."),
    )

    schedule = models.CharField(
        _("schedule"), max_length=8, choices=Schedule.choices, default=Schedule.ONCE
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    every_days = models.PositiveSmallIntegerField(
        _("every so many days"), default=182, validators=[MinValueValidator(7)]
    )
    days_before = models.PositiveSmallIntegerField(
        _("days before the renewal"), default=120, validators=[MinValueValidator(1)]
    )
    trigger = models.CharField(_("after"), max_length=40, blank=True)
    delay_hours = models.PositiveSmallIntegerField(_("hours later"), default=24)
    share = models.PositiveSmallIntegerField(
        _("share asked, in percent"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    reminders = models.PositiveSmallIntegerField(
        _("reminders"), default=1, validators=[MaxValueValidator(2)]
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("days between them"), default=4, validators=[MinValueValidator(1)]
    )
    expires_days = models.PositiveSmallIntegerField(
        _("days to answer"), default=30, validators=[MinValueValidator(1)]
    )

    created_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    # The last local day whose turn is over, and which mails have had their reminders.
    asked_on = models.DateField(null=True)
    reminded_until = models.DateTimeField(null=True)
    # Why nobody could be asked at the last try; empty when all is well.
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.CheckConstraint(
                condition=Q(reminders__lte=2), name="surveys_survey_reminders"
            ),
            models.CheckConstraint(
                condition=Q(share__range=(1, 100)), name="surveys_survey_share"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SurveyVersion(models.Model):
    """The wording of a survey; frozen at the first send, then never changed.

    `content` is what surveys.calculations.content reads: texts by language, the default
    language, the colour and the name it is asked under.
    """

    survey = models.ForeignKey(
        Survey, models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(
        default=dict, help_text=_("Questions and texts by language.")
    )
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("survey version")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="surveys_version_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.number}"
