"""Scores and forecasts as pure functions of numbers: no database, no clock."""
