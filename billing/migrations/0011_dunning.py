"""Accounts at gateways, what stands there, and the collecting of what failed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_renewals_waiting"),
        ("customers", "0008_usage_unchecked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("expires_on", models.DateField()),
                ("days_before", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "notice that a card expires",
            },
        ),
        migrations.CreateModel(
            name="DunningAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("step", models.CharField(max_length=80)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField()),
                ("skipped", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=40)),
                ("data", models.JSONField(default=dict)),
                ("waits", models.BooleanField(default=False)),
                ("look_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("trouble", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "verbose_name": "step in the collecting of an invoice",
            },
        ),
        migrations.CreateModel(
            name="DunningCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "collection",
                    models.CharField(
                        choices=[
                            ("charge", "Charged automatically"),
                            ("transfer", "Paid by transfer"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("recovered", "Recovered"),
                            ("lost", "Not recovered"),
                            ("stopped", "Stopped"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("began_on", models.DateField()),
                (
                    "failed",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="failed"
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                (
                    "recovered",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=14,
                        verbose_name="recovered",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retry", "A retry"),
                            ("method", "A new payment method"),
                            ("mail", "A mail"),
                            ("person", "A person"),
                            ("itself", "By itself"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("held_out", models.BooleanField(default=False)),
                ("limited_at", models.DateTimeField(blank=True, null=True)),
                ("waits_until", models.DateTimeField(blank=True, null=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=40)),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="note"
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("trouble", models.TextField(blank=True, db_default="", default="")),
            ],
            options={
                "verbose_name": "failed payment",
                "verbose_name_plural": "failed payments",
            },
        ),
        migrations.CreateModel(
            name="DunningPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=100, unique=True, verbose_name="name"),
                ),
                (
                    "collection",
                    models.CharField(
                        choices=[
                            ("charge", "Charged automatically"),
                            ("transfer", "Paid by transfer"),
                        ],
                        default="charge",
                        max_length=10,
                    ),
                ),
                (
                    "from_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="from an amount of",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "is_on",
                    models.BooleanField(
                        db_default=True, default=True, verbose_name="in use"
                    ),
                ),
                ("on_since", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "dunning policy",
            },
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("retry", "Try again"),
                            ("mail", "Write a mail"),
                            ("letter", "Send a reminder"),
                            ("task", "Give a task to the CSM"),
                            ("limit", "Limit access"),
                            ("final", "Final action"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name": "step of a dunning policy",
                "ordering": ("day", "kind", "id"),
            },
        ),
        migrations.CreateModel(
            name="DunningVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "most_attempts",
                    models.PositiveSmallIntegerField(
                        default=8, verbose_name="at most tries"
                    ),
                ),
                (
                    "most_days",
                    models.PositiveSmallIntegerField(
                        default=28, verbose_name="at most days"
                    ),
                ),
                (
                    "from_hour",
                    models.PositiveSmallIntegerField(
                        default=8, verbose_name="not before"
                    ),
                ),
                (
                    "until_hour",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="not after"
                    ),
                ),
                (
                    "working_days_only",
                    models.BooleanField(
                        default=False, verbose_name="only on working days"
                    ),
                ),
                (
                    "task_from",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="task for the CSM from",
                    ),
                ),
                (
                    "final_action",
                    models.CharField(
                        choices=[
                            ("pause", "Pause the subscription"),
                            ("cancel", "Cancel the subscription"),
                            ("keep", "Keep it and tell the CSM"),
                        ],
                        default="pause",
                        max_length=10,
                        verbose_name="final action",
                    ),
                ),
                (
                    "hold_out",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=3,
                        verbose_name="left alone",
                    ),
                ),
                ("notice_days", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="note"
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a dunning policy",
            },
        ),
        migrations.CreateModel(
            name="GatewayAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stripe", "Stripe"),
                            ("chargebee", "Chargebee"),
                            ("recurly", "Recurly"),
                            ("paddle", "Paddle"),
                        ],
                        max_length=10,
                        verbose_name="gateway",
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=100, unique=True, verbose_name="name"),
                ),
                ("secrets", models.TextField(blank=True, default="")),
                ("hook_key", models.CharField(max_length=43, unique=True)),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "collects",
                    models.BooleanField(
                        default=False, verbose_name="Keepwell retries failed payments"
                    ),
                ),
                (
                    "makes_customers",
                    models.BooleanField(
                        default=True, verbose_name="add unknown customers"
                    ),
                ),
                ("is_live", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(blank=True, null=True)),
                ("skew_seconds", models.IntegerField(blank=True, null=True)),
                ("trouble", models.TextField(blank=True, default="")),
                ("trouble_at", models.DateTimeField(blank=True, null=True)),
                ("resumes_at", models.DateTimeField(blank=True, null=True)),
                ("reconciled_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "account at a gateway",
            },
        ),
        migrations.CreateModel(
            name="GatewayEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("external_id", models.CharField(max_length=255)),
                ("type", models.CharField(max_length=100)),
                ("about", models.JSONField(default=list)),
                ("happened_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField()),
                ("copies", models.PositiveIntegerField(default=0)),
                ("missed", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "event of a gateway",
            },
        ),
        migrations.CreateModel(
            name="GatewayImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "Customer"),
                            ("product", "Product"),
                            ("price", "Price"),
                            ("method", "Payment method"),
                            ("subscription", "Subscription"),
                            ("invoice", "Invoice"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                        ],
                        max_length=12,
                    ),
                ),
                ("cursor", models.CharField(blank=True, default="", max_length=255)),
                ("counts", models.JSONField(default=dict)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("stopped", models.BooleanField(default=False)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("trouble", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "import from a gateway",
            },
        ),
        migrations.CreateModel(
            name="GatewayObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("customer", "Customer"),
                            ("product", "Product"),
                            ("price", "Price"),
                            ("method", "Payment method"),
                            ("subscription", "Subscription"),
                            ("invoice", "Invoice"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                        ],
                        max_length=12,
                    ),
                ),
                ("external_id", models.CharField(max_length=255)),
                ("called", models.CharField(blank=True, default="", max_length=200)),
                ("wanted", models.BigIntegerField(default=1)),
                ("read", models.BigIntegerField(default=0)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("trouble", models.TextField(blank=True, default="")),
                ("waits_for", models.CharField(blank=True, default="", max_length=270)),
                ("carried", models.JSONField(blank=True, null=True)),
                ("version", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "object at a gateway",
            },
        ),
        migrations.CreateModel(
            name="PaymentAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("key", models.UUIDField(blank=True, null=True, unique=True)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("schedule", "By the schedule"),
                            ("method_changed", "New payment method"),
                            ("person", "By hand"),
                            ("gateway", "By the gateway itself"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "About to be tried"),
                            ("asked", "Being tried"),
                            ("unknown", "Outcome unknown"),
                            ("succeeded", "Paid"),
                            ("declined", "Declined"),
                            ("needs_action", "Waits for the customer"),
                            ("not_made", "Never reached the gateway"),
                        ],
                        default="planned",
                        max_length=14,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("currency", models.CharField(max_length=3)),
                ("planned_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("looked", models.PositiveSmallIntegerField(default=0)),
                ("look_at", models.DateTimeField(blank=True, null=True)),
                (
                    "external_id",
                    models.CharField(blank=True, default="", max_length=255),
                ),
                (
                    "decline_code",
                    models.CharField(blank=True, default="", max_length=60),
                ),
                (
                    "decline_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("soft", "May work later"),
                            ("hard", "Needs another payment method"),
                            ("action", "The customer must confirm"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("action_url", models.URLField(blank=True, default="", max_length=500)),
                (
                    "reason",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=40
                    ),
                ),
            ],
            options={
                "verbose_name": "try to charge",
            },
        ),
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("external_id", models.CharField(max_length=255)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "Card"),
                            ("direct_debit", "Direct debit"),
                            ("wallet", "Wallet"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("brand", models.CharField(blank=True, default="", max_length=30)),
                ("last4", models.CharField(blank=True, default="", max_length=4)),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("is_default", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "payment method",
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("day", models.DateField()),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("cursor", models.CharField(blank=True, default="", max_length=255)),
                ("events", models.PositiveIntegerField(default=0)),
                ("missed", models.PositiveIntegerField(default=0)),
                ("objects_differed", models.PositiveIntegerField(default=0)),
                ("trouble", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name": "reconciliation with a gateway",
            },
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="billing_payment_frame",
        ),
        migrations.AddField(
            model_name="invoice",
            name="collection",
            field=models.CharField(
                choices=[
                    ("charge", "Charged automatically"),
                    ("transfer", "Paid by transfer"),
                ],
                db_default="transfer",
                default="transfer",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="hosted_url",
            field=models.URLField(
                blank=True, db_default="", default="", max_length=500
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="printed_number",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=60,
                verbose_name="number",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["customer", "happened_at"],
                include=("recorded_at", "state", "invoice"),
                name="billing_payment_frame",
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="dunningaction",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dunningaction",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="dunningcase",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="dunningcase",
            name="invoice",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dunning",
                to="billing.invoice",
            ),
        ),
        migrations.AddField(
            model_name="dunningaction",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="actions",
                to="billing.dunningcase",
            ),
        ),
        migrations.AddField(
            model_name="dunningpolicy",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.segment",
            ),
        ),
        migrations.AddField(
            model_name="dunningversion",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="dunningversion",
            name="policy",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="billing.dunningpolicy",
            ),
        ),
        migrations.AddField(
            model_name="dunningstep",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="billing.dunningversion",
            ),
        ),
        migrations.AddField(
            model_name="dunningcase",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.dunningversion",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="gateway",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="gateway",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(
                    ("collection", "transfer"), ("paid_on__isnull", True)
                ),
                fields=["due_on", "id"],
                name="billing_invoice_transfer_due",
            ),
        ),
        migrations.AddField(
            model_name="gatewayevent",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="gatewayimport",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imports",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="gatewayimport",
            name="started_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="gatewayobject",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="objects_of",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="gatewayobject",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="attempts",
                to="billing.dunningcase",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attempts",
                to="billing.invoice",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="payment",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="attempt",
                to="billing.payment",
            ),
        ),
        migrations.AddField(
            model_name="paymentmethod",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddField(
            model_name="paymentmethod",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="paymentattempt",
            name="method",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.paymentmethod",
            ),
        ),
        migrations.AddField(
            model_name="dunningcase",
            name="method",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="billing.paymentmethod",
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="method",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="billing.paymentmethod",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reconciliations",
                to="billing.gatewayaccount",
            ),
        ),
        migrations.AddIndex(
            model_name="dunningaction",
            index=models.Index(
                condition=models.Q(("waits", True)),
                fields=["id"],
                name="billing_action_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningaction",
            constraint=models.UniqueConstraint(
                fields=("case", "step"), name="billing_dunning_action_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningpolicy",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("from_amount__isnull", True),
                    ("retired_at__isnull", True),
                    ("segment__isnull", True),
                ),
                fields=("collection",),
                name="billing_policy_one_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningversion",
            constraint=models.UniqueConstraint(
                fields=("policy", "number"), name="billing_dunning_version_uniq"
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("hold_out__range", (0, "0.5"))),
                name="billing_dunning_hold_out",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_hour__gt", models.F("from_hour")), ("until_hour__lte", 24)
                ),
                name="billing_dunning_hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningstep",
            constraint=models.UniqueConstraint(
                fields=("version", "kind", "day"), name="billing_dunning_step_uniq"
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayevent",
            index=models.Index(
                fields=["-received_at", "-id"], name="billing_event_newest"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayevent",
            constraint=models.UniqueConstraint(
                fields=("account", "external_id"), name="billing_event_uniq"
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("account",),
                name="billing_gateway_import_one",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayobject",
            index=models.Index(
                condition=models.Q(("wanted__gt", models.F("read"))),
                fields=["due_at", "id"],
                name="billing_object_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="gatewayobject",
            index=models.Index(
                condition=models.Q(("waits_for", ""), _negated=True),
                fields=["account", "waits_for"],
                name="billing_object_waits_for",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatewayobject",
            constraint=models.UniqueConstraint(
                fields=("account", "kind", "external_id"), name="billing_object_uniq"
            ),
        ),
        migrations.AddIndex(
            model_name="paymentmethod",
            index=models.Index(
                condition=models.Q(("is_default", True), ("removed_at__isnull", True)),
                fields=["expires_on"],
                name="billing_method_expires",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.UniqueConstraint(
                fields=("account", "external_id"), name="billing_method_uniq"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True), ("removed_at__isnull", True)),
                fields=("account", "customer"),
                name="billing_method_one_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last4", ""), ("last4__regex", "^[0-9A-Za-z]{4}$"), _connector="OR"
                ),
                name="billing_method_last4",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "asked", "unknown"])),
                fields=["look_at", "id"],
                name="billing_attempt_open",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentattempt",
            index=models.Index(fields=["planned_at", "id"], name="billing_attempt_day"),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                fields=("invoice", "number"), name="billing_attempt_uniq"
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["planned", "asked", "unknown"])),
                fields=("invoice",),
                name="billing_attempt_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("account", "external_id"),
                name="billing_attempt_payment_uniq",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="billing_attempt_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="dunningcase",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at", "id"],
                name="billing_case_due",
            ),
        ),
        migrations.AddIndex(
            model_name="dunningcase",
            index=models.Index(
                fields=["customer", "began_at"], name="billing_case_customer"
            ),
        ),
        migrations.AddIndex(
            model_name="dunningcase",
            index=models.Index(fields=["began_on", "id"], name="billing_case_cohort"),
        ),
        migrations.AddIndex(
            model_name="dunningcase",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["began_at", "id"],
                name="billing_case_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("closed_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="billing_case_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningcase",
            constraint=models.CheckConstraint(
                condition=models.Q(("failed__gt", 0), ("recovered__gte", 0)),
                name="billing_case_amounts",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardnotice",
            constraint=models.UniqueConstraint(
                fields=("method", "expires_on", "days_before"),
                name="billing_card_notice_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reconciliation",
            constraint=models.UniqueConstraint(
                fields=("account", "day"), name="billing_reconciliation_once"
            ),
        ),
    ]
