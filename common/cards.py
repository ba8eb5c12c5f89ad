"""Numbers of cards, wherever somebody typed one: found, and cut down to their last four.

Keepwell has no field for a card. People still type numbers into notes, and programs into
their logs; neither is kept.
"""

import logging
import re
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

# Between the digits: nothing, a blank, a dash, a dot, or what an address makes of a blank.
# Also as addresses and error messages write blanks that are none of the usual ones.
WRITTEN = r"%20|\\xa0|\\u20(?:07|09|11|13|2f)"
GAP = f"(?:[ \\-.+\u00a0\u2007\u2009\u202f\u2011\u2013]|{WRITTEN}){{0,2}}"
# Not within a word: ids, hashes and numbers of orders have letters or strokes around.
RUN = re.compile(rf"(?:(?<![\w%])|(?<=%20))\d(?:{GAP}\d){{12,39}}(?!\w)")
GROUP = re.compile(rf"{WRITTEN}|\d+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{2,4}){3,9}\b")
PHONE = re.compile(
    r"(?i)(?:tel|phone|fon|fax|mobil|call|whatsapp|ruf)\w*[ .:]*\W{0,3}$"
)
# How numbers begin, and how long they are then (ISO/IEC 7812; the schemes' own ranges).
BRANDS: tuple[tuple[str, frozenset[int]], ...] = (
    (r"4", frozenset({13, 16, 18, 19})),
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", frozenset({16})),
    (r"3[47]", frozenset({15})),
    (r"30[0-5]|3095|3[689]", frozenset({14, 16, 19})),
    (r"6011|64[4-9]|65|62|81", frozenset({16, 17, 18, 19})),
    (r"352[89]|35[3-8]", frozenset({16, 17, 18, 19})),
    (r"220[0-4]", frozenset({16, 17, 18, 19})),
    (r"5018|50[236]|58|6304|67|63[789]|5[069]|60", frozenset(range(13, 20))),
)
STARTS = tuple((re.compile(start), lengths) for start, lengths in BRANDS)
SHORT = 13
# The longest number of a phone (ITU-T E.164), which a plus stands before.
LONGEST_PHONE = 15
# Whether a number was taken out since somebody last asked: in one request, one task.
_taken: ContextVar[bool] = ContextVar("cards_taken", default=False)


def scrub(text: str) -> str:
    """This will replace numbers of cards by dots and their last four digits.

    A number counts that begins like a card's, is as long, and passes the check digit
    (Luhn). Phone numbers, IBANs, and ids with letters around them stay.
    """
    clean = _scrubbed(text)
    if clean != text:
        _taken.set(True)
    return clean


def _scrubbed(text: str) -> str:
    if len(text) < SHORT or not RUN.search(text):
        return text
    for begin, end in reversed(list(_cards(text))):
        last = "".join(text[a:b] for a, b in _groups(text, begin, end))[-4:]
        text = f"{text[:begin]}•••• {last}{text[end:]}"
    return text


def scrub_all(value: Any) -> Any:
    """This will scrub every text within lists and objects, but not what ids are kept in.

    Nobody is told: what stands there was written down elsewhere too.
    """
    if isinstance(value, str):
        return _scrubbed(value)
    if isinstance(value, list):
        return [scrub_all(one) for one in value]
    if isinstance(value, dict):
        return {
            key: one if str(key).endswith(("id", "ids", "number")) else scrub_all(one)
            for key, one in value.items()
        }
    return value


def taken_since() -> bool:
    """This will say whether a number was taken out since it was last asked."""
    taken = _taken.get()
    _taken.set(False)
    return taken


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """This will yield where numbers of cards begin and end, from left to right."""
    kept = [found.span() for found in IBAN.finditer(text) if _is_iban(found.group())]
    for run in RUN.finditer(text):
        if not any(a < run.end() and run.start() < b for a, b in kept):
            yield from _within(text, run.start(), run.end())


def _groups(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    found = GROUP.finditer(text, begin, end)
    return [one.span() for one in found if one.group()[0] not in "%\\"]


def _within(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """This will look for a card in a run of digits: it begins and ends with a group."""
    groups = _groups(text, begin, end)
    place = 0
    while place < len(groups):
        for last in range(len(groups), place, -1):
            part = groups[place:last]
            span = part[0][0], part[-1][1]
            if _is_card(text, part):
                yield span
                place = last - 1
                break
        place += 1


def _is_card(text: str, groups: list[tuple[int, int]]) -> bool:
    digits = [int(sign) for a, b in groups for sign in text[a:b]]
    plain = "".join(map(str, digits))
    if not any(
        len(plain) in lengths and start.match(plain) for start, lengths in STARTS
    ):
        return False
    before = text[max(0, groups[0][0] - 30) : groups[0][0]]
    if len(plain) == SHORT and PHONE.search(before):
        return False
    if len(plain) <= LONGEST_PHONE and before.endswith("+"):
        return False
    return (
        _grouped([b - a for a, b in groups]) and len(set(digits)) > 1 and _luhn(digits)
    )


def _grouped(sizes: list[int]) -> bool:
    """This will tell whether a card may be written in groups of these sizes."""
    return min(sizes) >= 3 or len(sizes) == 1 or len(set(sizes[:-1])) == 1


def _luhn(digits: list[int]) -> bool:
    doubled = (sum(divmod(2 * one, 10)) for one in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return (
        15 <= len(plain) <= 34
        and int("".join(str(int(one, 36)) for one in turned)) % 97 == 1
    )


class CardFilter(logging.Filter):
    """Takes numbers of cards out of what is logged: the text, and an error's story."""

    tell = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """This will let every record pass, without numbers of cards."""
        record.msg, record.args = _scrubbed(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self.tell.formatException(record.exc_info)
        record.exc_text = _scrubbed(record.exc_text) if record.exc_text else None
        record.stack_info = _scrubbed(record.stack_info) if record.stack_info else None
        return True
