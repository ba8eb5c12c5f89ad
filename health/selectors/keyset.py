"""Pages of a list of the board that is ordered by a number, the highest first.

The rows are annotated with `place`, the number; customers with the same one follow by id.
"""

import base64
import binascii
import math
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from health.models import Board

# Rows of the board with their `place`.
Placed = QuerySet[Any]

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Edge:
    """The row a page begins behind, or ends before."""

    forward: bool
    place: float
    customer_id: int

    def encode(self) -> str:
        """This will return the edge as it stands in an address."""
        text = f"{'f' if self.forward else 'b'}|{self.place!r}|{self.customer_id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def edge_from(text: str) -> Edge | None:
    """This will read an edge; None (the first page) for anything that is not one."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        direction, place, customer_id = raw.split("|")
        edge = Edge(direction == "f", float(place), int(customer_id))
    except (ValueError, binascii.Error):
        return None
    sound = math.isfinite(edge.place) and 0 <= edge.customer_id < 2**63
    return edge if sound else None


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """Rows of a list, and the ways back and on; empty where there is none."""

    rows: list[Board]
    previous: str
    following: str


def placed_page(rows: Placed, edge: Edge | None) -> PlacedPage:
    """This will return a page of 50. One query; two where the page has vanished."""
    if edge is None:
        return _page(list(_ordered(rows)[: PAGE_SIZE + 1]), back=False)
    if edge.forward:
        behind = Q(place__lt=edge.place) | Q(customer_id__gt=edge.customer_id)
        kept = rows.filter(behind, place__lte=edge.place)
        found = list(_ordered(kept)[: PAGE_SIZE + 1])
        return _page(found, back=True) if found else placed_page(rows, None)
    before = Q(place__gt=edge.place) | Q(customer_id__lt=edge.customer_id)
    kept = rows.filter(before, place__gte=edge.place)
    found = list(kept.order_by("place", "-customer_id")[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return placed_page(rows, None)  # Back at the top, or the list has moved.
    return _page([*reversed(found[:PAGE_SIZE]), found[0]], back=True)


def _ordered(rows: Placed) -> Placed:
    return rows.order_by("-place", "customer_id")


def _page(found: list[Board], *, back: bool) -> PlacedPage:
    rows = found[:PAGE_SIZE]
    more = len(found) > PAGE_SIZE
    return PlacedPage(
        rows,
        _edge(rows[0], forward=False) if back else "",
        _edge(rows[-1], forward=True) if more else "",
    )


def _edge(row: Any, *, forward: bool) -> str:
    place: float = row.place
    return Edge(forward, float(place), row.customer_id).encode()
