"""An index of the few messages that somebody should look at."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                condition=Q(("state__in", ["failed", "unknown"])),
                fields=["state", "-id"],
                name="mail_message_trouble",
            ),
        ),
    ]
