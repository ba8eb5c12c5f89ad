"""Scorecards, runs, scores and what the pages read."""

from health.models.board import Board, PortfolioDay
from health.models.run import Heartbeat, Run, RunFailure, Shard
from health.models.score import Score, Standing
from health.models.scorecard import Scorecard, ScorecardVersion
from health.models.snooze import Snooze

__all__ = [
    "Board",
    "Heartbeat",
    "PortfolioDay",
    "Run",
    "RunFailure",
    "Score",
    "Scorecard",
    "ScorecardVersion",
    "Shard",
    "Snooze",
    "Standing",
]
