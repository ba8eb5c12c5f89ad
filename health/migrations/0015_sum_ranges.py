"""What ranges of sums are made of: how far sums may be off, and each customer's own share."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0014_stays'),
    ]

    operations = [
        migrations.AddField(
            model_name='valuepath',
            name='expected',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='valuepath',
            name='own',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='valuepath',
            name='doubt',
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name='valuecheck',
            name='spread',
            field=models.FloatField(null=True),
        ),
    ]
