import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What services of subscriptions note: price and anchor of a line, what comes next."""

    dependencies = [
        ("billing", "0004_revenue"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="follows",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followers",
                to="billing.subscription",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="next_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="subscriptionchange",
            name="anchored_on",
            field=models.DateField(blank=True, null=True, verbose_name="terms from"),
        ),
        migrations.AddField(
            model_name="subscriptionchange",
            name="price",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.priceversion",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("follows__isnull", False)),
                fields=["follows"],
                name="billing_subscription_follows",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("next_on__isnull", False)),
                fields=["next_on"],
                name="billing_subscription_next",
            ),
        ),
        migrations.CreateModel(
            name="PriceMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("on", models.DateField(blank=True, null=True, verbose_name="day")),
                ("asked_at", models.DateTimeField()),
                ("waiting", models.PositiveIntegerField()),
                ("reached", models.BigIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.priceversion",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.priceversion",
                    ),
                ),
            ],
            options={"verbose_name": "move to another price"},
        ),
        migrations.AddConstraint(
            model_name="pricemove",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="billing_price_move_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricemove",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("source",),
                name="billing_price_move_one_open",
            ),
        ),
    ]
