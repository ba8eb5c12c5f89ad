"""The health card of the customer's page: how it stands, and why."""

import datetime as dt
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.models import ChurnEvent
from common.dates import local_day
from common.formats import days_until
from common.templatetags import ui
from customers.extension import CustomerPanel, Fact, Tag
from customers.models import Contact
from health.charts import health_figure, points_figure, week_change
from health.enums import Band, Basis
from health.ledger_lines import given_words
from health.ledger_words import moved_words, sentences
from health.measures import MEASURES
from health.models import Run, RunFailure, Standing
from health.panel_chance import chance_content
from health.selectors.ledger import ledger
from health.selectors.operations import next_nightly, run_current
from health.selectors.overrides import override_now
from health.selectors.standing import (
    Explanation,
    Part,
    Snapshot,
    explain,
    latest_run,
    snapshot,
)
from health.wording import NextStep, first_key, late_words, next_step

RENEWAL_NEAR = 31
MONTHS = 12
SHOWN_CHANGES = 6
# What moved it in so many days, in so many sentences.
MOVED_DAYS, SHOWN_MOVES = 30, 3


class HealthPanel(CustomerPanel):
    """Score, chance of leaving and value, each with what is behind it."""

    title = gettext_lazy("Why")
    anchor = "why"
    zone = "main"
    template = "health/panel.html"

    @cached_property
    def standing(self) -> Standing | None:
        rows = Standing.objects.filter(pk=self.customer.pk)
        return rows.select_related("run", "scorecard_version__scorecard").first()

    @cached_property
    def snapshot(self) -> Snapshot | None:
        if self.standing is None:
            return None
        as_of = self.standing.run.as_of
        return snapshot(customer_id=self.customer.pk, as_of=as_of)

    @cached_property
    def explained(self) -> Explanation | None:
        return None if self.snapshot is None else explain(self.snapshot)

    def tag(self) -> Tag | None:
        """This will show the band, nothing for a customer without a score."""
        if self.standing is None:
            return None
        tone, icon, text = ui.BANDS[self.standing.band]
        return Tag(tone, icon, str(text))

    def facts(self) -> list[Fact]:
        """This will return renewal, recurring revenue and lifetime value."""
        if self.standing is None:
            labels = (_("Renewal"), _("Recurring revenue"), _("Lifetime value"))
            return [Fact(label, ui.NOTHING, _("not scored")) for label in labels]
        return [self._renewal(self.standing), *self._money(self.standing)]

    def _renewal(self, standing: Standing) -> Fact:
        label, day = _("Renewal"), standing.renews_on
        if day is None:
            return Fact(label, ui.NOTHING, _("no date is known"))
        as_of = standing.run.as_of
        near = (day - as_of).days < RENEWAL_NEAR and standing.at_risk
        words = days_until(day, get_language() or "en", as_of)
        return Fact(label, ui.day(day), words, "crit" if near else "")

    def _money(self, standing: Standing) -> list[Fact]:
        currency = self.company.currency
        at_risk = ui.money(standing.value_at_risk, currency)
        ends = {
            "low": ui.money_short(standing.clv_p10, currency),
            "high": ui.money_short(standing.clv_p90, currency),
        }
        return [
            Fact(
                _("Recurring revenue"),
                ui.money(standing.mrr * MONTHS, currency),
                _("a year; value at risk %(amount)s") % {"amount": at_risk},
            ),
            Fact(
                _("Lifetime value"),
                ui.money(standing.clv, currency),
                _("probably %(low)s to %(high)s") % ends,
            ),
        ]

    def context(self) -> dict[str, Any]:
        """This will explain the score, or say why there is none."""
        run = latest_run()
        content: dict[str, Any] = {
            "standing": self.standing,
            "failure": self._failure(run),
            "explained": self.explained,
        }
        if self.standing is None or self.snapshot is None or self.explained is None:
            return content | self._unscored()
        parts = self.explained.parts
        known = [part for part in parts if part.points is not None]
        asked = [part for part in parts if part.applies]
        missing = [part for part in asked if part.points is None]
        return content | {
            "run": self.standing.run,
            "late": late_words(self.standing.run.parameters.get("late", {}))
            if self.standing.late
            else "",
            "moved": self._moved(self.standing),
            "unknown": self.standing.band == Band.UNKNOWN,
            "trend": health_figure(self.standing),
            "change": week_change(self.standing.weekly),
            "points": points_figure(self.explained),
            "changes": [
                self._change(part, self.explained.as_of)
                for part in known
                if part.points and part.points < 0
            ][:SHOWN_CHANGES],
            "step": self._step(self.standing),
            "chance": chance_content(
                self.standing,
                readings=self.snapshot.readings,
                customer=self.customer,
                company=self.company,
            ),
            "signals": len(asked),
            "current": len(asked) - len(missing),
            "missing": [MEASURES[part.key].label for part in missing],
        }

    def _failure(self, run: Run | None) -> RunFailure | None:
        if run is None:
            return None
        return RunFailure.objects.filter(run=run, customer=self.customer).first()

    def _unscored(self) -> dict[str, Any]:
        return {
            "left": ChurnEvent.objects.filter(customer=self.customer)
            .order_by("-left_on")
            .first(),
            "running": run_current(),
            "next_run": next_nightly(company=self.company, now=self.now),
        }

    def _change(self, part: Part, as_of: dt.date) -> dict[str, Any]:
        measure = MEASURES[part.key]
        return {
            "icon": measure.icon,
            "text": measure.sentence(part.value, part.before, as_of),
            "label": measure.label,
            "points": part.points,
            "size": abs(part.points or 0),
        }

    def _moved(self, standing: Standing) -> dict[str, Any]:
        """This will say why the score moved in 30 days, and who set it by hand."""
        as_of = standing.run.as_of
        first = as_of - dt.timedelta(days=MOVED_DAYS)
        found = ledger(customer_id=self.customer.pk, first=first, last=as_of)
        given = None
        if standing.basis == Basis.OVERRIDE:
            today = local_day(self.now, ZoneInfo(self.company.time_zone))
            given = override_now(customer_id=self.customer.pk, today=today)
        lines = [line for line in sentences(found) if line.points] if found else []
        lines.sort(key=lambda line: (-abs(line.points), -abs(line.change)))
        return {
            "words": moved_words(found) if found else "",
            "lines": lines[:SHOWN_MOVES],
            "more": len(lines) > SHOWN_MOVES,
            "override": given,
            "override_words": given_words(given) if given else "",
            "rollup": standing.basis == Basis.ROLLUP,
        }

    def _step(self, standing: Standing) -> NextStep:
        people = Contact.objects.filter(
            customer=self.customer, is_primary=True, left_on__isnull=True
        )
        name = people.values_list("name", flat=True).first() or ""
        return next_step(first_reason=first_key(standing.reasons), contact=name)
