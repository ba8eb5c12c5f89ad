"""A default scorecard, somebody who edits it, and a second one."""

import pytest

from accounts.actor import Actor
from accounts.models import User
from customers.models import Segment
from health.models import Scorecard
from health.services.scorecards import scorecard_current
from health.services.scorecards.setup import SetupValues, scorecard_create
from tests.world import NOW


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin)


@pytest.fixture
def card(db: None) -> Scorecard:
    return scorecard_current(now=NOW).scorecard


@pytest.fixture
def enterprise(db: None) -> Segment:
    return Segment.objects.create(key="enterprise", name="Enterprise")


@pytest.fixture
def second(by: Actor, card: Scorecard, enterprise: Segment) -> Scorecard:
    """A scorecard for enterprises with its first draft."""
    values = SetupValues("Big ones", 5, [enterprise.pk])
    return scorecard_create(values=values, by=by, now=NOW)
