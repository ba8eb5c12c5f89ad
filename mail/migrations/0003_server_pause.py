"""How long the outbox waits for a server that does not let us in; service mail first."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_message_trouble_index")]

    operations = [
        migrations.AddField(
            "mailserver",
            "trouble_since",
            models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            "mailserver",
            "resumes_at",
            models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                condition=Q(("category", "service"), ("state", "pending")),
                fields=["due_at", "id"],
                name="mail_message_service",
            ),
        ),
    ]
