"""The cast of the matrix: the company lets a CSM see and change the own customers."""

import pytest

from accounts.models import Company, User
from tests.access.objects import Cast, cast_of
from tests.pages import at_noon, plain_static_files, scored_world

__all__ = ["at_noon", "plain_static_files", "scored_world"]


@pytest.fixture
def everybody(
    company: Company, admin: User, mara: User, ana: User, charlie: User, viewer: User
) -> Cast:
    """This will gather everybody who may ask, Ana owning the customer."""
    return cast_of(admin=admin, manager=mara, owner=ana, other=charlie, viewer=viewer)
