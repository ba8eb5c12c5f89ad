"""Digests: the same for ever, and of every part."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calculations.chain import (
    START,
    Link,
    canonical,
    detail_digest,
    head_mac,
    link_digest,
    plain,
)

LINK = Link(
    number=1,
    at=dt.datetime(2026, 6, 30, 12, 0, 0, 5, tzinfo=dt.UTC),
    actor_id=7,
    action="accounts.role_changed",
    subject_type="accounts.user",
    subject_id="9",
    before={"role": "csm"},
    after={"role": "admin", "näme": "Ștefan"},
    detail_digest="d" * 64,
    previous=START,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_digests_never_change() -> None:
    """Another digest here means that every log ever written looks forged."""
    assert link_digest(LINK) == (
        "ca7e4f8ea9c15648381989b303df18fa5b477bca38939667c0e90e3eb820fbfb"
    )
    assert detail_digest("00ff", 9, {"address": "192.0.2.1"}) == (
        "0659c68627684373a7c0b39537ac2d69e9ee8cffe8395811ce127652f054c8ef"
    )
    assert head_mac(b"key", 1, "a" * 64) == (
        "afba0843ca3d92d2a635340beb3b737baedbb2835aebe6220949c8a7ad646ff4"
    )


OTHERS: dict[str, Any] = {
    "number": 2,
    "at": LINK.at + dt.timedelta(microseconds=1),
    "actor_id": None,
    "action": "accounts.role_change",
    "subject_type": "",
    "subject_id": "90",
    "before": {},
    "after": {"role": "admin"},
    "detail_digest": "e" * 64,
    "previous": "1" * 64,
}


@pytest.mark.parametrize("name", Link.__slots__)
def test_every_column_counts(name: str) -> None:
    changed = dataclasses.replace(LINK, **{name: OTHERS[name]})
    assert link_digest(changed) != link_digest(LINK)


def test_the_zone_of_a_moment_does_not_count() -> None:
    east = dt.timezone(dt.timedelta(hours=3))
    moved = dataclasses.replace(LINK, at=LINK.at.astimezone(east))
    assert link_digest(moved) == link_digest(LINK)


def test_every_part_of_details_counts() -> None:
    digests = {
        detail_digest("00ff", 9, {"a": 1}),
        detail_digest("00fe", 9, {"a": 1}),
        detail_digest("00ff", None, {"a": 1}),
        detail_digest("00ff", 9, {"a": 2}),
    }
    assert len(digests) == 4


def test_the_order_of_keys_does_not_count() -> None:
    assert canonical({"b": 1, "a": [1, 2]}) == canonical({"a": [1, 2], "b": 1})
    assert canonical([1, 2]) != canonical([2, 1])


@given(JSON)
def test_what_is_plain_stays_as_it_is(value: Any) -> None:
    made = plain(value)
    assert plain(made) == made
    text = canonical(made).decode()
    assert canonical(json.loads(text)).decode() == text
    assert "\\u0000" not in text


def test_what_the_database_would_change_is_changed_before() -> None:
    assert plain(
        {"a": 1e16, "b": "x\0y", "c": "\ud800", "d": [0.1, True, None, 5]}
    ) == {
        "a": "1e+16",
        "b": "x\N{REPLACEMENT CHARACTER}y",
        "c": "?",
        "d": ["0.1", True, None, 5],
    }
