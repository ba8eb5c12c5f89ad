"""What was found after a run of what the forecasts said."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('health', '0008_learning'),
    ]

    operations = [
        migrations.CreateModel(
            name='ForecastCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('content', models.JSONField(default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('run', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='health.run')),
            ],
        ),
    ]
