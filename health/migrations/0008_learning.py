"""What the forecasts learn from, what they learnt, and what became of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Raw: floats of four bytes, which tables filled by COPY have to declare as they are sent.
COLUMNS = """
ALTER TABLE health_score ADD COLUMN churn real;
ALTER TABLE health_standing
    ADD COLUMN churn_involuntary real NOT NULL DEFAULT 0,
    ADD COLUMN churn_reasons smallint[],
    ADD COLUMN churn_points real[],
    ADD COLUMN comparable smallint NOT NULL DEFAULT -1,
    ADD COLUMN alive real,
    ADD COLUMN earned numeric(14, 2) NOT NULL DEFAULT 0;
"""
COLUMNS_BACK = """
ALTER TABLE health_score DROP COLUMN churn;
ALTER TABLE health_standing DROP COLUMN churn_involuntary, DROP COLUMN churn_reasons,
    DROP COLUMN churn_points, DROP COLUMN comparable, DROP COLUMN alive,
    DROP COLUMN earned;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_profile_log'),
        ('health', '0007_against_target'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMNS, COLUMNS_BACK)],
            state_operations=[
        migrations.AddField(
            model_name='score',
            name='churn',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='standing',
            name='alive',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='standing',
            name='churn_involuntary',
            field=models.FloatField(db_default=0.0),
        ),
        migrations.AddField(
            model_name='standing',
            name='churn_points',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), null=True, size=None),
        ),
        migrations.AddField(
            model_name='standing',
            name='churn_reasons',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), null=True, size=None),
        ),
        migrations.AddField(
            model_name='standing',
            name='comparable',
            field=models.SmallIntegerField(db_default=-1),
        ),
        migrations.AddField(
            model_name='standing',
            name='earned',
            field=models.DecimalField(db_default=0, decimal_places=2, max_digits=14),
        ),
            ],
        ),
        migrations.CreateModel(
            name='Training',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('monthly', 'Monthly'), ('asked', 'Asked for')], max_length=10)),
                ('month', models.DateField(blank=True, null=True)),
                ('as_of', models.DateField(verbose_name='as of')),
                ('known_before', models.DateTimeField()),
                ('parameters', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('collecting', 'Reading the past'), ('learning', 'Learning'), ('done', 'Done'), ('failed', 'Failed')], default='collecting', max_length=10)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'training',
                'verbose_name_plural': 'trainings',
            },
        ),
        migrations.CreateModel(
            name='ForecastVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='version')),
                ('as_of', models.DateField(verbose_name='learnt until')),
                ('method', models.CharField(max_length=10, verbose_name='method')),
                ('reason', models.CharField(max_length=20)),
                ('content', models.JSONField()),
                ('summary', models.JSONField(default=dict)),
                ('verdict', models.CharField(choices=[('first', 'The first'), ('better', 'Better'), ('like', 'As good'), ('worse', 'Worse')], max_length=10)),
                ('in_use', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('training', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='version', to='health.training')),
            ],
            options={
                'verbose_name': 'version of the forecasts',
            },
        ),
        migrations.CreateModel(
            name='AccuracyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('content', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('training', models.OneToOneField(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='report', to='health.training')),
            ],
        ),
        migrations.CreateModel(
            name='TrainingPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('first_id', models.BigIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('state', models.CharField(choices=[('pending', 'Waiting'), ('running', 'Running'), ('done', 'Done')], default='pending', max_length=10)),
                ('claim', models.UUIDField(blank=True, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('customers', models.PositiveIntegerField(default=0)),
                ('rows', models.BinaryField(default=b'')),
                ('training', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='health.training')),
            ],
            options={
                'verbose_name': 'part of a training',
            },
        ),
        migrations.CreateModel(
            name='ValueCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('expected', models.DecimalField(decimal_places=2, max_digits=14)),
                ('low', models.DecimalField(decimal_places=2, max_digits=14)),
                ('mid', models.DecimalField(decimal_places=2, max_digits=14)),
                ('high', models.DecimalField(decimal_places=2, max_digits=14)),
                ('realised', models.DecimalField(decimal_places=2, max_digits=14)),
                ('left', models.BooleanField()),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='value_checks', to='health.forecastversion')),
            ],
        ),
        migrations.CreateModel(
            name='ValuePath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField()),
                ('segment_id', models.BigIntegerField(default=0)),
                ('plan_id', models.BigIntegerField(default=0)),
                ('customers', models.PositiveIntegerField()),
                ('mrr', models.DecimalField(decimal_places=2, max_digits=20)),
                ('churn', models.FloatField()),
                ('alive', models.JSONField()),
                ('revenue', models.JSONField()),
                ('tickets', models.JSONField()),
                ('at_risk', models.DecimalField(decimal_places=2, max_digits=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('as_of', 'segment_id', 'plan_id'), name='health_valuepath_uniq')],
            },
        ),
        migrations.AddIndex(
            model_name='training',
            index=models.Index(fields=['-started_at', '-id'], name='health_training_latest'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', 'monthly')), fields=('month',), name='health_training_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='training',
            constraint=models.UniqueConstraint(models.Value(1), condition=models.Q(('state__in', ['collecting', 'learning'])), name='health_training_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='forecastversion',
            constraint=models.UniqueConstraint(condition=models.Q(('in_use', True)), fields=('in_use',), name='health_forecastversion_one_in_use'),
        ),
        migrations.AddConstraint(
            model_name='trainingpart',
            constraint=models.UniqueConstraint(fields=('training', 'day', 'first_id'), name='health_trainingpart_uniq'),
        ),
        migrations.AddConstraint(
            model_name='trainingpart',
            constraint=models.CheckConstraint(condition=models.Q(('first_id__lte', models.F('last_id'))), name='health_trainingpart_order'),
        ),
        migrations.AddConstraint(
            model_name='valuecheck',
            constraint=models.UniqueConstraint(fields=('version', 'customer'), name='health_valuecheck_uniq'),
        ),
    ]
