"""Booking changes into the course of a subscription.

A course is what is in force from day to day, with what is booked for later. To change
something from a day on is to change it in every part of the course from that day on, so
that what is booked later about something else keeps what is changed now: who raises the
seats keeps them when the discount ends.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from billing.calculations.terms import GROUPS, Terms

Edit = Callable[[Terms], Terms]
# Actions (billing.enums.ChangeAction) that a line can have here without being told.
CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Point:
    """From a day on it is so, until the next point. `action` is what led to it."""

    on: dt.date
    terms: Terms
    action: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The points of a subscription in the order of their days; the first is its start."""

    points: tuple[Point, ...]

    def at(self, day: dt.date) -> Terms:
        """This will return what is in force on a day; before the start, what starts."""
        return self._point(day).terms

    def before(self, day: dt.date) -> Terms:
        """This will return what was in force the day before."""
        return self.at(day - dt.timedelta(days=1))

    def _point(self, day: dt.date) -> Point:
        place = bisect_right(self.points, day, key=lambda point: point.on)
        return self.points[max(0, place - 1)]

    @property
    def starts_on(self) -> dt.date:
        return self.points[0].on

    @property
    def ends_on(self) -> dt.date | None:
        """The day from which on it is over for good; None where no end is booked."""
        end = None
        for point in reversed(self.points):
            if not point.terms.ended:
                break
            end = point.on
        return end

    def booked(self, today: dt.date) -> list[tuple[Point, Terms]]:
        """This will return what changes after a day, each with what was before it."""
        return [
            (after, before.terms)
            for before, after in zip(self.points, self.points[1:], strict=False)
            if after.on > today and after.terms != before.terms
        ]

    def with_point(self, day: dt.date, action: str = "") -> "Course":
        """This will make a day a point, where nothing changes yet; the start is one."""
        found = self._point(day)
        if found.on == day:
            marked = replace(found, action=action or found.action)
            others = [point for point in self.points if point is not found]
        else:
            marked = Point(day, found.terms, action or CORRECTED)
            others = [*self.points]
        return Course(tuple(sorted([*others, marked], key=lambda point: point.on)))

    def edited(
        self, edit: Edit, *, on: dt.date, before: dt.date | None = None
    ) -> "Course":
        """This will edit what is in force from a day on, or from it to before another."""
        return Course(
            tuple(
                replace(point, terms=edit(point.terms))
                if on <= point.on and (before is None or point.on < before)
                else point
                for point in self.points
            )
        )


def changed(
    course: Course, edit: Edit, *, group: str, on: dt.date, today: dt.date, action: str
) -> Course:
    """This will change something from a day on.

    It takes the place of what is booked later about the same thing. What has already
    happened stays: a change that is entered late counts until the next one of its kind.
    """
    stop = next_change(course, group, on=on, last=today)
    return course.with_point(on, action).edited(edit, on=on, before=stop)


def next_change(
    course: Course, group: str, *, on: dt.date, last: dt.date | None = None
) -> dt.date | None:
    """This will return the first day after one, and up to a last, on which a group changes."""
    for before, after in zip(course.points, course.points[1:], strict=False):
        if last is not None and after.on > last:
            break
        if after.on > on and group in after.terms.differs(before.terms):
            return after.on
    return None


def changed_for_a_while(
    course: Course, edit: Edit, *, on: dt.date, until: dt.date, actions: tuple[str, str]
) -> Course:
    """This will change something from a day on and back again on another.

    What the course has of the same thing on that other day is what it goes back to.
    """
    begins, ends = actions
    marked = course.with_point(until, ends).with_point(on, begins)
    return marked.edited(edit, on=on, before=until)


def taken_back(course: Course, day: dt.date) -> Course:
    """This will take back what changes on a day, for as long as it would have lasted.

    The point stays, and nothing changes on it: logs are only ever added to.
    """
    before, after = course.before(day), course.at(day)
    found = course
    for group in after.differs(before):
        names = GROUPS[group]
        last = next_change(course, group, on=day)

        def revert(terms: Terms, names: Sequence[str] = names) -> Terms:
            return replace(terms, **{name: getattr(before, name) for name in names})

        found = found.edited(revert, on=day, before=last)
    return Course(
        tuple(
            replace(point, action=CORRECTED) if point.on == day else point
            for point in found.points
        )
    )


def lines_between(old: Course | None, new: Course) -> list[Point]:
    """This will return the points that have to be written for the course to be the new one.

    Those that differ, and new ones at which something changes. Where nothing changes any
    more, the point is called a correction.
    """
    known = {point.on: point for point in old.points} if old else {}
    found: list[Point] = []
    before: Terms | None = None
    for point in new.points:
        there, changes = known.get(point.on), point.terms != before
        if there is None and changes:
            found.append(point)
        elif there is not None and there.terms != point.terms:
            told = changes or there.action != point.action
            found.append(point if told else replace(point, action=CORRECTED))
        before = point.terms
    return found
