"""Sums over everybody, or over some people's customers."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import connection

from health.models import Move, PortfolioDay, Run
from health.selectors.moves_sql import LINES, MOVES, MOVES_OF
from health.selectors.portfolio_sql import COLUMNS, PORTFOLIO, PORTFOLIO_OF

_PORTFOLIO = [name.strip() for name in COLUMNS.split(",")]
_MOVE = [
    "as_of",
    "compared_on",
    "owner_id",
    "from_band",
    "to_band",
    "customers",
    "mrr",
]


def portfolio_rows(*, run: Run, standing: str) -> list[PortfolioDay]:
    """This will sum a standing per owner and in all; the rows are not saved."""
    with connection.cursor() as cursor:
        cursor.execute(
            PORTFOLIO.format(standing=standing),
            {"as_of": run.as_of, "known": run.known_before},
        )
        rows = cursor.fetchall()
    return [PortfolioDay(**dict(zip(_PORTFOLIO, row, strict=True))) for row in rows]


def moves_rows(*, run: Run, standing: str, days: Sequence[dt.date]) -> list[Move]:
    """This will compare a standing with the scores of some days; nothing is saved."""
    found: list[Move] = []
    if not days:
        return found
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.line")
        cursor.execute(LINES.format(standing=standing))
        cursor.execute("ANALYZE line")
        for day in days:
            cursor.execute(MOVES, {"as_of": run.as_of, "day": day})
            found += [
                Move(**dict(zip(_MOVE, row, strict=True))) for row in cursor.fetchall()
            ]
        cursor.execute("DROP TABLE line")
    return found


def portfolio_of_owners(*, run: Run, owners: Collection[int]) -> None:
    """This will write the sums of some people's portfolios from the board."""
    with connection.cursor() as cursor:
        cursor.execute(
            PORTFOLIO_OF,
            {"as_of": run.as_of, "known": run.known_before, "owners": list(owners)},
        )


def moves_of_owners(*, run: Run, owners: Collection[int], day: dt.date) -> None:
    """This will write how some people's customers moved since a day, from the board."""
    with connection.cursor() as cursor:
        cursor.execute(
            MOVES_OF, {"as_of": run.as_of, "day": day, "owners": list(owners)}
        )
