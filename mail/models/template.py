"""Mails that administrators write."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Template(models.Model):
    """A mail to customers with merge fields from an allow-list (`mail.merging`)."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """The words as they were once sent; never changed after `frozen_at`.

    `texts` is {language: {"subject": …, "body": …}}; a missing language falls back to the
    first one.
    """

    template = models.ForeignKey(
        Template, models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="mail_templateversion_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"
