import datetime as dt

import pytest

from demo.calculations.tables import Demo, demo_of

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="session")
def company() -> Demo:
    """The demo as everybody gets it on one day, made once."""
    return demo_of(seed=10, today=TODAY, months=30, customers=400)


@pytest.fixture(scope="session")
def others() -> list[Demo]:
    """Companies of other seeds, smaller, for what must hold for all of them."""
    return [
        demo_of(seed=seed, today=TODAY, months=24, customers=220) for seed in (1, 2)
    ]
