"""Usage is written without looking every row up in customers.

That was more than half of the time a day of usage took. Who writes usage has found the
customers by then, and who deletes a customer deletes its usage.
"""

import django.db.models.deletion
from django.db import migrations, models

UNCHECKED = """
ALTER TABLE customers_usagedaily
    DROP CONSTRAINT customers_usagedaily_customer_id_fkey
"""
CHECKED = """
ALTER TABLE customers_usagedaily
    ADD CONSTRAINT customers_usagedaily_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES customers_customer (id) ON DELETE CASCADE
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_campaigns")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(UNCHECKED, CHECKED)],
            state_operations=[
                migrations.AlterField(
                    model_name="usagedaily",
                    name="customer",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="usage",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
    ]
