"""Departures as a table for spreadsheets."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from common.csvout import MARK, csv_lines
from insights.departure_words import FILTERS
from insights.selectors.warned import Departure


def departures_csv(judged: Sequence[Departure]) -> Iterator[bytes]:
    """This will yield a header and a row per departure; what nobody told is empty."""
    header = [
        _("Customer"),
        _("Customer id"),
        _("Left"),
        _("Kind"),
        _("Reason"),
        _("Second reason"),
        _("Preventable"),
        _("Competitor"),
        _("Score"),
        _("Days before"),
        _("Reckoned afterwards"),
    ]
    yield MARK + csv_lines([header])
    yes = {True: _("yes"), False: _("no"), None: ""}
    for one in judged:
        event = one.event
        yield csv_lines(
            [
                [
                    event.customer.name,
                    event.customer.external_id,
                    event.left_on,
                    event.get_kind_display(),
                    event.reason,
                    event.secondary_reason,
                    yes[event.preventable],
                    event.competitor,
                    str(FILTERS[one.warned.value]),
                    "" if one.days is None else one.days,
                    yes[one.later],
                ]
            ]
        )
