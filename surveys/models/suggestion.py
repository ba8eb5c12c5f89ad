"""Groups of comments that no theme holds yet, found by a machine, judged by a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from surveys.enums import SuggestionState
from surveys.models.theme import Theme


class SuggestionRun(models.Model):
    """One search through the comments that no theme holds."""

    state = models.CharField(
        max_length=8, choices=SuggestionState.choices, default=SuggestionState.RUNNING
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # The worker that has it, and until when it must have said something.
    claim = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    # How many comments are looked at, of which so many are done, and why it failed.
    comments = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("search for themes")
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state=SuggestionState.RUNNING),
                name="surveys_suggestionrun_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d}"


class Suggestion(models.Model):
    """Comments of one language that resemble each other, and their common words."""

    run = models.ForeignKey(
        SuggestionRun, models.CASCADE, related_name="suggestions", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10, blank=True)
    words = ArrayField(models.CharField(max_length=80))
    # What would find them, for the theme that is made of it.
    phrases = ArrayField(models.CharField(max_length=80), default=list)
    responses = ArrayField(models.BigIntegerField(), default=list)
    feedback = ArrayField(models.BigIntegerField(), default=list)
    dismissed_at = models.DateTimeField(null=True)
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position"], name="surveys_suggestion_uniq"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.words)
