import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.db.models import F, Func, Q


class Migration(migrations.Migration):
    """No day of a subscription is charged twice, except where the first was withdrawn."""

    dependencies = [("billing", "0005_subscription_terms")]

    operations = [
        BtreeGistExtension(),
        migrations.AddField(
            model_name="invoiceline",
            name="withdrawn",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="billing_line_no_overlap",
                expressions=[
                    (
                        F("subscription"),
                        django.contrib.postgres.fields.ranges.RangeOperators.EQUAL,
                    ),
                    (
                        Func(F("begins_on"), F("ends_on"), function="daterange"),
                        django.contrib.postgres.fields.ranges.RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(
                    kind="recurring", subscription__isnull=False, withdrawn=False
                ),
                deferrable=django.db.models.constraints.Deferrable.IMMEDIATE,
            ),
        ),
    ]
