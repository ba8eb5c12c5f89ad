"""Tokens of links: genuine ones are read, anything else is not."""

import pytest

from common.links import link_read, link_token

PURPOSE = "tests.link"


def test_a_genuine_token_is_read() -> None:
    assert link_read(PURPOSE, link_token(PURPOSE, 17, 3)) == (17, 3)
    assert link_read(PURPOSE, link_token(PURPOSE, 17, 0)) == (17, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("17-", "017-"),
        ("-3-", "-03-"),
        ("17-", "+17-"),
        ("17-", " 17-"),
        ("17-", "١٧-"),
        ("17-", "18-"),
        ("-3-", "-2-"),
    ],
)
def test_the_same_numbers_written_otherwise_open_nothing(old: str, new: str) -> None:
    token = link_token(PURPOSE, 17, 3)
    assert link_read(PURPOSE, token.replace(old, new, 1)) is None


def test_another_purpose_or_a_changed_letter_opens_nothing() -> None:
    token = link_token(PURPOSE, 17, 3)
    assert link_read("tests.other", token) is None
    assert link_read(PURPOSE, token + "A") is None
    assert link_read(PURPOSE, token[:-1]) is None
    # Two bits of the last letter carry nothing; they count all the same.
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [token[:-1] + letter for letter in last if letter != token[-1]]
    assert [other for other in others if link_read(PURPOSE, other)] == []
