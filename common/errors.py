"""The root of our own errors; each function's own stands beside it."""


class KeepwellError(Exception):
    """Something was asked for that cannot be done; the text says what to do instead."""
