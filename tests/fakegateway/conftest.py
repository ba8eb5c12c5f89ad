"""Stripe's own library, pointed at the fake."""

from collections.abc import Iterator

import pytest
import stripe

from tests.gateway import KEY, Fake


@pytest.fixture
def client(fake: Fake) -> Iterator[stripe.StripeClient]:
    """It does not try again by itself, so that a test sees every answer."""
    http = stripe.RequestsClient(timeout=5)
    yield stripe.StripeClient(
        KEY,
        base_addresses={"api": fake.address},
        max_network_retries=0,
        http_client=http,
    )
    http.close()
