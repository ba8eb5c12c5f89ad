"""Merge fields are looked up in a list; nothing is ever evaluated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail.calculations.merging import (
    Field,
    fields_blank,
    fields_foreign,
    fields_of,
    fields_unknown,
    filled,
    parsed,
)
from tests.mail.payloads import PAYLOADS

VALUES = {"contact.first_name": "Mara", "contact.title": "", "owner.name": "Ana P"}


def test_fields_are_filled_and_fallbacks_used() -> None:
    text = (
        "Hello {contact.first_name}, { contact.title | colleague } of {contact.title|}."
    )
    assert filled(text, VALUES) == "Hello Mara, colleague of ."


def test_a_text_is_cut_into_words_and_fields() -> None:
    assert parsed("Hi {owner.name|us}!") == [
        "Hi ",
        Field("owner.name", "us", "{owner.name|us}"),
        "!",
    ]


def test_what_a_value_says_is_never_read_again() -> None:
    values = {"contact.first_name": "{owner.name}", "owner.name": "secret"}
    assert filled("Hello {contact.first_name}", values) == "Hello {owner.name}"


def test_fields_that_nothing_fills_are_named() -> None:
    text = "{contact.first_name} {contact.email} {first_name} {owner.__class__}"
    unknown = ["{contact.email}", "{first_name}", "{owner.__class__}"]
    assert fields_unknown(text, VALUES) == unknown
    assert filled(text, VALUES) == "Mara {contact.email} {first_name} {owner.__class__}"


def test_double_braces_are_another_language() -> None:
    text = "{{ owner.name }} {{owner.name|x}} {{ 7*7 }} {owner.name}"
    found = fields_foreign(text, VALUES)
    assert found == ["{{ owner.name }}", "{{owner.name|x}}"]
    assert filled(text, VALUES) == "{{ owner.name }} {{owner.name|x}} {{ 7*7 }} Ana P"


def test_blanks_are_told_once() -> None:
    text = "{contact.title} {contact.title} {contact.title|you} {owner.name}"
    assert fields_blank(text, VALUES) == ["contact.title"]


def test_there_are_a_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) >= 100


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_come_out_as_they_went_in(payload: str) -> None:
    assert filled(payload, VALUES) == payload
    assert filled("{contact.first_name}", {"contact.first_name": payload}) == payload


@given(st.text(alphabet="{}|. abc_%$<>\n", max_size=60))
def test_the_parts_are_the_text(text: str) -> None:
    parts = [p.source if isinstance(p, Field) else p for p in parsed(text)]
    assert "".join(parts) == text
    if not fields_of(text):
        assert filled(text, VALUES) == text
