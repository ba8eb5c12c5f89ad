import pytest

from billing.gateways.base import Access
from billing.gateways.stripe import StripeGateway
from tests.gateway import Fake


@pytest.fixture
def gateway(fake: Fake) -> StripeGateway:
    """The real library on its way to the fake gateway."""
    return StripeGateway(Access(key=fake.key, hooks=("whsec_older", fake.secret)))
