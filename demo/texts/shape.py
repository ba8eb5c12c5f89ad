"""What a language has to say: sentences written by hand, by occasion and mood.

Slots: {feature} a part of the product, {month} the month before, {n} a vehicle's number.
A pair of tuples is a first and a second sentence: every first goes with every second.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Lines = tuple[str, ...]
Pair = tuple[Lines, Lines]


@dataclass(frozen=True)
class Texts:
    """Everything the simulation can say in one language."""

    months: Lines
    features: Lines
    subjects: Mapping[str, Lines]
    comments: Mapping[str, Pair]
    causes: Mapping[str, Lines]
    ticket_comments: Mapping[str, Lines]
    setup_comments: Mapping[str, Lines]
    notes: Mapping[str, Pair]
    note_causes: Mapping[str, Pair]
    pulses: Mapping[str, Pair]
    goodbyes: Mapping[str, Lines]
    tasks: Mapping[str, Lines]
    titles: Mapping[str, tuple[tuple[str, str], ...]]
