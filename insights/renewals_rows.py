"""A renewal as a row of the list, in words of the reader's language."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.enums import RenewalView
from billing.models import RenewalCheckpoint, UpcomingRenewal
from common.templatetags import ui
from health.charts import change_words, trend_words
from health.enums import Band
from health.models import Board
from insights.selectors.renewals import DETRACTOR_UP_TO, Known, cancelled_on

SOON = 30
EARLY, LATE = 180, 90


@dataclass(frozen=True, slots=True)
class View:
    """A checkpoint in words: what the machine said and what the person did."""

    checkpoint: RenewalCheckpoint
    today: dt.date

    @property
    def name(self) -> str:
        """Which one it is."""
        words = {"days": self.checkpoint.days_before}
        return _("%(days)s days before") % words

    @property
    def machine(self) -> str:
        """What the machine noted then."""
        chance = self.checkpoint.chance
        if chance is None:
            return _("nothing foreseen")
        words = {"chance": ui.percent(chance)}
        if self.checkpoint.risky:
            return _("warned: %(chance)s to stay") % words
        return _("%(chance)s to stay") % words

    @property
    def person(self) -> str:
        """What the person said; empty where nothing was."""
        if not self.checkpoint.view:
            return ""
        return str(RenewalView(self.checkpoint.view).label)

    @property
    def missing(self) -> bool:
        """Whether a person ought to have said something by now."""
        late = self.checkpoint.days_before == LATE
        return late and not self.checkpoint.view and not self.over

    @property
    def over(self) -> bool:
        return self.checkpoint.renews_on < self.today

    @property
    def apart(self) -> bool:
        """Whether the two see it differently."""
        view = self.checkpoint.view
        return bool(view) and (view == RenewalView.RENEWS) is self.checkpoint.risky


@dataclass(frozen=True)
class RenewalRow:
    """One line of the list."""

    renewal: UpcomingRenewal
    known: Known
    today: dt.date
    currency: str

    @property
    def board(self) -> Board | None:
        return self.known.boards.get(self.renewal.customer_id)

    @property
    def plan(self) -> str:
        plan = self.renewal.subscription.plan
        return plan.name if plan else ""

    @property
    def days(self) -> int:
        return (self.renewal.renews_on - self.today).days

    @cached_property
    def cancelled(self) -> dt.date | None:
        """The day it ends on, by the log as it is now."""
        return cancelled_on(self.known.booked.get(self.renewal.pk))

    @property
    def amount(self) -> Decimal:
        return Decimal(self.renewal.amount)

    @property
    def foreign(self) -> bool:
        """Whether the amount is in another currency than the company's."""
        return self.renewal.currency != self.currency

    @property
    def chance(self) -> float | None:
        if self.cancelled:
            return 0.0
        # Withdrawn since the table was made: nothing is foreseen until it is made anew.
        return None if self.renewal.ends_on else self.renewal.chance

    @property
    def unknown(self) -> bool:
        return self.board is None or self.board.band == Band.UNKNOWN

    @property
    def change(self) -> str:
        return change_words(self.board.weekly) if self.board else ""

    @property
    def trend(self) -> str:
        return trend_words(self.board.weekly) if self.board else ""

    @property
    def notice(self) -> str:
        """By when they must tell us, or that the time for it is over."""
        day = self.renewal.notice_by
        if day is None or self.cancelled:
            return ""
        words = {"day": ui.day(day)}
        if day < self.today:
            return _("could be cancelled until %(day)s") % words
        return _("must tell us by %(day)s") % words

    @property
    def problems(self) -> list[str]:
        """What went wrong lately, shortest first: tickets, invoices, the last answer."""
        found = []
        if tickets := self.known.tickets.get(self.renewal.customer_id):
            text = ngettext("%(n)d open ticket", "%(n)d open tickets", tickets)
            found.append(text % {"n": tickets})
        if late := self.known.late.get(self.renewal.customer_id):
            text = ngettext("%(n)d late invoice", "%(n)d late invoices", late)
            found.append(text % {"n": late})
        nps = self.board.latest_nps if self.board else None
        if nps is not None and nps <= DETRACTOR_UP_TO:
            found.append(_("would not recommend us (%(score)d)") % {"score": nps})
        return found

    @cached_property
    def views(self) -> list[View]:
        """The checkpoints there are, the earlier one first."""
        key = (self.renewal.subscription_id, self.renewal.renews_on)
        found = self.known.checkpoints.get(key, {})
        return [
            View(found[days], self.today) for days in (EARLY, LATE) if days in found
        ]

    @property
    def soon(self) -> bool:
        """Whether an unsafe renewal is near enough to worry."""
        return self.days <= SOON and (self.renewal.risky or bool(self.cancelled))


def rows_of(
    renewals: Sequence[UpcomingRenewal], known: Known, *, today: dt.date, currency: str
) -> list[RenewalRow]:
    """This will put a page's renewals into words."""
    return [RenewalRow(one, known, today, currency) for one in renewals]
