"""What the customers of a shard will bring, until their run is shown."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0012_gone_buyers'),
    ]

    operations = [
        migrations.AddField(
            model_name='shard',
            name='paths',
            field=models.JSONField(null=True),
        ),
    ]
