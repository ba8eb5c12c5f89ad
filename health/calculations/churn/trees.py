"""Boosted trees as they are stored: plain numbers, read with numpy alone.

A tree of at most eight leaves asks at most seven questions, so what a customer answers is
one number of seven bits, and all that the tree can say stands in a table of 128 lines. The
tables are made once; a customer costs a comparison for each question and a look into each
table. What a tree says, and which of a customer's features said it, are both read there.

Which feature said it: Shapley values against one customer, the average one (Lundberg et
al., Nature Machine Intelligence 2, 2020, interventional, with a single background point;
Shapley, 1953). Players are groups of columns. Every order in which the features can be
turned from the average customer's to this one's is counted, and they are few enough to be
counted exactly. They add up to the difference of the two log-odds.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from health.calculations.churn.logistic import Matrix
from health.calculations.scoring import Floats

MOST_QUESTIONS = 7
ANSWERS = 2**MOST_QUESTIONS
# Rows that are gone through together, so that their columns stay near the processor.
PIECE = 8_192
LEAF = -1
Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes, the first is the root. A row goes left where its column is at most the
    threshold; one whose column is not known goes where `missing_left` says."""

    feature: tuple[int, ...]  # place of the column; LEAF
    threshold: tuple[float, ...]
    left: tuple[int, ...]  # nodes
    right: tuple[int, ...]
    value: tuple[float, ...]  # of leaves, in log-odds
    missing_left: tuple[bool, ...]

    @property
    def questions(self) -> list[int]:
        """The nodes that ask something; the n-th one's answer is the n-th bit."""
        return [node for node, place in enumerate(self.feature) if place != LEAF]

    def said(self) -> Floats:
        """This will return what the tree says to every code of answers, (128,)."""
        bit = {node: place for place, node in enumerate(self.questions)}
        places = np.array([bit.get(node, 0) for node in range(len(self.feature))])
        leaf = np.array(self.feature) == LEAF
        left, right = np.array(self.left), np.array(self.right)
        code, node = np.arange(ANSWERS), np.zeros(ANSWERS, dtype=np.intp)
        for _ in self.questions:
            yes = (code >> places[node]) & 1
            node = np.where(leaf[node], node, np.where(yes, left[node], right[node]))
        return np.array(self.value)[node]


@dataclass(frozen=True, slots=True)
class Boosted:
    """Trees that add up to log-odds, and how well they are known.

    `variances` are of log-odds at `knots`, on a straight line between them.
    """

    baseline: float
    trees: tuple[Tree, ...]
    knots: tuple[float, ...]  # log-odds, rising
    variances: tuple[float, ...]

    def log_odds(self, columns: Matrix) -> Floats:
        """This will return the log-odds of n rows (n, d), (n,).

        Cost: 2 µs a row with 150 trees; memory for some thousand rows.
        """
        said = _said(self)
        found = np.full(len(columns), self.baseline)
        for part in _pieces(len(columns)):
            total = found[part]
            for code, table in zip(answers(self, columns[part]), said, strict=True):
                total += table[code]
        return found

    def staged(self, columns: Matrix, rounds: tuple[int, ...]) -> Floats:
        """This will return the log-odds of so many of the first trees, (rounds, n)."""
        return np.stack([self.first(count).log_odds(columns) for count in rounds])

    def first(self, count: int) -> "Boosted":
        """This will return the first trees alone."""
        return replace(self, trees=self.trees[:count])

    def variance(self, eta: Floats) -> Floats:
        """This will return what is not known of log-odds, as a variance, (n,)."""
        return np.interp(eta, self.knots, self.variances)

    def parts(self, columns: Matrix, groups: tuple[int, ...], size: int) -> Floats:
        """This will share the log-odds out among `size` groups of columns, (n, size).

        `groups` (d,) names each column's group. A row adds up to its log-odds less those
        of the average customer, whose columns are all 0.
        """
        shares = _shares(self, groups)
        found = np.zeros((size, len(columns)))
        for part in _pieces(len(columns)):
            for code, table in zip(answers(self, columns[part]), shares, strict=True):
                for group, column in table:
                    found[group, part] += column[code]
        return found.T

    def average(self) -> float:
        """This will return the log-odds of the average customer."""
        width = 1 + max((max(tree.feature) for tree in self.trees), default=0)
        return float(self.log_odds(np.zeros((1, width)))[0])


def answers(boosted: Boosted, columns: Matrix) -> Codes:
    """This will ask n rows (n, d) every tree's questions: codes (trees, n).

    Cost: three passes over the rows for each question; hand in some thousand rows.
    """
    by_column = np.ascontiguousarray(columns.T, dtype=np.float64)
    found = np.zeros((len(boosted.trees), len(columns)), dtype=np.uint8)
    yes = np.empty(len(columns), dtype=np.bool_)
    bits = yes.view(np.uint8)
    for tree, code in zip(boosted.trees, found, strict=True):
        for bit, node in enumerate(tree.questions):
            column, threshold = by_column[tree.feature[node]], tree.threshold[node]
            # What is not known is neither above a threshold nor at most it.
            if tree.missing_left[node]:
                np.greater(column, threshold, out=yes)
                np.logical_not(yes, out=yes)
            else:
                np.less_equal(column, threshold, out=yes)
            np.left_shift(bits, bit, out=bits)
            np.bitwise_or(code, bits, out=code)
    return found


def _pieces(size: int) -> list[slice]:
    return [slice(start, start + PIECE) for start in range(0, size, PIECE)]


@lru_cache(maxsize=4)
def _said(boosted: Boosted) -> list[Floats]:
    return [tree.said() for tree in boosted.trees]


@lru_cache(maxsize=4)
def _shares(
    boosted: Boosted, groups: tuple[int, ...]
) -> list[list[tuple[int, Floats]]]:
    """This will make each tree's tables of Shapley values, one for each of its groups."""
    nobody = np.zeros((1, len(groups)))
    average = answers(boosted, nobody)[:, 0]
    return [
        _tree_shares(tree, groups, int(code))
        for tree, code in zip(boosted.trees, average, strict=True)
    ]


def _tree_shares(
    tree: Tree, groups: tuple[int, ...], average: int
) -> list[tuple[int, Floats]]:
    """This will turn over every subset of a tree's groups, of which there are 128 at most."""
    owner = [groups[tree.feature[node]] for node in tree.questions]
    players = sorted(set(owner))
    mine = [
        sum(1 << bit for bit, who in enumerate(owner) if who == one) for one in players
    ]
    count = len(players)
    subset = np.arange(2**count)
    inside = (subset[:, None] >> np.arange(count)) & 1
    turned = inside @ np.array(mine, dtype=np.int64)
    code = np.arange(ANSWERS)
    said = tree.said()[(code & turned[:, None]) | (average & ~turned[:, None])]
    weight = np.array(
        [
            factorial(k) * factorial(count - 1 - k) / factorial(count)
            for k in range(count)
        ]
    )
    found = []
    for place, group in enumerate(players):
        before = subset[inside[:, place] == 0]
        gain = said[before | (1 << place)] - said[before]
        found.append((group, weight[inside[before].sum(axis=1)] @ gain))
    return found
