"""Time zones that both Python and the database know."""

from functools import cache
from zoneinfo import available_timezones

from django.db import connection

# Names of files, not of places.
NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def zone_names() -> tuple[str, ...]:
    """This will return the IANA names in alphabetical order, regions with a "/" first."""
    names = available_timezones() - NO_PLACES
    return tuple(sorted(names, key=lambda name: ("/" not in name, name)))


def zone_named(text: str) -> str | None:
    """This will find the zone that somebody means: "europe/berlin", "New York"."""
    wanted = "_".join(text.split()).lower()
    if not wanted:
        return None
    names = {name.lower(): name for name in zone_names()}
    if wanted in names:
        return names[wanted]
    cities = [name for low, name in names.items() if low.endswith("/" + wanted)]
    return cities[0] if len(cities) == 1 else None


def zone_in_database(name: str) -> bool:
    """This will ask whether PostgreSQL reckons with the zone too: the nightly run does.

    Its list of zones is its own; a very new zone may be missing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = %s)", [name]
        )
        (known,) = cursor.fetchone()
    return bool(known)
