"""Scorecards, runs, scores and what the pages read."""

from health.models.acquisition import AcquisitionDay
from health.models.ask import Ask
from health.models.board import Board, PortfolioDay
from health.models.forecast import (
    AccuracyReport,
    ForecastCheck,
    ForecastVersion,
    ValueCheck,
    ValuePath,
)
from health.models.move import Move
from health.models.override import Override
from health.models.preview import Preview
from health.models.run import Heartbeat, Run, RunFailure, Shard
from health.models.score import Score, Standing
from health.models.scorecard import Scorecard, ScorecardVersion
from health.models.snooze import Snooze
from health.models.source import SourceRhythm
from health.models.training import Training, TrainingPart

__all__ = [
    "AccuracyReport",
    "AcquisitionDay",
    "Ask",
    "Board",
    "ForecastCheck",
    "ForecastVersion",
    "Heartbeat",
    "Move",
    "Override",
    "PortfolioDay",
    "Preview",
    "Run",
    "RunFailure",
    "Score",
    "Scorecard",
    "ScorecardVersion",
    "Shard",
    "Snooze",
    "SourceRhythm",
    "Standing",
    "Training",
    "TrainingPart",
    "ValueCheck",
    "ValuePath",
]
