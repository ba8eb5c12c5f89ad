"""The sums on Today belong to the run that is shown."""

import pytest

from accounts.models import Company, User
from health.selectors.portfolio import portfolio_of
from health.selectors.standing import latest_run
from tests import world
from tests.world import NOW, TODAY, days_ago

pytestmark = pytest.mark.django_db


def test_scoring_an_earlier_day_shows_the_sums_of_that_day(
    company: Company, mara: User, ana: User
) -> None:
    for name in ("one", "two"):
        world.healthy_customer(name)
    world.subscribe(world.make_customer(since=days_ago(20)))
    world.score()
    world.score(days_ago(40), now=NOW + (NOW - world.noon(days_ago(1))))
    run = latest_run()
    assert run is not None
    assert run.as_of == days_ago(40)
    shown = portfolio_of(mara, as_of=run.as_of)
    assert shown is not None
    assert (shown.now.as_of, shown.now.customers) == (days_ago(40), 2)
    later = portfolio_of(mara, as_of=TODAY)
    assert later is not None
    assert (later.now.customers, later.before) == (3, None)
    assert portfolio_of(ana, as_of=TODAY) is None
