"""How far a survey has come with asking and reminding, and what went wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_lookups_for_surveys"),
        ("surveys", "0007_response_waits"),
    ]

    operations = [
        migrations.AddField(
            model_name="survey",
            name="asked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="survey",
            name="reminded_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="survey",
            name="trouble",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
