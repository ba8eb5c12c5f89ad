"""Which plan a subscription was on from a day on; what is there gets today's."""

from django.db import migrations, models

FIELDS = ["customer", "subscription", "effective_on", "id"]
INCLUDED = (
    "recorded_at",
    "kind",
    "mrr",
    "currency",
    "quantity",
    "interval_months",
    "renews_on",
    "discount",
)
# One statement over all changes; set-wise, for there may be millions.
FILL = """
UPDATE billing_subscriptionchange c SET plan_id = s.plan_id
  FROM billing_subscription s WHERE s.id = c.subscription_id AND s.plan_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_discount")]

    operations = [
        migrations.AddField(
            model_name="subscriptionchange",
            name="plan",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="+",
                to="billing.plan",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        # Constraints wait for the end of a transaction; an index cannot.
        migrations.RunSQL(
            "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(
            model_name="subscriptionchange", name="billing_change_frame"
        ),
        migrations.AddIndex(
            model_name="subscriptionchange",
            index=models.Index(
                fields=FIELDS,
                include=(*INCLUDED, "plan"),
                name="billing_change_frame",
            ),
        ),
    ]
