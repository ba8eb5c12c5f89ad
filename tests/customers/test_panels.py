"""The system check that proves the panels."""

import pytest
from django.core.checks import run_checks

from customers.checks import check_customer_panels
from customers.extension import CustomerPanel


class Twin(CustomerPanel):
    title = "Why"
    anchor = "why"
    template = "health/panel.html"


class Crooked(CustomerPanel):
    title = ""
    anchor = "crooked"
    zone = "attic"  # type: ignore[assignment]
    template = "nowhere.html"


class Stranger:
    pass


def faults(settings: pytest.FixtureRequest, *paths: str) -> list[str]:
    settings.CUSTOMER_PANELS = list(paths)  # type: ignore[attr-defined]
    return [fault.msg for fault in check_customer_panels(None)]


def test_the_real_panels_are_whole() -> None:
    assert [
        fault for fault in run_checks() if (fault.id or "").startswith("customers.")
    ] == []


def test_what_is_wrong_is_named(settings: pytest.FixtureRequest) -> None:
    here = "tests.customers.test_panels"
    [missing, *crooked, twin] = faults(
        settings,
        "health.panels.HealthPanel",
        "nowhere.Panel",
        f"{here}.Crooked",
        f"{here}.Twin",
    )
    assert missing.startswith(
        "CUSTOMER_PANELS names nowhere.Panel, which cannot be imported"
    )
    assert crooked == [
        f"{here}.Crooked has no title.",
        f"{here}.Crooked has the zone 'attic'; it must be one of ('main', 'rail').",
        f"{here}.Crooked names a template that does not exist.",
    ]
    assert twin == f"{here}.Twin uses the anchor 'why', which another panel has."


def test_a_stranger_is_no_panel(settings: pytest.FixtureRequest) -> None:
    path = "tests.customers.test_panels.Stranger"
    assert faults(settings, path) == [f"{path} is not a CustomerPanel."]
