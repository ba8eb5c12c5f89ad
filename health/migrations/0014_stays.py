"""The chance of staying past the next renewal."""

from django.db import migrations, models

# Raw: a float of four bytes, which a table filled by COPY has to declare as it is sent.
COLUMN = "ALTER TABLE health_standing ADD COLUMN stays real"
COLUMN_BACK = "ALTER TABLE health_standing DROP COLUMN stays"


class Migration(migrations.Migration):
    dependencies = [("health", "0013_shard_paths")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMN, COLUMN_BACK)],
            state_operations=[
                migrations.AddField(
                    model_name="standing",
                    name="stays",
                    field=models.FloatField(null=True),
                )
            ],
        ),
    ]
