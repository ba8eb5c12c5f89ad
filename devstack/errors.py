"""This module will hold the one error whose text is meant for a person."""


class UnableToRun(Exception):
    """This will carry a plain sentence that says what is wrong and what to do."""
