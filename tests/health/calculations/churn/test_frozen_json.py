"""Frozen dataclasses to JSON and back."""

import json
from dataclasses import dataclass
from enum import StrEnum

from hypothesis import given
from hypothesis import strategies as st

from health.calculations.churn.frozen_json import from_json, to_json


class Kind(StrEnum):
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Leaf:
    number: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Tree:
    leaf: Leaf
    perhaps: Leaf | None
    leaves: tuple[Leaf, ...]
    table: tuple[tuple[float, ...], ...]
    pair: tuple[str, int]
    yes: bool


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.builds(Leaf, NUMBERS, st.just(Kind.ONE))
TREES = st.builds(
    Tree,
    LEAVES,
    st.none() | LEAVES,
    st.lists(LEAVES).map(tuple),
    st.lists(st.lists(NUMBERS).map(tuple)).map(tuple),
    st.tuples(st.text(), st.integers()),
    st.booleans(),
)


@given(TREES)
def test_nothing_is_lost(tree: Tree) -> None:
    again = from_json(Tree, json.loads(json.dumps(to_json(tree))))
    assert again == tree
    assert type(again.leaf.kind) is Kind
