"""Finding words and phrases in comments.

Case, accents and marks nobody sees do not count, and a word is a whole word: "port" is
not in "export". A word that ends in a star stands for all that begin with it, which is
how German compounds and endings are caught without a dictionary: "rechnung*".
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
PART = re.compile(r"[^\W_]+\*?")
STAR = "*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What to look for on whose behalf. Without a language it is looked for in all."""

    owner: int
    language: str
    text: str


def folded(text: str) -> str:
    """This will write a text without case, accents and invisible marks.

    Both ways of writing Romanian letters (comma and cedilla below) become the same.
    """
    if text.isascii():
        return text.lower()
    # Twice, because taking a letter apart may leave a capital: Unicode's compatibility
    # caseless matching (The Unicode Standard, section 3.13, D146).
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Mn", "Cf")
    )


def words_of(text: str) -> list[str]:
    """This will cut a text into folded words; whatever is no letter or digit parts them."""
    return WORD.findall(folded(text))


def parts_of(phrase: str) -> tuple[str, ...]:
    """This will cut a phrase into folded words, each perhaps with its star."""
    return tuple(PART.findall(folded(phrase)))


class Matcher:
    """Looks for many phrases at once: each word of a comment is looked up, not each phrase."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._whole: dict[str, list[tuple[Phrase, tuple[str, ...]]]] = {}
        self._begun: dict[str, list[tuple[Phrase, tuple[str, ...]]]] = {}
        for phrase in phrases:
            parts = parts_of(phrase.text)
            if not parts:
                continue
            first = parts[0]
            table = self._begun if first.endswith(STAR) else self._whole
            entry = (phrase, parts[1:])
            table.setdefault(first.removesuffix(STAR), []).append(entry)
        self._lengths = sorted({len(start) for start in self._begun})

    def found(self, text: str, language: str = "") -> set[Phrase]:
        """This will return the phrases that a comment holds.

        A comment of unknown language is held against the phrases of all.
        """
        words = words_of(text)
        spoken = base_of(language)
        return {
            phrase
            for place, word in enumerate(words)
            for phrase, rest in self._starting(word)
            if _fits(phrase, spoken) and _goes_on(words, place + 1, rest)
        }

    def _starting(self, word: str) -> list[tuple[Phrase, tuple[str, ...]]]:
        entries = list(self._whole.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            entries += self._begun.get(word[:length], ())
        return entries


def base_of(language: str) -> str:
    """This will return the language of a code: "de" of "de-AT"."""
    return language.replace("_", "-").partition("-")[0].lower()


def _fits(phrase: Phrase, spoken: str) -> bool:
    return not phrase.language or not spoken or base_of(phrase.language) == spoken


def _goes_on(words: list[str], place: int, rest: tuple[str, ...]) -> bool:
    if len(words) - place < len(rest):
        return False
    return all(
        word.startswith(part[:-1]) if part.endswith(STAR) else word == part
        for word, part in zip(words[place:], rest, strict=False)
    )
