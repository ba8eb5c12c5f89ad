"""Chance that can be repeated."""

import zlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def stream(seed: int, name: str) -> np.random.Generator:
    """This will return the source of chance of one subject.

    Each subject has its own, so that a change to one leaves the others as they were.
    """
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def pick(rng: np.random.Generator, items: Sequence[T]) -> T:
    """This will return one of the items, each as likely as the others."""
    return items[int(rng.integers(len(items)))]


def pick_weighted(rng: np.random.Generator, weights: Mapping[T, float]) -> T:
    """This will return one of the keys, as likely as its weight says."""
    keys = list(weights)
    edges = np.cumsum(list(weights.values()))
    return keys[int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))]


def sigmoid(values: Floats) -> Floats:
    """This will map any number to between 0 and 1."""
    return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float64)


class Deck:
    """Sentences dealt like cards: each once before any comes again."""

    def __init__(self, rng: np.random.Generator, cards: Sequence[str]) -> None:
        """This will shuffle the cards."""
        self.cards = [cards[int(index)] for index in rng.permutation(len(cards))]
        self.dealt = 0

    def deal(self) -> str:
        """This will return the next card."""
        card = self.cards[self.dealt % len(self.cards)]
        self.dealt += 1
        return card
