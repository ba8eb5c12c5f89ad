"""The discount of a subscription, and indexes for what measures of health read."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("customers", "0005_facts")]

    operations = [
        migrations.AddField(
            model_name="subscriptionchange",
            name="discount",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=5,
                null=True,
                verbose_name="discount",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionchange",
            constraint=models.CheckConstraint(
                condition=Q(discount__isnull=True) | Q(discount__range=(0, 1)),
                name="billing_change_discount_share",
            ),
        ),
        migrations.RemoveIndex(
            model_name="subscriptionchange", name="billing_change_frame"
        ),
        migrations.AddIndex(
            model_name="subscriptionchange",
            index=models.Index(
                fields=["customer", "subscription", "effective_on", "id"],
                include=(
                    "recorded_at",
                    "kind",
                    "mrr",
                    "currency",
                    "quantity",
                    "interval_months",
                    "renews_on",
                    "discount",
                ),
                name="billing_change_frame",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                fields=["issued_on", "recorded_at"], name="billing_invoice_issued"
            ),
        ),
    ]
