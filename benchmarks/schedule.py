"""Every time zone, both clock changes, silent hours: is every day's work done once?

    script/bench schedule          every twentieth zone
    script/bench schedule --full   every zone; about ten minutes

Walks a year in steps of half an hour as two schedulers would, with twelve silences of five
hours (and one of thirty, to see that the count can fail), and asks the rule that the nightly
run and the digests ask. What should have happened is counted apart, by looking at the clock
on every wall.
"""

import argparse
import datetime as dt
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from common.schedule import latest_due

YEAR = 2026
STEP = dt.timedelta(minutes=30)
SILENCES, SILENCE = 12, dt.timedelta(hours=5)
EVERY_DAY = frozenset(range(1, 8))
# Name, hour and weekdays: the default night, midnight, an hour that clocks skip, a week.
RULES = (
    ("nightly at 02:00", dt.time(2), EVERY_DAY),
    ("nightly at 00:00", dt.time(0), EVERY_DAY),
    ("nightly at 23:30", dt.time(23, 30), EVERY_DAY),
    ("weekly, Sunday 02:30", dt.time(2, 30), frozenset({7})),
)


@dataclass
class Tally:
    """What one rule did over all zones."""

    runs: int = 0
    missed: int = 0
    doubled: int = 0
    strange: int = 0
    zones: list[str] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    names = sorted(name for name in available_timezones() if name != "localtime")
    zones = names if full else names[::20]
    fine = True
    print(f"zones {len(zones)}")
    for label, at, weekdays in RULES:
        tally = Tally()
        for name in zones:
            walk(tally, name, at, weekdays)
        for what, value in (
            ("missed", tally.missed),
            ("doubled", tally.doubled),
            ("on a day that was not due", tally.strange),
        ):
            good = value == 0
            fine &= good
            print(
                f"{label}: {what} {value} of {tally.runs} 0 {'ok' if good else 'short'}"
            )
        if tally.zones:
            print(f"  in {', '.join(tally.zones[:5])}")
    noticed = a_long_silence_is_noticed()
    fine &= noticed
    print(
        f"a silence of thirty hours noticed {noticed} True {'ok' if noticed else 'short'}"
    )
    return 0 if fine else 1


def walk(tally: Tally, name: str, at: dt.time, weekdays: frozenset[int]) -> None:
    """This will walk one year in one zone and compare what was done with the wall clock."""
    zone = ZoneInfo(name)
    start = dt.datetime(YEAR, 1, 3, tzinfo=dt.UTC)
    ticks = steps(start, dt.datetime(YEAR + 1, 1, 3, tzinfo=dt.UTC))
    done = ran(zone, at, weekdays, ticks, silences(start, random.Random(name)))
    seen = days_on_the_wall(zone, at, weekdays, ticks)
    # A day whose hour came in the walk's last silence may still be waiting.
    due = days_on_the_wall(zone, at, weekdays, ticks[: -int(SILENCE / STEP)])
    counted = Counter(done)
    tally.runs += len(done)
    missed = sum(day not in counted for day in due)
    tally.missed += missed
    tally.doubled += sum(count - 1 for count in counted.values())
    # The first day may have come before the walk began.
    tally.strange += sum(day not in seen for day in done[1:])
    if missed:
        tally.zones.append(name)


def steps(start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    return [start + STEP * n for n in range(int((end - start) / STEP))]


def silences(
    start: dt.datetime, chance: random.Random
) -> list[tuple[dt.datetime, dt.datetime]]:
    """This will choose twelve stretches in which nobody asks."""
    begins = [
        start + dt.timedelta(hours=chance.randrange(24, 8600)) for _ in range(SILENCES)
    ]
    return [(begin, begin + SILENCE) for begin in begins]


def ran(
    zone: ZoneInfo,
    at: dt.time,
    weekdays: frozenset[int],
    ticks: list[dt.datetime],
    silent: list[tuple[dt.datetime, dt.datetime]],
) -> list[dt.date]:
    """This will return the days for which the rule started something, in order.

    Both schedulers ask at every tick; a day is started when it is newer than the last.
    """
    done: list[dt.date] = []
    for now in ticks:
        if any(begin <= now < end for begin, end in silent):
            continue
        for _scheduler in range(2):
            day = latest_due(now, zone, at, weekdays)
            if not done or day > done[-1]:
                done.append(day)
    return done


def days_on_the_wall(
    zone: ZoneInfo, at: dt.time, weekdays: frozenset[int], ticks: list[dt.datetime]
) -> set[dt.date]:
    """This will list the days whose hour a clock on the wall has passed, tick by tick.

    Counted without the rule: a day is due when the wall shows its hour or, where the clock
    jumps over it, any later time of that day or the next one (in Nuuk the hour before
    midnight is skipped in March).
    """
    walls = [now.astimezone(zone).replace(tzinfo=None) for now in ticks]
    passed = set()
    for earlier, later in pairwise(walls):
        if later.time() >= at and earlier < later:
            passed.add(later.date())
        if later.date() > earlier.date() and earlier.time() < at:
            passed.add(earlier.date())
    return {day for day in passed if day.isoweekday() in weekdays}


def a_long_silence_is_noticed() -> bool:
    """This will tell whether the count finds a day that nobody asked for."""
    zone, at = ZoneInfo("Europe/Bucharest"), dt.time(2)
    start = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    ticks = steps(start, start + dt.timedelta(days=10))
    begin = dt.datetime(2026, 5, 4, 22, 30, tzinfo=dt.UTC)
    done = ran(zone, at, EVERY_DAY, ticks, [(begin, begin + dt.timedelta(hours=30))])
    return days_on_the_wall(zone, at, EVERY_DAY, ticks) - set(done) == {
        dt.date(2026, 5, 5)
    }


if __name__ == "__main__":
    sys.exit(main())
