"""What the verification finds in a log that is held in memory."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from accounts.calculations.chain import (
    START,
    Link,
    detail_digest,
    head_mac,
    link_digest,
)
from accounts.calculations.verdict import (
    ERASED,
    Detail,
    Fault,
    Head,
    Stored,
    Verdict,
    Wrong,
    named_erased,
)

KEY, OLD_KEY = b"key", b"old key"
DETAIL = Detail("salt", None, {"address": "192.0.2.1"})
NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)


def chain(count: int, **changes: Any) -> list[Stored]:
    """A sound log; `erases=…` lets its last entry erase some of the others."""
    erases = changes.get("erases", [])
    rows: list[Stored] = []
    for number in range(1, count + 1):
        last = number == count and erases
        link = Link(
            number=number,
            at=NOON,
            actor_id=1,
            action=ERASED if last else "accounts.role_changed",
            subject_type="accounts.user",
            subject_id="1",
            before={},
            after={"entries": erases} if last else {"role": "admin"},
            detail_digest=detail_digest(DETAIL.salt, DETAIL.person_id, DETAIL.data),
            previous=rows[-1].digest if rows else START,
        )
        detail = None if number in erases else DETAIL
        rows.append(Stored(link, link_digest(link), detail))
    return rows


def head_of(rows: Sequence[Stored], key: bytes = KEY) -> Head:
    digest = rows[-1].digest
    return Head(len(rows), digest, head_mac(key, len(rows), digest))


def faults(
    rows: Sequence[Stored],
    head: Head | None,
    *,
    noted: Sequence[Head] = (),
    erased: Sequence[int] = (),
) -> list[tuple[Wrong, int]]:
    verdict = Verdict(erased=set(erased), noted=noted)
    # In two pieces, as it is fed.
    found: list[Fault] = [*verdict.feed(rows[:2]), *verdict.feed(rows[2:])]
    found += verdict.end(head, [KEY, OLD_KEY])
    return [(fault.what, fault.number) for fault in found]


def test_a_sound_log() -> None:
    rows = chain(5)
    assert faults(rows, head_of(rows)) == []
    assert faults(rows, head_of(rows, OLD_KEY)) == []
    noted = [Head(3, rows[2].digest), Head(5, rows[4].digest)]
    assert faults(rows, head_of(rows), noted=noted) == []


def test_an_empty_log() -> None:
    assert faults([], None) == []
    assert faults([], None, noted=[Head(1, "a" * 64)]) == [(Wrong.CUT, 1)]


def test_erased_details_are_fine_when_a_later_entry_says_so() -> None:
    rows = chain(5, erases=[1, 3])
    assert faults(rows, head_of(rows), erased=[1, 3]) == []


def test_details_that_are_gone_otherwise() -> None:
    rows = chain(5, erases=[1])
    rows[2] = dataclasses.replace(rows[2], detail=None)
    # An erasure says nothing of itself or of what comes later.
    rows[4] = dataclasses.replace(rows[4], detail=None)
    assert faults(rows, head_of(rows), erased=[1]) == [
        (Wrong.DETAIL_GONE, 3),
        (Wrong.DETAIL_GONE, 5),
    ]


def test_details_that_are_back() -> None:
    rows = chain(5, erases=[1])
    rows[0] = dataclasses.replace(rows[0], detail=DETAIL)
    assert faults(rows, head_of(rows), erased=[1]) == [(Wrong.DETAIL_BACK, 1)]


@pytest.mark.parametrize(
    "other",
    [
        Detail("SALT", None, DETAIL.data),
        Detail("salt", 1, DETAIL.data),
        Detail("salt", None, {"address": "192.0.2.2"}),
    ],
)
def test_details_that_were_changed(other: Detail) -> None:
    rows = chain(3)
    rows[1] = dataclasses.replace(rows[1], detail=other)
    assert faults(rows, head_of(rows)) == [(Wrong.DETAIL_CHANGED, 2)]


def test_an_entry_that_was_changed() -> None:
    rows = chain(3)
    head = head_of(rows)
    link = dataclasses.replace(rows[1].link, after={"role": "csm"})
    rows[1] = dataclasses.replace(rows[1], link=link)
    assert faults(rows, head) == [(Wrong.CHANGED, 2)]
    # With its own digest made anew, the next one no longer follows.
    rows[1] = dataclasses.replace(rows[1], digest=link_digest(link))
    assert faults(rows, head) == [(Wrong.UNCHAINED, 3)]


def test_a_log_that_was_rewritten_as_a_whole() -> None:
    rows = chain(3)
    truth = head_of(rows)
    forged = [dataclasses.replace(rows[0].link, actor_id=2)]
    forged += [row.link for row in rows[1:]]
    made: list[Stored] = []
    for link in forged:
        linked = dataclasses.replace(link, previous=made[-1].digest if made else START)
        made.append(Stored(linked, link_digest(linked), DETAIL))
    head = Head(3, made[-1].digest, truth.mac)
    assert faults(made, head) == [(Wrong.SEAL, 3)]
    # Sealed by somebody who has the key: only the head noted elsewhere tells.
    assert faults(made, head_of(made)) == []
    noted = [Head(2, rows[1].digest)]
    assert faults(made, head_of(made), noted=noted) == [(Wrong.NOTED, 2)]


def test_an_entry_that_was_taken_out() -> None:
    rows = chain(4)
    head = head_of(rows)
    del rows[1]
    assert faults(rows, head) == [
        (Wrong.GAP, 3),
        (Wrong.UNCHAINED, 3),
        (Wrong.LENGTH, 4),
    ]


def test_a_first_entry_that_was_taken_out() -> None:
    rows = chain(3)
    head = head_of(rows)
    found = faults(rows[1:], head)
    assert found == [(Wrong.GAP, 2), (Wrong.UNCHAINED, 2), (Wrong.LENGTH, 3)]


def test_two_entries_that_changed_places() -> None:
    rows = chain(4)
    head = head_of(rows)
    one, two = rows[1], rows[2]
    rows[1] = dataclasses.replace(two, link=dataclasses.replace(two.link, number=2))
    rows[2] = dataclasses.replace(one, link=dataclasses.replace(one.link, number=3))
    assert [what for what, _ in faults(rows, head)] == [
        *(Wrong.CHANGED, Wrong.UNCHAINED),
        *(Wrong.CHANGED, Wrong.UNCHAINED),
        Wrong.UNCHAINED,
    ]


def test_a_tail_that_was_cut() -> None:
    rows = chain(4)
    head = head_of(rows)
    assert faults(rows[:2], head) == [(Wrong.LENGTH, 4)]
    shorter = Head(2, rows[1].digest, head.mac)
    assert faults(rows[:2], shorter) == [(Wrong.SEAL, 2)]
    # Put back as it truly was: only the head noted elsewhere tells.
    before = head_of(rows[:2])
    assert faults(rows[:2], before) == []
    assert faults(rows[:2], before, noted=[Head(3, rows[2].digest)]) == [(Wrong.CUT, 3)]


def test_a_head_that_was_touched() -> None:
    rows = chain(2)
    head = head_of(rows)
    assert faults(rows, None) == [(Wrong.NO_HEAD, 2)]
    assert faults(rows, dataclasses.replace(head, mac="ö")) == [(Wrong.SEAL, 2)]
    other = Head(2, "a" * 64, head_mac(KEY, 2, "a" * 64))
    assert faults(rows, other) == [(Wrong.END, 2)]


def test_two_different_heads_noted_of_one_entry() -> None:
    rows = chain(2)
    noted = [Head(1, rows[0].digest), Head(1, "a" * 64)]
    assert faults(rows, head_of(rows), noted=noted) == [(Wrong.NOTED, 1)]


@pytest.mark.parametrize(
    "after", [None, [], {}, {"entries": 5}, {"entries": ["x", True]}]
)
def test_a_garbled_erasure_erases_nothing(after: Any) -> None:
    assert named_erased(after) == set()
