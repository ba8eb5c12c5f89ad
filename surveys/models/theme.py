"""Pain points: what comments are about, who is to act, and how far that is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from surveys.enums import MentionOrigin, ThemeState
from surveys.models.feedback import Feedback
from surveys.models.response import Response


class Department(models.Model):
    """Who can do something about a theme; its members need not be users."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name


class DepartmentMember(models.Model):
    """Somebody who gets a department's links by mail."""

    department = models.ForeignKey(
        Department, models.CASCADE, related_name="members", db_index=False
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("email address"))
    language = models.CharField(_("language"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("member")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "email"], name="surveys_member_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A pain point that several comments speak of."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = FreeText(_("description"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ThemeState.choices, default=ThemeState.OPEN
    )
    department = models.ForeignKey(
        Department,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    resolution = FreeText(_("what was done"), blank=True)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self) -> str:
        return self.name


class ThemePhrase(models.Model):
    """Words that put a comment under a theme."""

    theme = models.ForeignKey(
        Theme, models.CASCADE, related_name="phrases", db_index=False
    )
    # Empty looks in comments of every language.
    language = models.CharField(_("language"), max_length=10, blank=True)
    phrase = models.CharField(_("word or phrase"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "language", "phrase"], name="surveys_phrase_uniq"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase


class Mention(models.Model):
    """A comment under a theme. One that a person took out stays out (`removed`)."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="mentions")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    response = models.ForeignKey(
        Response, models.CASCADE, null=True, related_name="mentions"
    )
    feedback = models.ForeignKey(
        Feedback, models.CASCADE, null=True, related_name="mentions"
    )
    origin = models.CharField(
        max_length=6, choices=MentionOrigin.choices, default=MentionOrigin.RULE
    )
    removed = models.BooleanField(default=False)
    said_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        constraints = [
            models.CheckConstraint(
                condition=Q(response__isnull=False, feedback__isnull=True)
                | Q(response__isnull=True, feedback__isnull=False),
                name="surveys_mention_of_one",
            ),
            models.UniqueConstraint(
                fields=["theme", "response"], name="surveys_mention_response_uniq"
            ),
            models.UniqueConstraint(
                fields=["theme", "feedback"], name="surveys_mention_feedback_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.response_id or self.feedback_id}"


class ThemeLink(models.Model):
    """A member's way to a theme's comments, and to nothing else (purpose "surveys.theme")."""

    theme = models.ForeignKey(
        Theme, models.CASCADE, related_name="links", db_index=False
    )
    member = models.ForeignKey(DepartmentMember, models.CASCADE, related_name="+")
    generation = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "member"], name="surveys_themelink_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.member_id}"


class ThemeNote(models.Model):
    """What somebody did or said about a theme."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    member = models.ForeignKey(
        DepartmentMember, models.SET_NULL, null=True, related_name="+"
    )
    text = FreeText(_("note"))
    # A member says that it is done; somebody who leads resolves the theme, or not.
    done = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("note")

    def __str__(self) -> str:
        return self.text[:60]


class ThemeTelling(models.Model):
    """What those who raised a resolved theme are told: subject and body by language."""

    theme = models.ForeignKey(Theme, models.CASCADE, related_name="tellings")
    texts = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("news of a theme")

    def __str__(self) -> str:
        return f"{self.theme_id} {self.created_at:%Y-%m-%d}"


class ThemeSearch(models.Model):
    """One way through all comments, putting them under one theme or under all.

    The cursors say how far it is; a slice of work moves them in its own transaction, so
    a worker that dies costs one slice.
    """

    # Empty looks for every theme.
    theme = models.ForeignKey(
        Theme, models.CASCADE, null=True, related_name="+", db_index=False
    )
    after_response = models.BigIntegerField(default=0)
    after_feedback = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("search through comments")
        constraints = [
            models.UniqueConstraint(
                fields=["theme"],
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
                name="surveys_themesearch_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.done}/{self.total}"
