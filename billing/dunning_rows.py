"""A failed payment as a row of the list and the head of its page, in words."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Company
from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.situation import Attempt, Decision, Snapshot
from billing.dunning_words import decline_words
from billing.enums import (
    AttemptState,
    CaseState,
    Collection,
    DeclineGroup,
    FinalAction,
    MethodKind,
    StepKind,
)
from billing.models import DunningCase, PaymentMethod
from billing.selectors.dunning.lists import methods_of
from billing.selectors.dunning.policies import policy_of, versions_with_steps
from billing.selectors.dunning.snapshots import snapshots_of
from common.templatetags import ui
from customers.extension import Tag

SOON = dt.timedelta(days=31)
WEEK = 7
# Short names of the reasons of `calculations.dunning.declines`, for filters.
REASON_LABELS = {
    "insufficient_funds": gettext_lazy("Not enough money"),
    "over_limit": gettext_lazy("Over the limit"),
    "company_policy": gettext_lazy("Refused without a reason"),
    "expired": gettext_lazy("Expired"),
    "lost": gettext_lazy("Card lost"),
    "stolen": gettext_lazy("Card stolen"),
    "wrong_details": gettext_lazy("Wrong details"),
    "not_allowed": gettext_lazy("Not allowed with this card"),
    "confirm": gettext_lazy("Not confirmed"),
    "gateway": gettext_lazy("Trouble at the bank or provider"),
    "fraud": gettext_lazy("Suspected fraud"),
    "other": gettext_lazy("Other reasons"),
}
TONES = {
    CaseState.OPEN: ("crit", "credit-card"),
    CaseState.RECOVERED: ("ok", "circle-check"),
    CaseState.LOST: ("unknown", "circle-x"),
    CaseState.STOPPED: ("unknown", "circle-pause"),
}


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step to come, in words, with its moment."""

    words: str
    at: dt.datetime


def ahead_words(kind: str, final: str, at: dt.datetime) -> str:
    """This will say what happens when: "Tried again on Tuesday 24 November"."""
    words = {"day": ui.weekday(at)}
    if kind == StepKind.FINAL:
        return {
            FinalAction.PAUSE.value: _("Service is paused on %(day)s") % words,
            FinalAction.CANCEL.value: _("The subscription is cancelled on %(day)s")
            % words,
        }.get(final, _("Given to a person for good on %(day)s") % words)
    return {
        StepKind.RETRY.value: _("Tried again on %(day)s") % words,
        StepKind.MAIL.value: _("The customer is written to on %(day)s") % words,
        StepKind.LETTER.value: _("A reminder is sent on %(day)s") % words,
        StepKind.TASK.value: _("A task is given on %(day)s") % words,
        StepKind.LIMIT.value: _("Access is limited on %(day)s") % words,
    }[kind]


def method_words(method: PaymentMethod | None) -> str:
    """This will name what somebody pays with: "Visa •••• 4242"; "" where it is unknown."""
    if method is None:
        return ""
    name = method.brand.replace("_", " ").title() if method.brand else ""
    name = name or str(MethodKind(method.kind).label)
    return f"{name} •••• {method.last4}" if method.last4 else name


def expiry_words(method: PaymentMethod | None, today: dt.date) -> str:
    """This will say when a card expires; "" for what never does."""
    if method is None or method.expires_on is None:
        return ""
    words = {
        "month": ui.month_short(method.expires_on),
        "left": ui.days_until(method.expires_on),
    }
    if method.expires_on < today:
        return _("expired in %(month)s") % words
    if method.expires_on - today <= SOON:
        return _("expires %(left)s") % words
    return _("valid until %(month)s") % words


@dataclass(frozen=True)
class CaseRow:
    """A case with what is known of it now. Open ones have a snapshot and a decision."""

    case: DunningCase
    today: dt.date
    snapshot: Snapshot | None = None
    decision: Decision | None = None
    final: str = ""  # the policy's last action
    method: PaymentMethod | None = None

    @property
    def open(self) -> bool:
        return self.case.state == CaseState.OPEN

    @property
    def owing(self) -> Decimal:
        """What is owed now; of closed cases what never came."""
        if self.open and self.snapshot is not None:
            return self.snapshot.owing
        left: Decimal = self.case.failed - self.case.recovered
        return max(left, Decimal(0))

    @property
    def amount(self) -> Decimal:
        """What the list shows: owed while open, recovered or lost at the end."""
        if self.case.state == CaseState.RECOVERED:
            recovered: Decimal = self.case.recovered
            return recovered
        return self.owing

    @property
    def code(self) -> str:
        """The bank's last refusal."""
        if self.snapshot is not None:
            codes = [one.code for one in self.snapshot.attempts if one.code]
            return codes[-1] if codes else ""
        return getattr(self.case, "last_code", None) or ""

    @property
    def group(self) -> str:
        if self.snapshot is not None:
            return self._refused.group if self._refused else ""
        return getattr(self.case, "last_group", None) or ""

    @property
    def why(self) -> str:
        """Why it failed, in plain words."""
        if self.code:
            return decline_words(self.code)
        if self.case.collection == Collection.TRANSFER:
            return _("The invoice is due and has not been paid.")
        if self.snapshot is not None and self.snapshot.method is None:
            return _("There is no payment method to charge.")
        return _("The bank refused it and gave no reason.")

    @property
    def tag(self) -> Tag:
        state = CaseState(self.case.state)
        tone, icon = TONES[state]
        return Tag(tone, icon, str(state.label))

    @property
    def tries(self) -> int:
        return len(self.snapshot.attempts) if self.snapshot else 0

    @property
    def hard(self) -> bool:
        """Whether only another payment method helps, and there is none yet."""
        return self.open and self.group == DeclineGroup.HARD and not self._renewed

    @property
    def _renewed(self) -> bool:
        """Whether what would be charged now is not what was refused last."""
        if self.snapshot is None or self.snapshot.method is None:
            return False
        method, refused = self.snapshot.method, self._refused
        if refused is None:
            return False
        return method.id != refused.method or method.changed_at > refused.at

    @property
    def _refused(self) -> Attempt | None:
        tries = self.snapshot.attempts if self.snapshot else ()
        return next((one for one in reversed(tries) if one.group), None)

    @property
    def unknown(self) -> bool:
        """Whether nobody knows what became of the last try."""
        return self._last_state == AttemptState.UNKNOWN

    @property
    def under_way(self) -> bool:
        """Whether a try is planned or waits for its outcome."""
        return self._last_state in {
            AttemptState.PLANNED,
            AttemptState.ASKED,
            AttemptState.UNKNOWN,
        }

    @property
    def _last_state(self) -> str:
        tries = self.snapshot.attempts if self.snapshot else ()
        return tries[-1].state if tries else ""

    @property
    def confirm(self) -> bool:
        return self.open and self.group == DeclineGroup.ACTION

    @cached_property
    def ahead(self) -> list[Ahead]:
        """The steps to come, the next one first."""
        if not self.open or self.decision is None:
            return []
        return [
            Ahead(ahead_words(step.kind, self.final, at), at)
            for step, at in self.decision.ahead
        ]

    def ahead_of(self, kind: str) -> dt.datetime | None:
        """This will return when the first step of a kind comes, if one does."""
        for step, at in self.decision.ahead if self.decision else ():
            if step.kind == kind:
                return at
        return None

    @property
    def next_words(self) -> str:
        """What happens next and when."""
        if not self.open:
            return ""
        if self.case.waits_until and self.case.waits_until.date() >= self.today:
            return _("Left alone until %(day)s") % {
                "day": ui.weekday(self.case.waits_until)
            }
        if self.ahead:
            return self.ahead[0].words
        if self.decision is not None and self.decision.due:
            return _("Being seen to right now")
        return _("Nothing comes by itself any more")

    @property
    def stuck(self) -> bool:
        due = self.decision is not None and self.decision.due
        return self.open and not self.ahead and not due

    @property
    def ends_at(self) -> dt.datetime | None:
        """When service ends if nothing is paid; None where it does not by itself."""
        if self.final not in {FinalAction.PAUSE, FinalAction.CANCEL}:
            return None
        return self.ahead_of(StepKind.FINAL)

    @property
    def ends_words(self) -> str:
        at = self.ends_at
        return ahead_words(StepKind.FINAL, self.final, at) if at else ""

    @property
    def ends_next(self) -> bool:
        """Whether the end is what comes next."""
        steps = self.decision.ahead if self.decision else ()
        return bool(steps) and steps[0][0].kind == "final"

    @property
    def urgent(self) -> bool:
        """Whether it will not come right without somebody."""
        return self.hard or self.confirm or self.stuck or self.ends_soon

    @property
    def ends_soon(self) -> bool:
        if self.ends_at is None:
            return False
        return (timezone.localdate(self.ends_at) - self.today).days <= WEEK

    @property
    def method_name(self) -> str:
        return method_words(self.method)

    @property
    def method_expiry(self) -> str:
        return expiry_words(self.method, self.today)

    @property
    def method_dead(self) -> bool:
        """Whether the card has expired."""
        day = self.method.expires_on if self.method else None
        return bool(day and day < self.today)

    @property
    def action(self) -> str:
        """The one thing to do about it."""
        if self.hard:
            return _("Ask for another card")
        if self.confirm:
            return _("Ask them to confirm")
        if self.case.collection == Collection.TRANSFER or self.stuck:
            return _("Call them")
        return _("Look at it")

    @property
    def advice(self) -> str:
        """What helps most, in a sentence or two."""
        if self.hard:
            return _(
                "Trying this card again is no use. Ask for another one: send the link "
                "below, or call."
            )
        if self.unknown:
            return _(
                "Wait: the payment provider is asked what became of the last try. "
                "Nothing is charged before that."
            )
        if self.confirm:
            return _(
                "The bank wants the customer to confirm this payment. They have a mail "
                "with the link; a call helps if they missed it."
            )
        if self.stuck:
            return _("Nothing comes by itself any more. Call them, or stop collecting.")
        if self.case.collection == Collection.TRANSFER:
            return _(
                "Ask whether the invoice has reached the right person, and when it will "
                "be paid."
            )
        return _(
            "It may well come in at one of the next tries. Call if the amount matters "
            "to you."
        )

    @property
    def failed_with(self) -> str:
        return method_words(self.case.method)

    @property
    def changed(self) -> bool:
        """Whether the customer pays with something else than what failed."""
        failed = self.case.method_id
        return bool(failed and self.method and self.method.pk != failed)


def rows_of(
    cases: Sequence[DunningCase], *, company: Company, now: dt.datetime
) -> list[CaseRow]:
    """This will put cases into words. The number of queries is fixed.

    Their invoices and methods were selected along.
    """
    still = [case for case in cases if case.state == CaseState.OPEN]
    snapshots = snapshots_of(still, now) if still else {}
    versions = versions_with_steps({case.version_id for case in cases})
    methods = methods_of(cases)
    rows = []
    for case in cases:
        version, snapshot = versions[case.version_id], snapshots.get(case.pk)
        decision = None
        if snapshot is not None:
            decision = due_actions(snapshot, policy_of(version, company), now)
        row = CaseRow(
            case,
            timezone.localdate(now),
            snapshot,
            decision,
            version.final_action,
            methods.get(case.invoice_id),
        )
        rows.append(row)
    return rows
