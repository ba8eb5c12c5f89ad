"""The fake gateway, at the tests' noon."""

import pytest

from tests.gateway import Fake, fake, fake_server
from tests.world import NOW

__all__ = ["fake", "fake_server"]


@pytest.fixture
def standing(fake: Fake) -> Fake:
    """A gateway whose clock stands at the tests' noon."""
    fake.clock(now=NOW)
    return fake
