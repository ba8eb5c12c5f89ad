"""Tables that are swapped in whole: no constraint that looks every row up in customers."""

import django.db.models.deletion
from django.db import migrations, models

SCORE = (
    "ALTER TABLE health_score DROP CONSTRAINT IF EXISTS health_score_customer_id_fkey"
)
SCORE_BACK = """
ALTER TABLE health_score ADD CONSTRAINT health_score_customer_id_fkey
    FOREIGN KEY (customer_id) REFERENCES customers_customer (id) ON DELETE CASCADE
"""
# Between two runs nothing but single customers changes here.
STANDING = """
ALTER TABLE health_standing DROP CONSTRAINT IF EXISTS health_standing_customer_id_fkey,
    ADD COLUMN told smallint;
UPDATE health_standing SET told = band;
ALTER TABLE health_standing ALTER COLUMN told SET NOT NULL;
"""
STANDING_BACK = """
ALTER TABLE health_standing DROP COLUMN told,
    ADD CONSTRAINT health_standing_customer_id_fkey
    FOREIGN KEY (customer_id) REFERENCES customers_customer (id) ON DELETE CASCADE
"""
# The lists count positions themselves; sorting a million wide rows was for nothing.
BOARD = "ALTER TABLE health_board DROP COLUMN rank"
BOARD_BACK = "ALTER TABLE health_board ADD COLUMN rank integer NOT NULL DEFAULT 0"
BANDS = [(0, "Unknown"), (1, "At risk"), (2, "Watch"), (3, "Healthy")]


class Migration(migrations.Migration):
    dependencies = [
        ("health", "0004_mean_score"),
        ("customers", "0004_lookups_for_surveys"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(SCORE, SCORE_BACK),
                migrations.RunSQL(STANDING, STANDING_BACK),
                migrations.RunSQL(BOARD, BOARD_BACK),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="standing",
                    name="told",
                    field=models.SmallIntegerField(choices=BANDS, default=0),
                    preserve_default=False,
                ),
                migrations.RemoveField(model_name="board", name="rank"),
                migrations.AlterField(
                    model_name="score",
                    name="customer",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                *(
                    migrations.AlterField(
                        model_name=name,
                        name="customer",
                        field=models.OneToOneField(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.CASCADE,
                            primary_key=True,
                            related_name="+",
                            serialize=False,
                            to="customers.customer",
                        ),
                    )
                    for name in ("standing", "board")
                ),
            ],
        ),
    ]
