"""Whether any exchange rate has changed."""

import datetime as dt

from django.db import connection


def rates_fingerprint(day: dt.date) -> str:
    """This will return a checksum of all rates up to a day.

    Raw: it is asked for every minute, and tens of thousands of rates stay in the database.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COALESCE(md5(string_agg("
            " currency || valid_on || rate, ',' ORDER BY currency, valid_on)), '')"
            " FROM accounts_exchangerate WHERE valid_on <= %s",
            [day],
        )
        (found,) = cursor.fetchone()
    return str(found)
