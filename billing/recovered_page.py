"""What the page about recovered money shows, for one person and one span of months."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from billing.calculations.dunning.duration import curve
from billing.calculations.dunning.recovery import FEW, Uplift, involuntary, uplift
from billing.calculations.rates import Rate
from billing.enums import CaseState
from billing.models import DunningVersion
from billing.recovered_charts import cohorts_figure, reasons_figure, time_figure
from billing.recovered_choice import Span
from billing.recovered_lines import (
    Line,
    by_reason,
    cause_name,
    range_words,
    reason_name,
)
from billing.selectors.dunning.recovery import (
    RIPE,
    Arms,
    Cases,
    Group,
    arms_of,
    by_code,
    by_cohort,
    cases_begun,
    customers_lost,
    durations,
    groups_of,
    rated,
    whole_of,
)
from billing.selectors.revenue import revenue_months
from common.charts import Figure
from common.templatetags import ui
from customers.models import Customer

STATES = (CaseState.RECOVERED, CaseState.OPEN, CaseState.LOST, CaseState.STOPPED)


@dataclass(frozen=True)
class RecoveredPage:
    """Twelve queries for everybody's cases, whatever failed; a few more for some people's."""

    user: User
    span: Span
    currency: str
    now: dt.datetime

    @cached_property
    def cases(self) -> Cases:
        return cases_begun(self.user, self.span.first, self.span.today)

    @cached_property
    def rows(self) -> Cases:
        return rated(self.cases, own=self.currency)

    @cached_property
    def whole(self) -> Line:
        return self._line(_("All"), whole_of(self.rows), {})

    @cached_property
    def causes(self) -> list[Line]:
        """What brought the money, the most first; of those recovered alone."""
        came = self.rows.filter(state=CaseState.RECOVERED)
        found = sorted(groups_of(came, "cause"), key=lambda one: (-one.back, one.key))
        return [
            self._line(
                cause_name(one.key),
                one,
                {"cause": one.key, "state": "recovered"} if one.key else None,
            )
            for one in found
        ]

    @cached_property
    def cohorts(self) -> list[Line]:
        """By the month in which they failed, the newest first."""
        lines = [
            self._line(ui.month_year(one.key), one, {"cohort": f"{one.key:%Y-%m}"})
            for one in by_cohort(self.rows)
        ]
        return lines[::-1]

    @cached_property
    def reasons(self) -> list[Line]:
        """By why they failed last, the most frequent first."""
        return [
            self._line(reason_name(reason), one, {"reason": reason} if reason else None)
            for reason, one in by_reason(by_code(self.rows))
        ]

    @cached_property
    def versions(self) -> list[Line]:
        """By the version of the policy they are collected by."""
        found = {one.key: one for one in groups_of(self.rows, "version_id")}
        rows = DunningVersion.objects.filter(pk__in=found).select_related("policy")
        ordered = rows.order_by("policy__name", "-number", "pk")
        return [self._version(row, found[row.pk]) for row in ordered]

    def _version(self, row: DunningVersion, group: Group) -> Line:
        words = {"name": row.policy.name, "number": row.number}
        name = _("%(name)s, version %(number)s") % words
        url = reverse("dunning_policy", args=[row.policy_id])
        return Line(name, group, url if self.user.is_admin else "", {}, row.note)

    @cached_property
    def cohorts_figure(self) -> Figure | None:
        """What failed lately may yet come in: it would look as if less came back."""
        text = _(
            "By the month in which it failed, with the 95% range of each; only months that"
            " ended 30 days ago or earlier"
        )
        ripe = [line for line in self.cohorts[::-1] if self._ripe(line.group.key)]
        return cohorts_figure(ripe, subtitle=text)

    def _ripe(self, month: dt.date) -> bool:
        following = (month + dt.timedelta(days=31)).replace(day=1)
        return following + dt.timedelta(days=RIPE - 1) <= self.span.today

    @cached_property
    def reasons_figure(self) -> Figure | None:
        text = _("Share of the payments that came back, with its 95% range")
        return reasons_figure(self.reasons, self.whole.rate, subtitle=text)

    @cached_property
    def time_figure(self) -> Figure | None:
        paid, waiting = durations(self.cases, self.now)
        return time_figure(curve(paid, waiting), cases=self.whole.group.cases)

    @cached_property
    def arms(self) -> Arms:
        return arms_of(self.cases, today=self.span.today)

    @cached_property
    def uplift(self) -> Uplift | None:
        arms = self.arms
        return uplift(
            arms.treated_recovered, arms.treated, arms.alone_recovered, arms.alone
        )

    @cached_property
    def lost_customers(self) -> int:
        return customers_lost(self.cases)

    @cached_property
    def opening(self) -> int:
        """The customers who paid when the span began; 0 where nobody has reckoned that."""
        whole = self.user.reach.sees.everybody
        customers = None if whole else Customer.objects.visible_to(self.user)
        # All the time began with the first failure.
        first = self.span.first or self.cohorts[-1].group.key
        found = revenue_months(first, first, customers=customers)
        return found[0].customers_opening if found else 0

    @cached_property
    def churn(self) -> Rate | None:
        return involuntary(self.lost_customers, self.opening)

    def _line(self, name: str, group: Group, asked: Mapping[str, str] | None) -> Line:
        """`asked` None: the list of failed payments knows no such filter."""
        if asked is None:
            return Line(name, group, "", {})
        urls = {
            state.value: self.span.cases(**{**asked, "state": state.value})
            for state in STATES
        }
        return Line(name, group, self.span.cases(**asked), urls)

    @property
    def sentence(self) -> str:
        """What the page says, in one sentence."""
        group, line = self.whole.group, self.whole
        if not group.counted:
            return _("Nothing was to be collected in this time.")
        words = {
            "failed": ui.money(group.failed, self.currency),
            "back": ui.money(group.back, self.currency),
            "share": line.share,
        }
        if line.money is None:
            return ngettext(
                "%(n)s payment failed, in a currency without an exchange rate.",
                "%(n)s payments failed, in currencies without an exchange rate.",
                group.counted,
            ) % {"n": ui.number(group.counted)}
        return _("Of %(failed)s that failed, %(back)s came back: %(share)s.") % words

    def content(self) -> dict[str, Any]:
        """This will return what the template needs."""
        arms, rate, churn = self.arms, self.whole.rate, self.churn
        return {
            "page": self,
            "line": self.whole,
            "group": self.whole.group,
            "currency": self.currency,
            "rate": rate,
            "rate_range": range_words(rate),
            "uplift": self.uplift,
            "arms": arms,
            "few": FEW,
            "churn": churn,
            "churn_range": range_words(churn),
            "at": "recovered",
        }
