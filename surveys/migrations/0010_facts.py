"""Indexes that cover what scores read of answers and invitations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_facts"),
        ("surveys", "0009_invitation_over"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="response", name="surveys_response_frame"),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                fields=["customer", "responded_at"],
                include=("recorded_at", "kind", "score", "counted", "contact", "id"),
                name="surveys_response_frame",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                fields=["customer", "created_at"],
                include=("state", "answered_at"),
                name="surveys_invitation_frame",
            ),
        ),
    ]
