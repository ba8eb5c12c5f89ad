"""When somebody is reminded of what is due."""

import datetime as dt

BEFORE = dt.timedelta(days=3)
AGAIN = dt.timedelta(days=7)


def reminder_is_due(
    *, today: dt.date, due_on: dt.date, asked_on: dt.date, reminded_on: dt.date | None
) -> bool:
    """This will say whether a day is one for a reminder.

    Once in the last three days before it is due, then once it is overdue and every week
    from there. Never on the day of the request itself.
    """
    last = max(asked_on, reminded_on) if reminded_on else asked_on
    if today <= last or today < due_on - BEFORE:
        return False
    if reminded_on is None or reminded_on < due_on - BEFORE:
        return True
    if today <= due_on:
        return False
    return reminded_on <= due_on or today - reminded_on >= AGAIN
