"""Scorecards from before time to resolve was measured against its target."""

import copy
from importlib import import_module

import pytest
from django.db import connection

from health.default_scorecard import default_config
from health.models import ScorecardVersion
from health.services.scorecards import scorecard_current
from tests.world import NOW

pytestmark = pytest.mark.django_db
HOURS = [240, 96, 48, 8]


def test_hours_become_shares_of_the_target_and_nothing_else_changes() -> None:
    current = scorecard_current(now=NOW)
    old = copy.deepcopy(default_config())
    del old["groups"]
    [line] = [one for one in old["measures"] if one["key"] == "resolution"]
    line["anchors"] = HOURS
    without = {**old, "measures": [one for one in old["measures"] if one is not line]}
    versions = [
        ScorecardVersion.objects.create(
            scorecard=current.scorecard, number=number, config=config, published_at=NOW
        )
        for number, config in ((2, old), (3, without))
    ]
    convert = import_module("health.migrations.0007_against_target").CONVERT
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(convert)
    line["anchors"] = [2.5, 1, 0.5, 0.083]
    for version, config in zip(versions, (old, without), strict=True):
        version.refresh_from_db()
        assert version.config == config
    current.refresh_from_db()
    assert current.config == default_config()
