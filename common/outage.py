"""Telling a database that is away from a statement that is wrong."""

from django.db import DatabaseError, InterfaceError, OperationalError


def database_is_away(error: BaseException) -> bool:
    """This will tell whether asking again later may help.

    psycopg2 reports a server that crashed in the middle of a statement as a plain
    DatabaseError, with no class of its own.
    """
    return (
        isinstance(error, OperationalError | InterfaceError)
        or type(error) is DatabaseError
    )
