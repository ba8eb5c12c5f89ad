"""Something a person means to do for a customer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine
from customers.enums import TaskState
from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class Task(models.Model):
    """A task; while open there is at most one per customer, type and reason."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="tasks")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    title = FreeLine(_("title"), max_length=200)
    type = models.SlugField(_("type"), max_length=40, default="todo")
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    snoozed_until = models.DateField(_("hidden until"), null=True, blank=True)
    snooze_reason = FreeLine(_("why"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "type", "reason"],
                condition=Q(state=TaskState.OPEN) & ~Q(reason=""),
                name="customers_task_open_uniq",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_at__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(closed_at__isnull=False)),
                name="customers_task_closed_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_on", "id"],
                condition=Q(state=TaskState.OPEN),
                name="customers_task_due",
            ),
            models.Index(
                fields=["customer", "due_on"],
                include=["created_at", "closed_at"],
                condition=Q(due_on__isnull=False),
                name="customers_task_frame",
            ),
        ]

    def __str__(self) -> str:
        return self.title
