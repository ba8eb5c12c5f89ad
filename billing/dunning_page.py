"""The page of a failed payment: its course drawn and told, what was tried and written."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Company, User
from billing.dunning_course import (
    OUTCOMES,
    TOLD_BY_TRIES,
    UNDER_WAY,
    course_drawn,
)
from billing.dunning_rows import Ahead, CaseRow, method_words, rows_of
from billing.dunning_words import decline_words, reason_words
from billing.enums import AttemptState, CaseState, Collection, StepKind
from billing.models import DunningAction, DunningCase, DunningVersion, PaymentAttempt
from billing.selectors.dunning.page import (
    actions_of,
    attempts_of,
    mails_of,
    version_of,
)
from common.templatetags import ui
from mail.selectors.outbox import Line

ICONS = {
    "retry": "rotate-cw",
    "charge_now": "rotate-cw",
    "mail": "mail",
    "letter": "mail",
    "confirm": "mail",
    "task": "list-todo",
    "limit": "lock",
    "final": "flag",
    "close": "flag",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was done, was left out, or is to come."""

    at: dt.datetime
    day: int
    icon: str
    words: str
    more: str = ""
    tone: str = ""
    skipped: bool = False
    ahead: bool = False


@dataclass(frozen=True)
class CasePage:
    """What the template needs. About 25 queries, whatever happened."""

    row: CaseRow
    version: DunningVersion
    attempts: Sequence[PaymentAttempt]
    actions: Sequence[DunningAction]
    mails: Sequence[Line]
    now: dt.datetime

    @property
    def case(self) -> DunningCase:
        return self.row.case

    def day_of(self, at: dt.datetime) -> int:
        """This will count the days since the failure; the day of it is 0."""
        return (timezone.localdate(at) - self.case.began_on).days

    @property
    def sentences(self) -> list[str]:
        """How it stands, sentence by sentence."""
        case, row = self.case, self.row
        if case.state == CaseState.RECOVERED:
            return [self._recovered()]
        if case.state != CaseState.OPEN:
            ended = f"{reason_words(case.reason, {})}." if case.reason else ""
            return [row.why, ended]
        found = [row.why]
        if row.unknown:
            found.append(_("Whether the last try worked is not known yet."))
        if case.held_out:
            found.append(
                _("This one is left alone until the end, to see what dunning brings.")
            )
        elif row.stuck or (case.waits_until and case.waits_until > self.now):
            found.append(f"{row.next_words}.")
        return found + [f"{one.words}." for one in self._firsts()]

    def _recovered(self) -> str:
        words = {
            "amount": ui.money_exact(self.case.recovered, self.case.currency),
            "day": ui.day_long(self.case.closed_at),
            "cause": self.case.get_cause_display(),
        }
        if not self.case.cause:
            return _("%(amount)s came in on %(day)s.") % words
        return _("%(amount)s came in on %(day)s. What brought it: %(cause)s.") % words

    def _firsts(self) -> list[Ahead]:
        """The next try, the limit and the end, as far as they come."""
        kinds: dict[str, Ahead] = {}
        steps = self.row.decision.ahead if self.row.decision else ()
        for (step, _at), ahead in zip(steps, self.row.ahead, strict=False):
            if step.kind in {StepKind.RETRY, StepKind.LIMIT, StepKind.FINAL}:
                kinds.setdefault(step.kind, ahead)
        return list(kinds.values())

    @property
    def wrote(self) -> bool:
        """Whether mails were asked for, be they in the outbox still or not."""
        return any(
            one.kind in {StepKind.MAIL, StepKind.LETTER} and not one.skipped
            for one in self.actions
        )

    @property
    def told(self) -> list[Told]:
        """What was done and left out, in the order of the days."""
        skipped = [one for one in self.actions if one.skipped]
        left_out = self._left_out(
            [(act.due_at, reason_words(act.reason, act.data)) for act in skipped]
        )
        lines = [*self._tries(), *self._done(), *left_out]
        return sorted(lines, key=lambda one: one.at)

    def _tries(self) -> Iterator[Told]:
        for one in self.attempts:
            at = one.answered_at or one.asked_at or one.planned_at
            tone, icon, _css = OUTCOMES.get(AttemptState(one.state), UNDER_WAY)
            words = {
                "amount": ui.money_exact(one.amount, one.currency),
                "method": method_words(one.method),
                "outcome": one.get_state_display(),
            }
            text = (
                _("%(amount)s from %(method)s: %(outcome)s") % words
                if words["method"]
                else _("%(amount)s: %(outcome)s") % words
            )
            why = [decline_words(one.decline_code)] if one.decline_code else []
            who = one.actor.name if one.actor else one.get_cause_display()
            yield Told(at, self.day_of(at), icon, text, " · ".join([*why, who]), tone)

    def _done(self) -> Iterator[Told]:
        for one in self.actions:
            if one.skipped or one.kind in TOLD_BY_TRIES:
                continue
            yield Told(
                one.done_at,
                self.day_of(one.done_at),
                ICONS.get(one.kind, "circle-dot"),
                reason_words(one.reason, one.data),
                one.actor.name if one.actor else "",
            )

    def _left_out(self, steps: list[tuple[dt.datetime, str]]) -> Iterator[Told]:
        """What is left out for one reason is told once, where it began."""
        by_reason: dict[str, list[dt.datetime]] = {}
        for at, why in steps:
            by_reason.setdefault(why, []).append(at)
        for why, moments in by_reason.items():
            days = list(dict.fromkeys(self.day_of(at) for at in sorted(moments)))
            text = ngettext(
                "Left out on day %(days)s: %(why)s",
                "Left out on days %(days)s: %(why)s",
                len(days),
            )
            words = {"days": ", ".join(map(str, days)), "why": why}
            first = min(moments)
            yield Told(first, days[0], "circle-slash", text % words, skipped=True)

    @property
    def ahead(self) -> list[Told]:
        """What is to come if nothing changes, and what will be left out then."""
        decision = self.row.decision
        if decision is None:
            return []
        passing = self._left_out(
            [(at, reason_words(why, {})) for _step, at, why in decision.passing]
        )
        steps = decision.ahead
        coming = [
            Told(
                at,
                self.day_of(at),
                ICONS.get(step.kind, "circle-dot"),
                ahead.words,
                ahead=True,
            )
            for (step, at), ahead in zip(steps, self.row.ahead, strict=False)
        ]
        return sorted([*coming, *passing], key=lambda one: one.at)

    @property
    def wide(self) -> str:
        return self._drawn(width=720, left=96)

    @property
    def narrow(self) -> str:
        return self._drawn(width=320, left=78)

    def _drawn(self, *, width: int, left: int) -> str:
        return course_drawn(
            self.row, self.attempts, self.actions, now=self.now, width=width, left=left
        )


def case_page(
    case: DunningCase, *, user: User, company: Company, now: dt.datetime
) -> CasePage:
    """This will read everything of a case; its invoice and customer were selected along."""
    [row] = rows_of([case], company=company, now=now)
    attempts = attempts_of(case)
    return CasePage(
        row=row,
        version=version_of(case),
        attempts=attempts,
        actions=actions_of(case),
        mails=[Line(one) for one in mails_of(case, attempts, user=user)],
        now=now,
    )


def acts_of(row: CaseRow) -> list[str]:
    """This will name what a person may do now: keys of billing.forms.dunning_case."""
    case = row.case
    if case.state != CaseState.OPEN:
        return [] if case.state == CaseState.RECOVERED else ["reopen"]
    acts = ["call", "resume" if case.waits_until else "wait", "hand-over", "stop"]
    may_charge = row.snapshot is not None and row.snapshot.may_charge
    chargeable = case.collection == Collection.CHARGE and may_charge
    if chargeable and row.method is not None and not row.under_way:
        acts.insert(0, "try")
    return acts


def context_of(page: CasePage) -> dict[str, Any]:
    """This will return the template's context."""
    case = page.case
    return {
        "page": page,
        "row": page.row,
        "case": case,
        "customer": case.customer,
        "invoice": case.invoice,
        "version": page.version,
        "acts": acts_of(page.row),
    }
