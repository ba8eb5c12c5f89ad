"""Surveys that imports have made are marked as such."""

from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    del schema_editor
    surveys = apps.get_model("surveys", "Survey").objects
    surveys.filter(key__startswith="imported-").update(state="imported")


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0004_programme"),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
