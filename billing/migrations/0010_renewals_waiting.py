"""Finding the checkpoints that wait for people; how renewals turned out."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0009_departures")]

    operations = [
        migrations.AddField(
            model_name="renewalstate",
            name="record",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="renewalcheckpoint",
            index=models.Index(
                condition=models.Q(("days_before", 90), ("view", "")),
                fields=["renews_on"],
                name="billing_checkpoint_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="renewalcheckpoint",
            index=models.Index(
                condition=models.Q(
                    models.Q(("view", ""), _negated=True),
                    ("settled_at__isnull", True),
                ),
                fields=["renews_on"],
                name="billing_checkpoint_said",
            ),
        ),
    ]
