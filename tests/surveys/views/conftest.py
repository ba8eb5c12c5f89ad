"""Pages at noon of the tests' day."""

from tests.pages import at_noon, plain_static_files, scored_world

__all__ = ["at_noon", "plain_static_files", "scored_world"]
