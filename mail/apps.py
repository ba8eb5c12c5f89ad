"""Mail: the outbox, and the only place that sends email."""

from django.apps import AppConfig
from django.core.checks import register


class MailConfig(AppConfig):
    name = "mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """This will have the kinds proved by `manage.py check` and at every start."""
        from mail.checks import check_mail_kinds  # noqa: PLC0415 - needs models

        register(check_mail_kinds)
