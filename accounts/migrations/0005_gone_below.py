"""Below which chance customers without a subscription count as gone."""

import decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_audit_log_guarded")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="gone_below",
            field=models.DecimalField(
                decimal_places=4,
                default=decimal.Decimal("0.2"),
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(1),
                ],
                verbose_name="chance below which buyers count as gone",
            ),
        ),
    ]
