"""What the application is told through its environment."""

import sys
from pathlib import Path

from devstack.environment import (
    application_environment,
    given_addresses,
    with_our_programs,
)
from devstack.places import Places, secret_key

ADDRESSES = {"DATABASE_URL": "postgresql://d", "REDIS_URL": "redis+socket:///r"}


def test_complete_environment(places: Places) -> None:
    made = application_environment(
        places, ADDRESSES, demo=True, environ={"PATH": "/bin", "EMPTY": ""}
    )
    assert made.pop("KEEPWELL_DATA").endswith("shared/data")
    assert made == {
        **ADDRESSES,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KEEPWELL_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "KEEPWELL_AUDIT_HEADS": str(places.var / "audit_heads"),
        "KEEPWELL_DEBUG": "0",
        "KEEPWELL_DEMO": "1",
        "KEEPWELL_HTTPS": "0",
        "KEEPWELL_SECRET_KEY": secret_key(places),
        "KEEPWELL_STATE": str(places.state),
        "KEEPWELL_STATIC_ROOT": str(places.static),
        "PATH": f"{Path(sys.executable).parent}:/bin",
        "PYTHONUNBUFFERED": "1",
    }


def test_what_a_person_set_is_kept(places: Places) -> None:
    set_by_hand = {
        "KEEPWELL_DEBUG": "1",
        "KEEPWELL_DEMO": "1",
        "KEEPWELL_SECRET_KEY": "mine",
        "KEEPWELL_DATA": "/data",
    }
    made = application_environment(places, ADDRESSES, environ=set_by_hand)
    assert {name: made[name] for name in set_by_hand} == set_by_hand
    assert not (places.var / "secret_key").exists()


def test_a_secret_key_in_a_file_is_kept(places: Places) -> None:
    environ = {"KEEPWELL_SECRET_KEY_FILE": "/run/key"}
    made = application_environment(places, ADDRESSES, environ=environ)
    assert "KEEPWELL_SECRET_KEY" not in made


def test_no_demo_wins_over_the_environment(places: Places) -> None:
    environ = {"KEEPWELL_DEMO": "1"}
    made = application_environment(places, ADDRESSES, demo=False, environ=environ)
    assert made["KEEPWELL_DEMO"] == "0"


def test_empty_addresses_are_not_given() -> None:
    given = given_addresses(
        {"DATABASE_URL": "", "REDIS_URL": "redis://r", "OTHER": "x"}
    )
    assert given == {"REDIS_URL": "redis://r"}


def test_our_programs_come_first() -> None:
    assert with_our_programs("") == str(Path(sys.executable).parent)
