"""Groups of comments that speak of the same thing, found by their words.

Comments become weighted words (TF-IDF), and a non-negative factorisation finds words that
occur together (D. D. Lee and H. S. Seung, Nature 401, 1999, 788-791). It was chosen over
k-means because it may leave a comment out, and because what it finds are words, which can
be shown. The same comments always give the same groups.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import Any

from surveys.calculations.phrases import WORD as LETTERS
from surveys.calculations.phrases import base_of, folded
from surveys.calculations.stopwords import stop_words

SMALLEST = 3
MOST = 8
SHOWN_WORDS = 4
SHORTEST = 3
# A word in more than this share of all comments parts nothing from anything; among a
# handful it may be the very point.
COMMON = 0.5
HANDFUL = 12
# A word of a group is in at least this share of its comments.
SHARED = 0.25
ROUNDS = 400
# Endings that are cut, the longest first; what stays has four letters at least.
ENDINGS = {
    "en": ("ing", "ed", "es", "s", "e"),
    "de": ("en", "er", "es", "em", "n", "e", "s"),
    "ro": ("ului", "ilor", "elor", "ile", "ul", "le", "ea", "ii", "a", "e", "i"),
}
KEPT = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Comments by their place, and the words they share, the most telling first.

    `phrases` would find them: a word, or its beginning with a star where it varies.
    """

    members: tuple[int, ...]
    words: tuple[str, ...]
    phrases: tuple[str, ...]


def groups_of(texts: Sequence[str], language: str) -> list[Group]:
    """This will group comments of one language: at most eight, the largest first.

    Every group has three comments or more, each holding a word that the group is about;
    a comment is in one group at most.
    """
    cut = [_stems(text, language) for text in texts]
    spread = Counter(chain.from_iterable(set(stems) for stems in cut))
    known = {
        stem for stem, n in spread.items() if SMALLEST <= n <= _limit(len(texts))
    }  # fmt: skip
    held = [[stem for stem in stems if stem in known] for stems in cut]
    places = [place for place, stems in enumerate(held) if stems]
    if len(places) < SMALLEST:
        return []
    weights, words = _factors([held[place] for place in places], len(known))
    surface = _surfaces(texts, language)
    made = []
    for topic, members in enumerate(_members(weights)):
        ranked = [words[i] for i in (-weights.words[topic]).argsort(kind="stable")]
        made.append(_group([places[one] for one in members], ranked, held, surface))
    found = [group for group in made if group is not None]
    return sorted(found, key=lambda one: (-len(one.members), one.members))[:MOST]


@dataclass(frozen=True, slots=True)
class _Factors:
    texts: Any  # comments x topics
    words: Any  # topics x words


def _limit(count: int) -> float:
    return max(COMMON * count, HANDFUL)


def _factors(held: Sequence[Sequence[str]], known: int) -> tuple[_Factors, list[str]]:
    from sklearn.decomposition import NMF  # noqa: PLC0415 - heavy: workers only
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectors = TfidfVectorizer(analyzer=list, sublinear_tf=True)
    table = vectors.fit_transform(held)
    topics = max(1, min(MOST + 4, len(held) // SMALLEST, known))
    model = NMF(
        n_components=topics, init="nndsvda", random_state=0, max_iter=ROUNDS, tol=1e-4
    )
    with warnings.catch_warnings():
        # Nearly settled is good enough for a suggestion; the error of what is left over
        # may round to below nothing.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        left = model.fit_transform(table)
    return _Factors(left, model.components_), list(vectors.get_feature_names_out())


def _members(weights: _Factors) -> list[list[int]]:
    """This will give each comment to the topic that explains most of it."""
    # Topics are scaled by their strongest word, so that their weights compare.
    strength = weights.texts * weights.words.max(axis=1)
    best = strength.argmax(axis=1)
    members: list[list[int]] = [[] for _ in range(strength.shape[1])]
    for place, topic in enumerate(best.tolist()):
        members[topic].append(place)
    return members


def _group(
    members: Sequence[int],
    ranked: Sequence[str],
    held: Sequence[Sequence[str]],
    surface: dict[str, Counter[str]],
) -> Group | None:
    """This will keep the comments that hold one of the topic's own words."""
    about = _shared(members, ranked[: 2 * SHOWN_WORDS], held)
    kept = tuple(place for place in members if set(about) & set(held[place]))
    if len(kept) < SMALLEST:
        return None
    return Group(
        members=kept,
        words=tuple(surface[stem].most_common(1)[0][0] for stem in about),
        phrases=tuple(_phrase(surface[stem]) for stem in about),
    )


def _shared(
    members: Sequence[int], ranked: Sequence[str], held: Sequence[Sequence[str]]
) -> list[str]:
    counts = Counter(chain.from_iterable(set(held[place]) for place in members))
    least = max(2, SHARED * len(members))
    return [stem for stem in ranked if counts[stem] >= least][:SHOWN_WORDS]


def _phrase(forms: Counter[str]) -> str:
    plain = {folded(form) for form in forms}
    first, last = min(plain), max(plain)
    if first == last:
        return forms.most_common(1)[0][0]
    # What the first and the last in order share, all of them share.
    pairs = zip(first, last, strict=False)
    return (
        "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        + "*"
    )


def _surfaces(texts: Sequence[str], language: str) -> dict[str, Counter[str]]:
    """This will say how each stem is written, how often."""
    made: dict[str, Counter[str]] = {}
    for text in texts:
        for word in LETTERS.findall(text.lower()):
            stem = _stem(folded(word), language)
            made.setdefault(stem, Counter())[word] += 1
    return made


def _stems(text: str, language: str) -> list[str]:
    stop = stop_words(language)
    words = (folded(word) for word in LETTERS.findall(text.lower()))
    return [
        _stem(word, language)
        for word in words
        if len(word) >= SHORTEST and word not in stop and not word.isdigit()
    ]


def _stem(word: str, language: str) -> str:
    """This will cut the ending, so that "exports" and "export" are one word."""
    for ending in ENDINGS.get(base_of(language), ()):
        if word.endswith(ending) and len(word) - len(ending) >= KEPT:
            return word.removesuffix(ending)
    return word
