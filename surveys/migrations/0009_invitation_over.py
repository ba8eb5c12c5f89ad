"""The links that are to end are found without reading all invitations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0008_survey_asking")]

    operations = [
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(
                    ("ended_at__isnull", True),
                    ("state__in", ["answered", "expired"]),
                ),
                fields=["expires_at", "id"],
                name="surveys_invitation_over",
            ),
        ),
    ]
