"""Renewals to come, candidates for yearly billing, reminders of yearly charges."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_lines_apart'),
        ('customers', '0008_usage_unchecked'),
        ('mail', '0004_message_few_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='renewalcheckpoint',
            name='in_time',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name='renewalcheckpoint',
            name='kept',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='renewalcheckpoint',
            name='kept_mrr',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name='renewalcheckpoint',
            name='risky',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='yearlyoffer',
            name='state',
            field=models.CharField(choices=[('open', 'Waiting for the customer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='open', max_length=9),
        ),
        migrations.CreateModel(
            name='ReminderRules',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('is_on', models.BooleanField(default=False, verbose_name='send reminders')),
                ('days_before', models.PositiveSmallIntegerField(default=30, verbose_name='days before the charge')),
                ('on_since', models.DateField(null=True)),
            ],
            options={
                'verbose_name': 'reminders of yearly charges',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='billing_reminders_single'), models.CheckConstraint(condition=models.Q(('days_before__range', (7, 90))), name='billing_reminders_days')],
            },
        ),
        migrations.CreateModel(
            name='RenewalState',
            fields=[
                ('id', models.SmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('filled_at', models.DateTimeField(null=True)),
                ('filled_on', models.DateField(null=True)),
                ('changed', models.BigIntegerField(db_default=-1, default=-1)),
                ('run_id', models.BigIntegerField(null=True)),
                ('cursor', models.BigIntegerField(null=True)),
                ('seconds', models.FloatField(default=0)),
                ('base', models.FloatField(null=True)),
                ('sums', models.JSONField(default=list)),
                ('charges', models.JSONField(default=dict)),
                ('noted_on', models.DateField(null=True)),
                ('reminded_on', models.DateField(null=True)),
                ('trouble', models.TextField(blank=True, default='')),
            ],
            options={
                'verbose_name': 'state of renewals',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='billing_renewals_single'), models.CheckConstraint(condition=models.Q(models.Q(('filled_at__isnull', True), ('filled_on__isnull', True)), models.Q(('filled_at__isnull', False), ('filled_on__isnull', False)), _connector='OR'), name='billing_renewals_filled')],
            },
        ),
        migrations.CreateModel(
            name='RenewalReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('renews_on', models.DateField()),
                ('asked_at', models.DateTimeField()),
                ('contact', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('message', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='mail.outboxmessage')),
                ('subscription', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing.subscription')),
            ],
            options={
                'verbose_name': 'reminder of a yearly charge',
                'indexes': [models.Index(fields=['renews_on', 'id'], name='billing_reminder_day')],
                'constraints': [models.UniqueConstraint(fields=('subscription', 'renews_on'), name='billing_reminder_uniq')],
            },
        ),
        migrations.CreateModel(
            name='UpcomingRenewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('renews_on', models.DateField(verbose_name='renews')),
                ('notice_by', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('interval_months', models.PositiveSmallIntegerField()),
                ('auto_renews', models.BooleanField(default=True)),
                ('currency', models.CharField(max_length=3)),
                ('mrr', models.DecimalField(decimal_places=2, max_digits=14)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16)),
                ('converted', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('chance', models.FloatField(null=True)),
                ('risky', models.BooleanField(default=False)),
                ('weight', models.FloatField(default=0)),
                ('kept', models.BooleanField(null=True)),
                ('final', models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('subscription', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing.subscription')),
            ],
            options={
                'verbose_name': 'renewal to come',
                'indexes': [models.Index(models.OrderBy(models.F('weight'), descending=True), models.F('id'), name='billing_upcoming_weight'), models.Index(fields=['renews_on', 'id'], name='billing_upcoming_day')],
                'constraints': [models.UniqueConstraint(fields=('subscription', 'renews_on'), name='billing_upcoming_uniq'), models.CheckConstraint(condition=models.Q(('chance__isnull', True), ('chance__range', (0, 1)), _connector='OR'), name='billing_upcoming_chance')],
            },
        ),
        migrations.CreateModel(
            name='YearlyCandidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('months', models.PositiveSmallIntegerField()),
                ('churn', models.FloatField()),
                ('currency', models.CharField(max_length=3)),
                ('mrr', models.DecimalField(decimal_places=2, max_digits=14)),
                ('converted', models.DecimalField(decimal_places=2, max_digits=18)),
                ('gain', models.FloatField()),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ('subscription', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='billing.subscription')),
            ],
            options={
                'verbose_name': 'candidate for yearly billing',
                'indexes': [models.Index(models.OrderBy(models.F('gain'), descending=True), models.F('id'), name='billing_candidate_gain')],
            },
        ),
    ]
