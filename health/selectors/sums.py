"""Sums over everybody's lines, or over those of some people's customers."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from accounts.selectors import company as the_company
from health.models import Move, PortfolioDay, Run
from health.selectors.facts.moment import Moment, Window
from health.selectors.lines_sql import (
    BY_OWNER_AND_ALL,
    COMPARED,
    MOVE_COLUMNS,
    MOVES,
    MOVES_BY_OWNER_AND_ALL,
    OF_OWNERS,
    PORTFOLIO,
    PORTFOLIO_COLUMNS,
)

YEAR = 365
_PORTFOLIO = [name.strip() for name in PORTFOLIO_COLUMNS.split(",")]


def line_parameters(run: Run, days: Sequence[dt.date]) -> dict[str, Any]:
    """This will return what the statements of lines ask for; `days` are at most four."""
    company = the_company()
    moment = Moment(run.as_of, run.known_before, company.time_zone, company.currency)
    return {
        "as_of": run.as_of,
        "known": run.known_before,
        "year_ago": run.as_of - dt.timedelta(days=YEAR),
        "answered_from": Window(moment).begin("answers", YEAR),
        **{f"day_{n}": days[n] if n < len(days) else None for n in range(COMPARED)},
    }


def portfolio_rows(*, run: Run, lines: str) -> list[PortfolioDay]:
    """This will sum a run's lines per owner and in all; the rows are not saved."""
    with connection.cursor() as cursor:
        cursor.execute(
            PORTFOLIO.format(lines=lines, sets=BY_OWNER_AND_ALL), {"as_of": run.as_of}
        )
        rows = cursor.fetchall()
    return [PortfolioDay(**dict(zip(_PORTFOLIO, row, strict=True))) for row in rows]


def moves_rows(*, run: Run, lines: str, days: Sequence[dt.date]) -> list[Move]:
    """This will count who moved from band to band since some days; nothing is saved."""
    found: list[Move] = []
    with connection.cursor() as cursor:
        for n, day in enumerate(days):
            sets = MOVES_BY_OWNER_AND_ALL.format(was=f"was_{n}")
            cursor.execute(
                MOVES.format(lines=lines, was=f"was_{n}", sets=sets),
                {"as_of": run.as_of, "day": day},
            )
            found += [
                Move(**dict(zip(MOVE_COLUMNS, row, strict=True)))
                for row in cursor.fetchall()
            ]
    return found


def sums_of_owners(
    *, run: Run, owners: Collection[int], days: Sequence[dt.date]
) -> tuple[list[PortfolioDay], list[Move]]:
    """This will sum some people's customers as the board has them; nothing is saved."""
    lines = "line_of_owners"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{lines}")
        parameters = line_parameters(run, days) | {"owners": list(owners)}
        cursor.execute(OF_OWNERS, parameters)
    portfolios = [
        row for row in portfolio_rows(run=run, lines=lines) if row.owner_id != 0
    ]
    moves = [
        row for row in moves_rows(run=run, lines=lines, days=days) if row.owner_id != 0
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {lines}")
    return portfolios, moves
