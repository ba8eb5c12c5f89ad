"""Names and addresses: made up, unique, and spelled as they would be at home."""

import unicodedata

import numpy as np

from demo.calculations.draws import Deck, pick
from demo.texts.companies import FORMS, STEMS

SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "å": "aa",
     "ı": "i", "ł": "l", "&": "and", "’": "", "'": "", "đ": "d"}
)  # fmt: skip


def plain(text: str) -> str:
    """This will spell a name with the letters a to z, digits and hyphens."""
    spelled = text.lower().translate(SPELLED)
    letters = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in letters).split())


def domain_of(name: str) -> str:
    """This will return a domain that can never belong to anybody (RFC 2606)."""
    return f"{plain(name)}.example"


class Namer:
    """Gives names to companies, each only once."""

    def __init__(self, rng: np.random.Generator) -> None:
        """This will shuffle the stems of every country."""
        self.rng = rng
        self.decks = {key: Deck(rng, stems) for key, stems in STEMS.items()}
        self.taken: set[str] = set()

    def company(self, naming: str, industry: str, city: str) -> str:
        """This will return a name that nobody has yet; the city helps out at the end."""
        stem = self.decks[naming].deal()
        name = pick(self.rng, FORMS[naming][industry]).format(stem)
        number = 1
        candidate = name
        while candidate in self.taken:
            candidate = f"{name} {city}" if number == 1 else f"{name} {city} {number}"
            number += 1
        self.taken.add(candidate)
        return candidate
