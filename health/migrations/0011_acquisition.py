"""What the customers that were won brought, summed after a run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_campaigns'),
        ('health', '0010_forecast_stays'),
    ]

    operations = [
        migrations.CreateModel(
            name='AcquisitionDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('parameters', models.JSONField(default=dict)),
                ('content', models.JSONField(default=dict)),
                ('cursor', models.BigIntegerField(default=0)),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('split', 'Split'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('got_on', models.PositiveSmallIntegerField(default=0)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('run', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='health.run')),
            ],
            options={
                'verbose_name': 'sums of customers won',
            },
        ),
    ]
