"""Reads about holidays."""

from django.db.models import Count
from django.db.models.functions import ExtractYear

from accounts.models import Holiday


def holiday_years() -> dict[int, int]:
    """This will count the holidays of each year that has some."""
    rows = (
        Holiday.objects.order_by()
        .annotate(year=ExtractYear("day"))
        .values("year")
        .annotate(days=Count("id"))
        .order_by("year")
    )
    return {row["year"]: row["days"] for row in rows}


def holidays_of(year: int) -> list[Holiday]:
    """This will list a year's holidays by day."""
    return list(Holiday.objects.filter(day__year=year).order_by("day", "pk"))
