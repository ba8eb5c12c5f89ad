"""What was resolved lately, whose stage changed lately, and who shares an address."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_owner_change")]

    operations = [
        migrations.AddIndex(
            model_name="supportticket",
            index=models.Index(
                condition=models.Q(("resolved_at__isnull", False)),
                fields=["resolved_at", "id"],
                name="customers_ticket_resolved",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "customers.stage_changed")),
                fields=["happened_at", "id"],
                name="customers_event_stage",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(Lower("email"), name="customers_contact_email"),
        ),
    ]
