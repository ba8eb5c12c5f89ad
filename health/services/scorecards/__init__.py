"""Choosing, editing and publishing scorecards."""

from health.services.scorecards.current import (
    UnableToLeaveOut,
    scorecard_current,
    scorecard_leave_out,
)

__all__ = ["UnableToLeaveOut", "scorecard_current", "scorecard_leave_out"]
