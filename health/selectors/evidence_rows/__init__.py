"""Rows behind measures, a file per kind of source. Nothing known later is shown."""

from health.selectors.evidence_rows.asked import Asked, Behind

__all__ = ["Asked", "Behind"]
