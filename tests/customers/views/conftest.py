"""Pages of a scored world."""

from tests.pages import at_noon, plain_static_files, scored_world

__all__ = ["at_noon", "plain_static_files", "scored_world"]
