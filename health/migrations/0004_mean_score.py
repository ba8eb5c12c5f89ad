"""The mean score of a portfolio."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("health", "0003_held_to_account")]

    operations = [
        migrations.AddField(
            model_name="portfolioday",
            name="score_sum",
            field=models.FloatField(default=0),
        ),
    ]
