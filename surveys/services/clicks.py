"""Noting that somebody, or something, opened a link. No answer comes of it."""

import datetime as dt

from django.db import IntegrityError

from surveys.calculations.flags import agent_family, click_flags, network_of
from surveys.models import Click, Invitation
from surveys.selectors.links import delivered_at

# What one invitation may leave behind; a link that is opened for ever fills no disk.
MOST_CLICKS = 50


def click_store(
    *,
    invitation: Invitation,
    score: int | None,
    agent: str,
    address: str,
    now: dt.datetime,
    trap: bool = False,
) -> Click | None:
    """This will keep a click with what speaks against it; None when there are plenty.

    Three queries. `address` is kept as its network only. None also for an invitation that
    was deleted a moment ago.
    """
    before = list(
        Click.objects.filter(invitation=invitation)
        .order_by("-clicked_at", "-id")
        .values_list("clicked_at", "score")[:MOST_CLICKS]
    )
    if len(before) >= MOST_CLICKS:
        return None
    sent_at, family = delivered_at(invitation), agent_family(agent)
    seconds = max(0, int((now - sent_at).total_seconds())) if sent_at else None
    flags = click_flags(
        seconds=seconds,
        family=family,
        trap=trap,
        score=score,
        before=[((now - at).total_seconds(), old) for at, old in before],
    )
    try:
        return Click.objects.create(
            invitation=invitation,
            clicked_at=now,
            score=score,
            seconds=seconds,
            agent=family,
            network=network_of(address),
            flags=flags,
        )
    except IntegrityError:
        return None
