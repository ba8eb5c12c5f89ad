"""Searching comments for themes and groups in slices, and telling those who raised one."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0005_imported_surveys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("suggestionrun", "claim", models.UUIDField(null=True)),
        migrations.AddField(
            "suggestionrun", "done", models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            "suggestionrun", "lease_until", models.DateTimeField(null=True)
        ),
        migrations.AddField(
            "suggestion",
            "phrases",
            django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=80), default=list
            ),
        ),
        migrations.AddField("themenote", "done", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="ThemeTelling",
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
                ("texts", models.JSONField()),
                ("created_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tellings",
                        to="surveys.theme",
                    ),
                ),
            ],
            options={"verbose_name": "news of a theme"},
        ),
        migrations.CreateModel(
            name="ThemeSearch",
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
                ("after_response", models.BigIntegerField(default=0)),
                ("after_feedback", models.BigIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("claim", models.UUIDField(null=True)),
                ("lease_until", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "theme",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.theme",
                    ),
                ),
            ],
            options={
                "verbose_name": "search through comments",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(finished_at__isnull=True),
                        fields=("theme",),
                        name="surveys_themesearch_one",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
