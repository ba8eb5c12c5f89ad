"""Learning on a shared machine."""

from collections.abc import Iterator

import pytest

from health.calculations.churn.threads import one_thread


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield
