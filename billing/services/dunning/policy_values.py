"""A dunning policy as a person wants it, and what makes no sense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.calculations.dunning.situation import Policy, Step
from billing.enums import Collection, FinalAction, StepKind
from billing.models import DunningPolicy, DunningVersion
from billing.selectors.dunning.policies import Fits, version_in_use
from common.errors import KeepwellError
from customers.models.customer import Segment

LAST_DAY = 90
MOST_STEPS = 40
MOST_ATTEMPTS = 20
MOST_HOLD_OUT = Decimal("0.5")
MOST_NOTICES = 5
KINDS = {
    Collection.CHARGE: (
        StepKind.RETRY,
        StepKind.MAIL,
        StepKind.TASK,
        StepKind.LIMIT,
        StepKind.FINAL,
    ),
    Collection.TRANSFER: (
        StepKind.LETTER,
        StepKind.TASK,
        StepKind.LIMIT,
        StepKind.FINAL,
    ),
}
USUAL_STEPS: Mapping[Collection, Mapping[StepKind, Sequence[int]]] = {
    Collection.CHARGE: {
        StepKind.RETRY: (1, 3, 5, 7, 10, 14),
        StepKind.MAIL: (0, 3, 7, 12),
        StepKind.LIMIT: (14,),
        StepKind.FINAL: (21,),
    },
    Collection.TRANSFER: {StepKind.LETTER: (1, 5, 10, 20)},
}


class UnableToSavePolicy(KeepwellError):
    """The policy makes no sense, or somebody else has changed it meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValues:
    """A policy as a person wants it: whom it is for, and what is done when."""

    name: str
    collection: Collection
    steps: Sequence[Step]
    segment: Segment | None = None
    from_amount: Decimal | None = None
    position: int = 0
    is_on: bool = True
    most_attempts: int = 8
    most_days: int = 28
    from_hour: int = 8
    until_hour: int = 20
    working_days_only: bool = False
    task_from: Decimal | None = None
    final_action: FinalAction = FinalAction.PAUSE
    hold_out: Decimal = Decimal(0)
    notice_days: Sequence[int] = (30, 7)
    note: str = ""

    @property
    def fits(self) -> Fits:
        return Fits(
            self.collection,
            self.segment.pk if self.segment else None,
            self.from_amount,
        )

    def policy(self, working_days: Sequence[int]) -> Policy:
        """This will return what would be done, as the calculations take it."""
        week = frozenset(day - 1 for day in working_days)
        return Policy(
            steps=tuple(self.steps),
            most_attempts=self.most_attempts,
            most_days=self.most_days,
            from_hour=self.from_hour,
            until_hour=self.until_hour,
            working_days=(week or None) if self.working_days_only else None,
            task_from=self.task_from,
            final_action=str(self.final_action),  # type: ignore[arg-type]
        )

    def version_fields(self) -> dict[str, Any]:
        """This will return the columns of a version."""
        return {
            "most_attempts": self.most_attempts,
            "most_days": self.most_days,
            "from_hour": self.from_hour,
            "until_hour": self.until_hour,
            "working_days_only": self.working_days_only,
            "task_from": self.task_from,
            "final_action": str(self.final_action),
            "hold_out": self.hold_out,
            "notice_days": sorted(set(self.notice_days), reverse=True),
            "note": self.note,
        }

    def policy_fields(self) -> dict[str, Any]:
        """This will return the columns of the policy itself."""
        return {
            "name": self.name,
            "segment_id": self.segment.pk if self.segment else None,
            "from_amount": self.from_amount,
            "position": self.position,
            "is_on": self.is_on,
        }


def usual_steps(collection: Collection) -> list[Step]:
    """This will return the steps of the usual policy, by day."""
    steps = [
        Step(str(kind), day)  # type: ignore[arg-type]
        for kind, days in USUAL_STEPS[collection].items()
        for day in days
    ]
    return sorted(steps, key=lambda step: (step.day, step.kind))


def values_of(policy: DunningPolicy) -> PolicyValues:
    """This will return a policy as a form shows it. Up to three queries."""
    return values_with(policy, version_in_use(policy))


def values_with(policy: DunningPolicy, version: DunningVersion) -> PolicyValues:
    return PolicyValues(
        name=policy.name,
        collection=Collection(policy.collection),
        steps=[Step(step.kind, step.day) for step in version.steps.all()],  # type: ignore[arg-type]
        segment=policy.segment,
        from_amount=policy.from_amount,
        position=policy.position,
        is_on=policy.is_on,
        most_attempts=version.most_attempts,
        most_days=version.most_days,
        from_hour=version.from_hour,
        until_hour=version.until_hour,
        working_days_only=version.working_days_only,
        task_from=version.task_from,
        final_action=FinalAction(version.final_action),
        hold_out=version.hold_out,
        notice_days=version.notice_days,
        note=version.note,
    )


def values_told(values: PolicyValues) -> dict[str, Any]:
    """This will say what counts of a policy, for the audit log and to see what differs."""
    told = values.policy_fields() | values.version_fields()
    del told["note"]
    steps = sorted({(step.day, step.kind) for step in values.steps})
    return told | {"steps": [f"{kind}:{day}" for day, kind in steps]}


def values_check(values: PolicyValues) -> None:
    """This will refuse a policy that makes no sense. Raises UnableToSavePolicy."""
    if not values.name.strip():
        raise UnableToSavePolicy(_("Give the policy a name."))
    _steps_check(values)
    _numbers_check(values)


def _steps_check(values: PolicyValues) -> None:
    kinds = [str(step.kind) for step in values.steps]
    strange = set(kinds) - {str(kind) for kind in KINDS[values.collection]}
    if strange:
        words = StepKind(min(strange)).label
        text = _("“%(step)s” does not go with how these invoices are collected.")
        raise UnableToSavePolicy(text % {"step": words})
    if len(kinds) > MOST_STEPS:
        text = _("A policy has %(most)d steps at most.")
        raise UnableToSavePolicy(text % {"most": MOST_STEPS})
    if any(not 0 <= step.day <= LAST_DAY for step in values.steps):
        text = _("Choose days between 0 and %(last)d.")
        raise UnableToSavePolicy(text % {"last": LAST_DAY})
    if kinds.count("final") > 1 or kinds.count("limit") > 1:
        raise UnableToSavePolicy(
            _("Access is limited once, and there is one final action.")
        )
    final = [step.day for step in values.steps if step.kind == "final"]
    if final and any(step.day > final[0] for step in values.steps):
        raise UnableToSavePolicy(_("Nothing comes after the final action."))
    hard = [step.day for step in values.steps if step.kind in {"limit", "final"}]
    told = [step.day for step in values.steps if step.kind in {"mail", "letter"}]
    keeps = values.final_action == FinalAction.KEEP and "limit" not in kinds
    if hard and not keeps and not any(day < min(hard) for day in told):
        text = _(
            "Write to the customer before access is limited or the final action is taken."
        )
        raise UnableToSavePolicy(text)


def _numbers_check(values: PolicyValues) -> None:
    if not 1 <= values.most_attempts <= MOST_ATTEMPTS:
        text = _("Choose between 1 and %(most)d tries.")
        raise UnableToSavePolicy(text % {"most": MOST_ATTEMPTS})
    if not 1 <= values.most_days <= LAST_DAY:
        text = _("Choose between 1 and %(last)d days.")
        raise UnableToSavePolicy(text % {"last": LAST_DAY})
    if not 0 <= values.from_hour < values.until_hour <= 24:
        raise UnableToSavePolicy(_("The hours end after they begin."))
    if not 0 <= values.hold_out <= MOST_HOLD_OUT:
        raise UnableToSavePolicy(_("Leave between none and half of the cases alone."))
    notices = values.notice_days
    if len(notices) > MOST_NOTICES or any(not 1 <= day <= LAST_DAY for day in notices):
        text = _(
            "Give up to %(most)d notices, 1 to %(last)d days before a card expires."
        )
        raise UnableToSavePolicy(text % {"most": MOST_NOTICES, "last": LAST_DAY})
    for amount in (values.from_amount, values.task_from):
        if amount is not None and amount < 0:
            raise UnableToSavePolicy(_("Amounts are not negative."))
