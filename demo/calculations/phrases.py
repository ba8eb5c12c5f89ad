"""Sentences for an occasion: dealt from decks, so that they rarely repeat."""

import itertools
from collections.abc import Sequence

import numpy as np

from demo.calculations.draws import Deck
from demo.texts import TEXTS
from demo.texts.shape import Pair

VEHICLES = range(2, 39)


class Phrases:
    """Deals finished sentences by language and occasion."""

    def __init__(self, rng: np.random.Generator) -> None:
        """This will begin with full decks."""
        self.rng = rng
        self.decks: dict[tuple[str, ...], Deck] = {}

    def line(self, language: str, occasion: str, key: str, month: int = 0) -> str:
        """This will return a single sentence, such as a ticket's subject.

        `month` is the number (0 to 11) of the month that {month} stands for.
        """
        lines: Sequence[str] = getattr(TEXTS[language], occasion)[key]
        deck = self._deck((language, occasion, key), _with_features(language, lines))
        return self._filled(language, deck.deal(), month)

    def lines(self, language: str, occasion: str, key: str, month: int = 0) -> str:
        """This will return one sentence or two, such as a comment or a note."""
        pair: Pair = getattr(TEXTS[language], occasion)[key]
        deck = self._deck((language, occasion, key), _combined(pair))
        return self._filled(language, deck.deal(), month)

    def _deck(self, key: tuple[str, ...], cards: Sequence[str]) -> Deck:
        if key not in self.decks:
            self.decks[key] = Deck(self.rng, cards)
        return self.decks[key]

    def _filled(self, language: str, card: str, month: int) -> str:
        vehicle = int(self.rng.integers(VEHICLES.start, VEHICLES.stop))
        return card.format(month=TEXTS[language].months[month], n=vehicle)


def _with_features(language: str, lines: Sequence[str]) -> list[str]:
    cards = []
    for line in lines:
        # Other slots stay open here: they depend on the day.
        if "{feature}" in line:
            names = TEXTS[language].features
            cards += [line.replace("{feature}", name) for name in names]
        else:
            # The same words about another month or vehicle are not the same sentence.
            cards += [line] * (5 if "{" in line else 1)
    return cards


def _combined(pair: Pair) -> list[str]:
    firsts, seconds = pair
    both = [f"{first} {second}" for first, second in itertools.product(firsts, seconds)]
    return both + list(firsts)
