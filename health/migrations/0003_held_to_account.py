"""Scores that keep their readings, scorecards per segment, drafts, overrides and more.

The tables that runs write are made anew: scores hold other things than before and are
computed again from the facts (`script/manage recompute --history`). Past frames never
change, so the past comes out as the scorecard in use sees it.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SCORE = """
DROP TABLE health_score;
CREATE TABLE health_score (
    customer_id bigint NOT NULL
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    as_of date NOT NULL,
    run_id bigint NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score double precision NOT NULL,
    computed double precision NOT NULL,
    coverage double precision NOT NULL,
    band smallint NOT NULL,
    basis smallint NOT NULL,
    late boolean NOT NULL,
    tenure integer NOT NULL,
    values bytea NOT NULL,
    before bytea NOT NULL,
    ages bytea NOT NULL,
    PRIMARY KEY (customer_id, as_of) INCLUDE (score, band)
) PARTITION BY RANGE (as_of);
"""

STANDING = """
DROP TABLE health_standing;
CREATE TABLE health_standing (
    customer_id bigint PRIMARY KEY
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    run_id bigint NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score double precision NOT NULL,
    computed double precision NOT NULL,
    coverage double precision NOT NULL,
    band smallint NOT NULL,
    basis smallint NOT NULL,
    late boolean NOT NULL,
    churn real NOT NULL,
    churn_low real NOT NULL,
    churn_high real NOT NULL,
    mrr numeric(14, 2) NOT NULL,
    clv numeric(14, 2) NOT NULL,
    clv_p10 numeric(14, 2) NOT NULL,
    clv_p50 numeric(14, 2) NOT NULL,
    clv_p90 numeric(14, 2) NOT NULL,
    clv_textbook numeric(14, 2) NOT NULL,
    value_at_risk numeric(14, 2) NOT NULL,
    queue_value numeric(14, 2) NOT NULL,
    at_risk boolean NOT NULL,
    renews_on date,
    last_contact_on date,
    last_used_on date,
    latest_nps smallint,
    asks smallint NOT NULL,
    reasons smallint[] NOT NULL,
    reason_values real[] NOT NULL,
    reason_before real[] NOT NULL,
    weekly real[] NOT NULL
) WITH (fillfactor = 60);
"""

BOARD = """
TRUNCATE health_board;
ALTER TABLE health_board DROP COLUMN scorecard_version_id,
    ALTER COLUMN score TYPE double precision,
    ALTER COLUMN coverage TYPE double precision,
    ADD COLUMN basis smallint NOT NULL,
    ADD COLUMN late boolean NOT NULL,
    ADD COLUMN asks smallint NOT NULL;
TRUNCATE health_run, health_shard, health_runfailure, health_portfolioday CASCADE;
"""


def name_default(apps, schema_editor):  # type: ignore[no-untyped-def]
    """This will mark the scorecard that was the only one so far."""
    apps.get_model("health", "Scorecard").objects.filter(key="default").update(
        is_default=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_lookups_for_surveys"),
        ("health", "0002_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(SCORE),
                migrations.RunSQL(STANDING),
                migrations.RunSQL(BOARD),
            ],
            state_operations=[
                migrations.RemoveField(
                    model_name="board",
                    name="scorecard_version_id",
                ),
                migrations.RemoveField(
                    model_name="score",
                    name="freshness",
                ),
                migrations.RemoveField(
                    model_name="score",
                    name="subscores",
                ),
                migrations.AddField(
                    model_name="board", name="asks", field=models.SmallIntegerField()
                ),
                migrations.AddField(
                    model_name="board",
                    name="basis",
                    field=models.SmallIntegerField(
                        choices=[
                            (0, "Own data"),
                            (1, "Set by hand"),
                            (2, "From its children"),
                        ]
                    ),
                ),
                migrations.AddField(
                    model_name="board", name="late", field=models.BooleanField()
                ),
                migrations.AddField(
                    model_name="score", name="ages", field=models.BinaryField()
                ),
                migrations.AddField(
                    model_name="score",
                    name="basis",
                    field=models.SmallIntegerField(
                        choices=[
                            (0, "Own data"),
                            (1, "Set by hand"),
                            (2, "From its children"),
                        ]
                    ),
                ),
                migrations.AddField(
                    model_name="score", name="computed", field=models.FloatField()
                ),
                migrations.AddField(
                    model_name="score", name="late", field=models.BooleanField()
                ),
                migrations.AddField(
                    model_name="score", name="tenure", field=models.IntegerField()
                ),
                migrations.AddField(
                    model_name="standing",
                    name="asks",
                    field=models.SmallIntegerField(default=0),
                ),
                migrations.AddField(
                    model_name="standing",
                    name="basis",
                    field=models.SmallIntegerField(
                        choices=[
                            (0, "Own data"),
                            (1, "Set by hand"),
                            (2, "From its children"),
                        ]
                    ),
                ),
                migrations.AddField(
                    model_name="standing", name="computed", field=models.FloatField()
                ),
                migrations.AddField(
                    model_name="standing", name="late", field=models.BooleanField()
                ),
                migrations.AddField(
                    model_name="standing",
                    name="scorecard_version",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="health.scorecardversion",
                    ),
                ),
                migrations.AlterField(
                    model_name="score",
                    name="before",
                    field=models.BinaryField(),
                ),
                migrations.AlterField(
                    model_name="score",
                    name="values",
                    field=models.BinaryField(),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Ask",
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
                            ("reference", "Reference"),
                            ("review", "Review"),
                            ("expansion", "Expansion"),
                        ],
                        max_length=10,
                        verbose_name="what for",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "note",
                    models.CharField(blank=True, max_length=250, verbose_name="note"),
                ),
                (
                    "agreed",
                    models.BooleanField(blank=True, null=True, verbose_name="agreed"),
                ),
            ],
            options={
                "verbose_name": "request to a customer",
            },
        ),
        migrations.CreateModel(
            name="Move",
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
                ("as_of", models.DateField()),
                ("compared_on", models.DateField()),
                ("owner_id", models.BigIntegerField(default=0)),
                ("from_band", models.SmallIntegerField()),
                ("to_band", models.SmallIntegerField()),
                ("customers", models.PositiveIntegerField()),
                ("mrr", models.DecimalField(decimal_places=2, max_digits=20)),
            ],
        ),
        migrations.CreateModel(
            name="Override",
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
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("reason", models.TextField(verbose_name="why")),
                ("created_at", models.DateTimeField()),
                ("expires_on", models.DateField(verbose_name="until")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "score set by hand",
            },
        ),
        migrations.CreateModel(
            name="Preview",
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
                ("revision", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "preview",
            },
        ),
        migrations.CreateModel(
            name="SourceRhythm",
            fields=[
                (
                    "source",
                    models.SlugField(
                        primary_key=True, serialize=False, verbose_name="source"
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days"
                    ),
                ),
            ],
            options={
                "verbose_name": "rhythm of a source",
            },
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="band_at_risk",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="band_healthy",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="band_unknown",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="band_watch",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="mrr_at_risk",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="mrr_healthy",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="mrr_unknown",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name="portfolioday",
            name="mrr_watch",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="is_default",
            field=models.BooleanField(default=False, verbose_name="for everybody else"),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="priority",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="The lowest number is looked at first.",
                verbose_name="priority",
            ),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="retired_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scorecard",
            name="segments",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="customers.segment",
                verbose_name="segments",
            ),
        ),
        migrations.AddField(
            model_name="scorecardversion",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scorecardversion",
            name="based_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="health.scorecardversion",
            ),
        ),
        migrations.AddField(
            model_name="scorecardversion",
            name="revision",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="scorecardversion",
            name="updated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)),
                fields=("is_default",),
                name="health_scorecard_one_default",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_default", False), ("retired_at__isnull", True), _connector="OR"
                ),
                name="health_scorecard_default_stays",
            ),
        ),
        migrations.AddConstraint(
            model_name="scorecardversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at__isnull", True)),
                fields=("scorecard",),
                name="health_scorecardversion_one_draft",
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ask",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="move",
            constraint=models.UniqueConstraint(
                fields=("as_of", "compared_on", "owner_id", "from_band", "to_band"),
                name="health_move_uniq",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="author",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="health.run",
            ),
        ),
        migrations.AddField(
            model_name="preview",
            name="version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="previews",
                to="health.scorecardversion",
            ),
        ),
        migrations.AddIndex(
            model_name="ask",
            index=models.Index(
                fields=["customer", "-asked_at", "-id"], name="health_ask_last"
            ),
        ),
        migrations.AddIndex(
            model_name="override",
            index=models.Index(
                fields=["customer", "created_at"], name="health_override_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__lte", 100)), name="health_override_score"
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("customer",),
                name="health_override_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="preview",
            constraint=models.UniqueConstraint(
                fields=("version", "revision", "run"), name="health_preview_uniq"
            ),
        ),
        migrations.RunPython(name_default, migrations.RunPython.noop),
    ]
