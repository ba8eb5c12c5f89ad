"""What administrators say of a dunning policy."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing.calculations.dunning.situation import Step
from billing.enums import Collection, FinalAction, StepKind
from billing.services.dunning.policy_values import (
    KINDS,
    LAST_DAY,
    MOST_ATTEMPTS,
    MOST_HOLD_OUT,
    PolicyValues,
)
from common.forms import NumberField, PercentField
from customers.models.customer import Segment

BETWEEN = re.compile(r"[\s,;]+")
# The fields that name the days of a kind of step; the two last take one day.
DAYS = {
    "retry": StepKind.RETRY,
    "mail": StepKind.MAIL,
    "letter": StepKind.LETTER,
    "task": StepKind.TASK,
}
DAY = {"limit": StepKind.LIMIT, "final": StepKind.FINAL}
ONLY_CHARGED = ("most_attempts", "notice_days")
ONLY_CHOSEN = ("segment", "from_amount", "position")


class DaysField(forms.CharField):
    """Days by commas or blanks: "1, 3, 5"; a tuple in ascending order, each once."""

    default_error_messages = {
        "days": _("Write whole days from %(first)s to %(last)s, such as 1, 3, 5.")
    }

    def __init__(self, *, first: int = 0, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 200, **options})
        self.first = first
        self.widget.attrs |= {"inputmode": "text", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """This will read what was typed; nothing is no day at all."""
        words = [part for part in BETWEEN.split(str(value or "").strip()) if part]
        whole = all(part.isascii() and part.isdigit() for part in words)
        days = sorted({int(part) for part in words if len(part) < 4}) if whole else []
        inside = all(self.first <= day <= LAST_DAY for day in days)
        if not whole or not inside or any(len(part) > 3 for part in words):
            raise ValidationError(
                self.error_messages["days"],
                code="days",
                params={"first": self.first, "last": LAST_DAY},
            )
        return tuple(days)

    def prepare_value(self, value: Any) -> Any:
        """This will write days, and keep what was typed."""
        if isinstance(value, str):
            return value
        return ", ".join(str(day) for day in value or ())


class PolicyForm(forms.Form):
    """Whom a policy is for, what is done when, and within what bounds.

    Without `others` it is for a segment or amounts from one on; the policy for all others
    has neither.
    """

    name = forms.CharField(label=_("Name"), max_length=100)
    is_on = forms.BooleanField(
        label=_("In use"),
        required=False,
        initial=True,
        help_text=_("Without it failed payments are only listed: nothing is done."),
    )
    segment = forms.ModelChoiceField(
        Segment.objects.order_by("position", "name", "id"),
        label=_("Only for the segment"),
        required=False,
        empty_label=_("every segment"),
    )
    from_amount = NumberField(
        label=_("Only from an amount of"), required=False, min_value=0, max_digits=14,
        decimal_places=2,
    )  # fmt: skip
    position = forms.IntegerField(
        label=_("Place among the policies"),
        min_value=0,
        max_value=999,
        initial=0,
        help_text=_("The first policy that fits counts: 0 is looked at before 1."),
    )
    retry = DaysField(
        label=_("Try again on the days"),
        first=1,
        help_text=_("Days after the first failure. At most one try a day."),
    )
    mail = DaysField(
        label=_("Write to the customer on the days"),
        help_text=_("0 is the day of the failure itself."),
    )
    letter = DaysField(
        label=_("Send reminders on the days"),
        first=1,
        help_text=_("Days after the invoice fell due."),
    )
    task = DaysField(
        label=_("Give the CSM a task on the days"),
        help_text=_("Besides the one for large amounts, below."),
    )
    limit = forms.IntegerField(
        label=_("Limit access on day"),
        required=False,
        min_value=1,
        max_value=LAST_DAY,
        help_text=_("With a mail that says so. Your product does the limiting."),
    )
    final = forms.IntegerField(
        label=_("Final action on day"),
        min_value=1,
        max_value=LAST_DAY,
        error_messages={"required": _("Say on which day it ends.")},
    )
    final_action = forms.ChoiceField(
        label=_("Final action"), choices=FinalAction.choices, widget=forms.RadioSelect
    )
    most_attempts = forms.IntegerField(
        label=_("Tries at most"),
        min_value=1,
        max_value=MOST_ATTEMPTS,
        help_text=_("All count, those of the gateway and by hand too."),
    )
    most_days = forms.IntegerField(
        label=_("No try later than day"), min_value=1, max_value=LAST_DAY
    )
    from_hour = forms.IntegerField(
        label=_("Not before (hour)"), min_value=0, max_value=23
    )
    until_hour = forms.IntegerField(
        label=_("Not after (hour)"),
        min_value=1,
        max_value=24,
        help_text=_("On the customer’s clock. Nothing is charged or written outside."),
    )
    working_days_only = forms.BooleanField(
        label=_("Only on working days"), required=False
    )
    task_from = NumberField(
        label=_("Task for the CSM at once, from an amount of"), required=False,
        min_value=0, max_digits=14, decimal_places=2,
    )  # fmt: skip
    notice_days = DaysField(
        label=_("Tell the customer so many days before a card expires"), first=1
    )
    hold_out = PercentField(
        label=_("Left alone for a comparison, in percent"),
        required=False,
        help_text=_(
            "So many payments get no tries and no mails until the last day. It costs what "
            "they would have brought, and is the only way to see what dunning brings. "
            "Half at most."
        ),
    )
    note = forms.CharField(
        label=_("Why it is changed"), max_length=200, required=False,
        help_text=_("Stands in the history of the policy."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self, *args: Any, collection: Collection, others: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.collection = collection
        wanted = {str(kind) for kind in KINDS[collection]}
        gone = [name for name, kind in DAYS.items() if str(kind) not in wanted]
        if collection == Collection.TRANSFER:
            gone += ONLY_CHARGED
        if others:
            gone += ONLY_CHOSEN
        for name in gone:
            del self.fields[name]
        self.fields["final"].required = collection == Collection.CHARGE
        if collection == Collection.TRANSFER:
            self.fields["most_days"].label = _("Given up after so many days")
            self.fields["most_days"].help_text = _("Unless a final action is named.")

    def days_of(self, name: str) -> Sequence[int]:
        """This will return the days typed for a kind of step; none where it has no field."""
        found: Sequence[int] = self.cleaned_data.get(name) or ()
        return found

    def clean(self) -> dict[str, Any]:
        """This will also check what depends on two fields, each told where to change it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        final, tries = data.get("final"), self.days_of("retry")
        if final is not None:
            self._before_the_end(final)
        first = 1 + len(tries)
        if tries and (data.get("most_attempts") or first) < first:
            text = _now("%(n)s tries are planned, the first charge counts too.")
            self._wrong("most_attempts", text % {"n": len(tries)})
        if tries and (data.get("most_days") or LAST_DAY) < tries[-1]:
            text = _now("There is a try on day %(day)s.") % {"day": tries[-1]}
            self._wrong("most_days", text)
        if (data.get("from_hour") or 0) >= (data.get("until_hour") or 24):
            self._wrong("until_hour", _now("The hours end after they begin."))
        if (data.get("hold_out") or 0) > MOST_HOLD_OUT:
            self._wrong("hold_out", _now("Leave half of them alone at most."))
        return data

    def _before_the_end(self, final: int) -> None:
        for name in ("retry", "mail", "letter", "task", "limit"):
            found = self.cleaned_data.get(name)
            last = max(found, default=0) if isinstance(found, tuple) else found or 0
            if last > final or (name == "retry" and last == final):
                text = _now(
                    "It comes after everything else: “%(what)s” has day %(day)s."
                )
                told = {"what": self.fields[name].label, "day": last}
                self._wrong("final", text % told)
                return

    def _wrong(self, name: str, text: str) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, text)

    def steps(self) -> list[Step]:
        """This will return the steps that were typed, by day."""
        steps = list(self._steps())
        return sorted(steps, key=lambda step: (step.day, step.kind))

    def _steps(self) -> Iterable[Step]:
        for name, kind in DAYS.items():
            for day in self.days_of(name):
                yield Step(str(kind), day)  # type: ignore[arg-type]
        for name, kind in DAY.items():
            if self.cleaned_data.get(name) is not None:
                yield Step(str(kind), self.cleaned_data[name])  # type: ignore[arg-type]

    def values(self) -> PolicyValues:
        """This will return what the person wants."""
        data = self.cleaned_data
        usual = PolicyValues(name="", collection=self.collection, steps=())
        return PolicyValues(
            name=data["name"].strip(),
            collection=self.collection,
            steps=self.steps(),
            segment=data.get("segment"),
            from_amount=data.get("from_amount"),
            position=data.get("position") or 0,
            is_on=data["is_on"],
            most_attempts=data.get("most_attempts") or usual.most_attempts,
            most_days=data["most_days"],
            from_hour=data["from_hour"],
            until_hour=data["until_hour"],
            working_days_only=data["working_days_only"],
            task_from=data.get("task_from"),
            final_action=FinalAction(data["final_action"]),
            hold_out=data.get("hold_out") or Decimal(0),
            notice_days=self.days_of("notice_days"),
            note=data["note"],
        )


def initial_of(values: PolicyValues) -> dict[str, Any]:
    """This will return a policy as the form shows it; the note is for the next change."""
    days: dict[str, Any] = {
        name: tuple(step.day for step in values.steps if step.kind == str(kind))
        for name, kind in DAYS.items()
    }
    for name, kind in DAY.items():
        found = [step.day for step in values.steps if step.kind == str(kind)]
        days[name] = found[0] if found else None
    return days | {
        "name": values.name,
        "is_on": values.is_on,
        "segment": values.segment,
        "from_amount": values.from_amount,
        "position": values.position,
        "final_action": values.final_action,
        "most_attempts": values.most_attempts,
        "most_days": values.most_days,
        "from_hour": values.from_hour,
        "until_hour": values.until_hour,
        "working_days_only": values.working_days_only,
        "task_from": values.task_from,
        "notice_days": tuple(sorted(values.notice_days, reverse=False)),
        "hold_out": values.hold_out or None,
    }
