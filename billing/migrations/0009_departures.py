from django.db import migrations, models


class Migration(migrations.Migration):
    """Finding out who has left: ends by day, and when we looked last."""

    dependencies = [("billing", "0008_ledger_build")]

    operations = [
        migrations.AddIndex(
            model_name="subscriptionchange",
            index=models.Index(
                condition=models.Q(kind="end"),
                fields=["effective_on"],
                name="billing_change_ends",
            ),
        ),
        migrations.CreateModel(
            name="DepartureCheck",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("looked_on", models.DateField()),
                ("changed", models.BigIntegerField()),
            ],
            options={"verbose_name": "look for who has left"},
        ),
        migrations.AddConstraint(
            model_name="departurecheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("id", 1)), name="billing_departure_check_single"
            ),
        ),
    ]
