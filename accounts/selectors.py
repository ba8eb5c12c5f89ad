"""Reads about people and the company."""

from zoneinfo import ZoneInfo

from accounts.models import Company


def company() -> Company:
    """This will return the company's row, made with its defaults when missing."""
    return Company.objects.get_or_create(id=1)[0]


def company_zone() -> ZoneInfo:
    """This will return the company's time zone. Costs one query."""
    return ZoneInfo(company().time_zone)
