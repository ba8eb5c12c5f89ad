"""Scores set by hand that counted on a day."""

import datetime as dt

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from health.models import Override


def overrides_on(
    *, as_of: dt.date, known_before: dt.datetime, first: int, last: int
) -> dict[int, int]:
    """This will return the given scores of a range of customers on a day. One query."""
    rows = (
        Override.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gte=known_before),
            customer_id__gte=first,
            customer_id__lte=last,
            created_at__lt=known_before,
            expires_on__gte=as_of,
        )
        .order_by("created_at", "id")
        .values_list("customer_id", "score")
    )
    return dict(rows)


def overrides_for(ids: NDArray[np.int64], given: dict[int, int]) -> NDArray[np.float64]:
    """This will return the given scores beside customers, NaN where there is none."""
    fixed = np.full(len(ids), np.nan)
    if given:
        places = np.searchsorted(ids, list(given))
        for place, (pk, score) in zip(places, given.items(), strict=True):
            if place < len(ids) and ids[place] == pk:
                fixed[place] = score
    return fixed


def override_now(*, customer_id: int, today: dt.date) -> Override | None:
    """This will return the score by hand that counts today. One query."""
    rows = Override.objects.filter(
        customer_id=customer_id, ended_at__isnull=True, expires_on__gte=today
    )
    return rows.select_related("author").first()
