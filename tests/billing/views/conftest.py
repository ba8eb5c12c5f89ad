"""The tests' noon."""

from tests.pages import at_noon

__all__ = ["at_noon"]
