"""What a policy would do to the invoices of today, if nobody paid.

Nothing is written. Snapshots are stepped forward from one moment at which something is due
to the next, by the rules themselves; what is tried is taken to be refused.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain
from operator import methodcaller

from django.db.models import Q, QuerySet

from accounts.selectors import company as the_company
from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.situation import Attempt, Policy, Snapshot
from billing.enums import CaseState, Collection
from billing.models import DunningCase, DunningPolicy, Invoice
from billing.selectors.dunning.policies import (
    Fits,
    Rates,
    converted,
    fits_of,
    policies_in_order,
)
from billing.selectors.dunning.snapshots import snapshots_of, snapshots_of_invoices
from billing.selectors.invoices import invoice_sums
from billing.services.dunning.policy_values import PolicyValues
from common.dates import first_zone

DAYS = 30
# More are not looked at; the page says so.
MOST = 2_000
SHOWN = 10
# No case has so many moments within the days.
MOST_LOOKS = 200
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Something that would happen; `skipped` things would be passed over."""

    kind: str
    at: dt.datetime
    reason: str
    skipped: bool
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ForeseenDay:
    """How often each kind of step would be done on a day of the company's."""

    day: dt.date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class ForeseenCase:
    """One of those with most money, and what would happen to it."""

    invoice: Invoice
    owing: Decimal
    owing_converted: Decimal | None
    steps: tuple[Foreseen, ...]


@dataclass(frozen=True, slots=True)
class PolicyPreview:
    """What a policy would do within 30 days. `kinds` and `days` count what is done.

    `owing` is in the company's currency and leaves out what has no rate; `cut` says that
    there are more invoices than were looked at.
    """

    invoices: int
    cut: bool
    owing: Decimal
    days: tuple[ForeseenDay, ...]
    kinds: Mapping[str, int] = field(default_factory=dict)
    # How often something would be passed over, by the code of why.
    skipped: Mapping[str, int] = field(default_factory=dict)
    biggest: tuple[ForeseenCase, ...] = ()


def policy_preview(
    *,
    draft: PolicyValues,
    today: dt.date,
    now: dt.datetime,
    policy: DunningPolicy | None = None,
) -> PolicyPreview:
    """This will tell what a draft would do within 30 days, if nobody paid.

    To the open cases and overdue transfers of today that it would fall to, in the place of
    `policy` if it is to replace that one; 2,000 of them at most, the latest first. As if
    the policy were on, and as if open cases changed over to it (really they keep their
    version). About 30 queries, and up to two seconds of reckoning.
    """
    company = the_company()
    found, cut = _invoices(draft, policy, today)
    told = _snapshots(found, now)
    rules = draft.policy(company.working_days)
    zone = first_zone(company.time_zone)
    until = now + DAYS * dt.timedelta(days=1)
    known: dict[Snapshot, tuple[Foreseen, ...]] = {}
    ahead: dict[int, tuple[Foreseen, ...]] = {}
    for pk, snapshot in told.items():
        shape = _shape(snapshot, rules)
        if shape not in known:
            known[shape] = foreseen(shape, rules, now, until)
        ahead[pk] = known[shape]
    return PolicyPreview(
        invoices=len(told),
        cut=cut,
        owing=sum(
            (one.owing_converted or Decimal(0) for one in told.values()), Decimal(0)
        ),
        days=_days(ahead, zone, today),
        kinds=_counts(one.kind for one in _all(ahead) if _done(one)),
        skipped=_counts(one.reason for one in _all(ahead) if one.skipped),
        biggest=_biggest(found, told, ahead),
    )


def foreseen(
    snapshot: Snapshot, policy: Policy, now: dt.datetime, until: dt.datetime
) -> tuple[Foreseen, ...]:
    """This will list what would happen to one invoice from now on, until a moment."""
    found: list[Foreseen] = []
    at: dt.datetime | None = now
    for _look in range(MOST_LOOKS):
        if at is None or at > until:
            break
        decision = due_actions(snapshot, policy, at)
        for action in decision.due:
            found.append(
                Foreseen(action.kind, at, action.reason, action.skip, action.data)
            )
            snapshot = _after(snapshot, action.kind, action.step, at, action.skip)
        if any(action.kind == "close" for action in decision.due):
            break
        if decision.due:
            # What was done may make something else due, or due later.
            again = due_actions(snapshot, policy, at)
            at = at if again.due else again.next_at
        else:
            at = decision.next_at
    return tuple(found)


def _after(
    snapshot: Snapshot, kind: str, step: str, at: dt.datetime, skip: bool
) -> Snapshot:
    """This will return an invoice as it would be after a step: a try is refused."""
    done = (*snapshot.done, (step, at))
    skipped = snapshot.skipped | {step} if skip else snapshot.skipped
    attempts = snapshot.attempts
    if kind in {"retry", "charge_now"} and not skip:
        number = attempts[-1].number + 1 if attempts else 1
        method = snapshot.method.id if snapshot.method else ""
        attempts = (
            *attempts,
            Attempt(number, "declined", at, method, "soft", "generic_decline"),
        )
    return replace(snapshot, done=done, skipped=skipped, attempts=attempts)


def _shape(snapshot: Snapshot, policy: Policy) -> Snapshot:
    """This will leave away what makes no difference, so that like ones are reckoned once.

    The hour of the failure is kept, and whether the amount is one for a task.
    """
    most, owing = policy.task_from, snapshot.owing_converted
    large = most is not None and owing is not None and owing >= most
    first = snapshot.first_method
    names = {first: "first"} if first else {}
    method = snapshot.method
    return replace(
        snapshot,
        owing=Decimal(1),
        owing_converted=most if large else None,
        began_at=_hour(snapshot.began_at),
        attempts=tuple(
            replace(one, at=_hour(one.at), method=names.get(one.method, one.method))
            for one in snapshot.attempts
        ),
        first_method=names.get(first, first),
        method=method and replace(method, id=names.get(method.id, method.id)),
        looks_on=snapshot.collection == "charge" and not snapshot.may_charge,
        held_out=False,
    )


def _hour(moment: dt.datetime) -> dt.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _done(one: Foreseen) -> bool:
    return not one.skipped and one.kind != "close"


def _all(ahead: Mapping[int, Sequence[Foreseen]]) -> Iterator[Foreseen]:
    return chain.from_iterable(ahead.values())


def _counts(words: Iterable[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _days(
    ahead: Mapping[int, Sequence[Foreseen]], zone: dt.tzinfo, today: dt.date
) -> tuple[ForeseenDay, ...]:
    counted: dict[dt.date, Counter[str]] = {}
    for steps in ahead.values():
        for one in steps:
            if _done(one):
                day = one.at.astimezone(zone).date()
                counted.setdefault(day, Counter())[one.kind] += 1
    days = [today + dt.timedelta(days=back) for back in range(DAYS + 1)]
    return tuple(ForeseenDay(day, dict(counted.get(day, {}))) for day in days)


def _biggest(
    found: Mapping[int, Invoice],
    told: Mapping[int, Snapshot],
    ahead: Mapping[int, tuple[Foreseen, ...]],
) -> tuple[ForeseenCase, ...]:
    def size(pk: int) -> tuple[Decimal, int]:
        return (told[pk].owing_converted or Decimal(-1), pk)

    return tuple(
        ForeseenCase(found[pk], told[pk].owing, told[pk].owing_converted, ahead[pk])
        for pk in sorted(told, key=size, reverse=True)[:SHOWN]
    )


def _invoices(
    draft: PolicyValues, policy: DunningPolicy | None, today: dt.date
) -> tuple[dict[int, Invoice], bool]:
    """This will find the invoices that would fall to the draft. About 16 queries."""
    rows = list(_candidates(draft, today).select_related("customer")[: MOST + 1])
    before = _tried_before(draft, policy)
    rows, cut = rows[:MOST], len(rows) > MOST
    amounts = _amounts(rows)
    found = {}
    for row in rows:
        takes = methodcaller(
            "takes",
            collection=row.collection,
            segment_id=row.customer.segment_id,
            amount=amounts.get(row.pk),
        )
        if takes(draft.fits) and not any(map(takes, before)):
            found[row.pk] = row
    return found, cut


def _amounts(rows: Sequence[Invoice]) -> dict[int, Decimal | None]:
    """This will return what is owed on each, in the company's currency. Five queries."""
    rates = Rates({row.currency for row in rows}, the_company())
    sums = invoice_sums(rows)
    return {row.pk: converted(row, sums[row.pk].owing, rates) for row in rows}


def _candidates(draft: PolicyValues, today: dt.date) -> QuerySet[Invoice]:
    is_open = Q(dunning__state=CaseState.OPEN)
    if draft.collection == Collection.TRANSFER:
        since = today - dt.timedelta(days=DAYS)
        is_open |= Q(dunning__isnull=True, due_on__range=(since, today), total__gt=0)
    rows = Invoice.objects.filter(
        is_open, collection=draft.collection, paid_on__isnull=True
    )
    if draft.segment is not None:
        rows = rows.filter(customer__segment=draft.segment)
    return rows.order_by("-due_on", "-pk")


def _tried_before(draft: PolicyValues, policy: DunningPolicy | None) -> list[Fits]:
    """This will return whom the policies are for that are tried before the draft."""
    last = draft.fits == Fits(draft.collection)
    before = []
    for row in policies_in_order(draft.collection):
        if policy is not None and row.pk == policy.pk:
            continue
        fits = fits_of(row)
        if fits != Fits(row.collection) and (last or row.position < draft.position):
            before.append(fits)
    return before


def _snapshots(
    invoices: Mapping[int, Invoice], now: dt.datetime
) -> dict[int, Snapshot]:
    """This will read how invoices stand, with or without a case, by the invoice's id."""
    cases = DunningCase.objects.filter(
        invoice__in=invoices.keys(), state=CaseState.OPEN
    )
    by_case = {case.pk: case for case in cases}
    told = {
        by_case[pk].invoice_id: one
        for pk, one in snapshots_of(by_case.values(), now).items()
    }
    others: dict[int, dt.datetime | None] = {
        pk: None for pk in invoices if pk not in told
    }
    return told | snapshots_of_invoices(others, now)
