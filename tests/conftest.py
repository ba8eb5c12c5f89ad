"""The cast. Ana works on her portfolio; Charlie must never see it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django import Settings

from accounts.models import Company, User
from tests import once, world
from tests.gateway import fake, fake_server
from tests.scheduling import pytest_xdist_make_scheduler

__all__ = ["fake", "fake_server", "pytest_xdist_make_scheduler"]

# How long an example takes says more about the machine than about the code.
examples.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# pytest --hypothesis-profile=thorough
examples.register_profile(
    "thorough", parent=examples.get_profile("untimed"), max_examples=1_000
)
examples.load_profile("untimed")
# Slow on purpose, and here for nobody's good: the same hashes with the least of work.
Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
Argon2PasswordHasher.memory_cost = 8


def pytest_configure() -> None:
    """The first process of a run makes the folder that all of them share."""
    once.run_folder()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Each worker's database is a copy of one that was migrated."""
    if "DATABASE_URL" in os.environ:
        connection.settings_dict["TEST"]["TEMPLATE"] = once.migrated()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings, tmp_path: Path) -> None:
    """Pages are rendered without a collected, hashed copy of the static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = tmp_path


@pytest.fixture(autouse=True)
def own_audit_heads(settings: Settings, tmp_path: Path) -> None:
    """Test workers share the folders and not the database that is noted there."""
    settings.AUDIT_HEADS = tmp_path / "audit_heads"


@pytest.fixture(autouse=True)
def mail_goes_to_the_outbox(settings: Settings) -> None:
    """Django's test environment would put its own list in the outbox's place."""
    settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"


@pytest.fixture(autouse=True)
def plain_english() -> Iterator[None]:
    """A request of somebody German in one test is not heard in the next."""
    with translation.override("en"):
        yield


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(id=1, name="Fleetlane", currency="EUR")


@pytest.fixture
def ana(db: None) -> User:
    return world.make_user("ana@example.org", name="Ana Popescu")


@pytest.fixture
def charlie(db: None) -> User:
    return world.make_user("charlie@example.org", name="Charlie Moss")


@pytest.fixture
def mara(db: None) -> User:
    return world.make_user("mara@example.org", name="Mara Lindqvist", role="manager")


@pytest.fixture
def admin(db: None) -> User:
    return world.make_user("admin@example.org", name="Ada Admin", role="admin")


@pytest.fixture
def viewer(db: None) -> User:
    return world.make_user("viewer@example.org", name="Vic Viewer", role="viewer")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


@pytest.fixture
def ana_client(ana: User) -> Client:
    return signed_in(ana)


@pytest.fixture
def charlie_client(charlie: User) -> Client:
    return signed_in(charlie)


@pytest.fixture
def mara_client(mara: User) -> Client:
    return signed_in(mara)


@pytest.fixture
def admin_client(admin: User) -> Client:
    return signed_in(admin)


@pytest.fixture
def viewer_client(viewer: User) -> Client:
    return signed_in(viewer)
