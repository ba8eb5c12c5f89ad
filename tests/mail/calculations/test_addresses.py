"""The one form of an address, and its trace."""

import pytest

from mail.calculations.addresses import (
    address_flaw,
    address_hash,
    address_normal,
    is_printable,
)

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        (" Mara@Brightwater.Example ", "mara@brightwater.example"),
        ("ana@BÜCHER.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("a@b@example.org", "a@b@example.org"),
        ("nobody", "nobody"),
        ("a@.example", "a@.example"),
    ],
)
def test_an_address_has_one_form(typed: str, same: str) -> None:
    assert address_normal(typed) == same


def test_the_trace_is_of_the_form_and_of_the_key() -> None:
    trace = address_hash("ana@bücher.example", KEY)
    assert address_hash("ANA@xn--bcher-kva.example ", KEY) == trace
    assert len(trace) == 64
    assert address_hash("ana@bücher.example", OTHER) != trace
    assert address_hash("anna@bücher.example", KEY) != trace


@pytest.mark.parametrize(
    ("address", "flaw"),
    [
        ("mara@brightwater.example", ""),
        ("ana@bücher.example", ""),
        ("mara", "The address has to look like name@company.example."),
        (f"{'a' * 250}@b.example", "The address is longer than 254 letters."),
        ("ma ra@b.example", "The address holds a space or a control character."),
        ("m\x00ra@b.example", "The address holds a space or a control character."),
        ("<mara@b.example", "The address holds a character that no address holds."),
        ("mara@b..example", "The part after the @ cannot be the name of a server."),
    ],
)
def test_what_keeps_a_text_from_being_an_address(address: str, flaw: str) -> None:
    assert address_flaw(address) == flaw


def test_what_could_end_a_line_or_hide_is_not_printable() -> None:
    assert is_printable("Mară")
    assert not is_printable("Mara\r\nBcc: x")
    assert not is_printable("Mara\u202e")
