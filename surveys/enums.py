"""Choices of the surveys app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SurveyKind(models.TextChoices):
    """The three one-question surveys."""

    NPS = "nps", _("Net Promoter Score (0–10)")
    CSAT = "csat", _("Customer satisfaction (1–5)")
    CES = "ces", _("Customer effort (1–7)")


class SurveyState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    # Answers that were collected elsewhere; nobody is asked.
    IMPORTED = "imported", _("Imported")


class Schedule(models.TextChoices):
    """When somebody is asked."""

    ONCE = "once", _("Once")
    EVERY = "every", _("Again and again")
    RENEWAL = "renewal", _("Before a renewal")
    EVENT = "event", _("After something happened")


class Counting(models.TextChoices):
    """When a score counts. A click in the mail alone never does."""

    GESTURE = "gesture", _("As soon as the person touches the page")
    SENT = "sent", _("Only when the person presses Send")


class InvitationState(models.TextChoices):
    """Whether the mail has arrived is the outbox's to say."""

    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    EXPIRED = "expired", _("Expired")
    DROPPED = "dropped", _("Not asked")


class Drop(models.TextChoices):
    """Why somebody whose turn it was is not asked. It is not made up for later."""

    NONE = "", ""
    THROTTLED = "throttled", _("Was asked not long ago")
    NEW = "new", _("Has been a contact for too short a time")
    UNSUBSCRIBED = "unsubscribed", _("Does not want surveys")
    DEAD = "dead", _("The address does not work")
    NO_ADDRESS = "no_address", _("Has no email address")
    NOT_SAMPLED = "not_sampled", _("Was not drawn")
    ENOUGH = "enough", _("Enough others of the customer are asked")


class ResponseSource(models.TextChoices):
    """How an answer was confirmed."""

    GESTURE = "gesture", _("Touched the page")
    SENT = "sent", _("Pressed send")
    IMPORTED = "imported", _("Imported")


class Flag(models.TextChoices):
    """What makes an answer look like a machine's. A flag is evidence, not a verdict."""

    FAST = "fast", _("Within a minute of delivery")
    MANY = "many", _("Three scores within ten seconds")
    TRAP = "trap", _("Followed a link that people do not see")
    SCANNER = "scanner", _("A known mail scanner")


class Decision(models.TextChoices):
    """What an administrator said about an answer."""

    NONE = "", _("By the rule")
    COUNT = "count", _("Counted")
    DISCOUNT = "discount", _("Not counted")


class LoopState(models.TextChoices):
    """How far somebody has got with an answer."""

    NEW = "new", _("New")
    IN_TOUCH = "in_touch", _("In touch")
    RESOLVED = "resolved", _("Resolved")


class FeedbackSource(models.TextChoices):
    """Where something was said when it was no survey."""

    TICKET = "ticket", _("Support ticket")
    CALL = "call", _("Call")
    EMAIL = "email", _("Email")
    REVIEW = "review", _("Review")
    SOCIAL = "social", _("Social media")
    OTHER = "other", _("Other")


class ThemeState(models.TextChoices):
    OPEN = "open", _("Open")
    PLANNED = "planned", _("Planned")
    DOING = "doing", _("Being worked on")
    RESOLVED = "resolved", _("Resolved")
    DECLINED = "declined", _("Will not be done")


class MentionOrigin(models.TextChoices):
    """Who put a comment under a theme."""

    RULE = "rule", _("A rule")
    PERSON = "person", _("A person")


class SuggestionState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
