"""Who bought without a subscription and counts as gone."""

from django.db import migrations, models

# Raw: tables that are swapped in whole, and read by the columns they are made with.
COLUMNS = """
ALTER TABLE health_standing ADD COLUMN gone boolean NOT NULL DEFAULT false;
ALTER TABLE health_board ADD COLUMN gone boolean NOT NULL DEFAULT false;
"""
COLUMNS_BACK = """
ALTER TABLE health_standing DROP COLUMN gone;
ALTER TABLE health_board DROP COLUMN gone;
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0011_acquisition")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMNS, COLUMNS_BACK)],
            state_operations=[
                migrations.AddField(
                    model_name=name,
                    name="gone",
                    field=models.BooleanField(db_default=False),
                )
                for name in ("standing", "board")
            ],
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="gone",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
