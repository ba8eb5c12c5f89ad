"""The sums of the ledger are made range by range; its lines without looking customers up."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_renewals")]

    operations = [
        migrations.AlterField(
            model_name="movement",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="conventiondifference",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="ledgerstate",
            name="whole",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="ledgerstate",
            name="made_with",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=32
            ),
        ),
        migrations.CreateModel(
            name="LedgerBuild",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("counted", models.BigIntegerField()),
                ("made_with", models.CharField(max_length=32)),
                ("parameters", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("got_on", models.PositiveIntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "making of the ledger",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=Q(state="running"),
                        name="billing_ledger_one_build",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_id", models.BigIntegerField(unique=True)),
                ("last_id", models.BigIntegerField()),
                ("changed", models.BigIntegerField(db_default=0, default=0)),
                ("built", models.BigIntegerField(db_default=-1, default=-1)),
                ("made_with", models.CharField(blank=True, db_default="", default="", max_length=32)),
                ("content", models.BinaryField(default=b"")),
            ],
            options={
                "verbose_name": "part of the ledger",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(first_id__lte=F("last_id")), name="billing_ledgerpart_order"
                    ),
                ],
            },
        ),
    ]
