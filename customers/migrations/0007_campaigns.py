"""Campaigns, what was spent to win customers, and which customer came by which."""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_profile_log'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=100, unique=True, verbose_name='external id')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='source')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='note')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='customers_campaign_order')],
            },
        ),
        migrations.CreateModel(
            name='AcquisitionSpend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=100, null=True, unique=True, verbose_name='external id')),
                ('source', models.CharField(blank=True, max_length=80, verbose_name='source')),
                ('spent_on', models.DateField(verbose_name='day')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('note', models.CharField(blank=True, max_length=250, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_assumed', models.BooleanField(default=False)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.campaign')),
            ],
            options={
                'verbose_name': 'acquisition spend',
                'verbose_name_plural': 'acquisition spend',
            },
        ),
        migrations.AddField(
            model_name='customer',
            name='campaign',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.campaign', verbose_name='campaign'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('campaign__isnull', False)), fields=['campaign', 'id'], name='customers_customer_campaign'),
        ),
        migrations.AddIndex(
            model_name='acquisitionspend',
            index=models.Index(fields=['-spent_on', '-id'], name='customers_spend_latest'),
        ),
        migrations.AddConstraint(
            model_name='acquisitionspend',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='customers_spend_positive'),
        ),
        migrations.AddConstraint(
            model_name='acquisitionspend',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), ('campaign__isnull', False), _connector='OR'), name='customers_spend_on_something'),
        ),
    ]
