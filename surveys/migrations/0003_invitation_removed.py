"""Nobody was ever invited by the old table; the next migration makes it anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0002_response_waiting"),
    ]

    operations = [
        migrations.RemoveField(model_name="response", name="invitation"),
        migrations.DeleteModel(name="Invitation"),
    ]
