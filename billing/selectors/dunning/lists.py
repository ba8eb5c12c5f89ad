"""The list of failed payments: filters, counts, sums and pages of cases."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from accounts.models import ExchangeRate, User
from billing.enums import AttemptState, CaseState, DeclineGroup, StepKind
from billing.models import (
    DunningAction,
    DunningCase,
    DunningStep,
    PaymentAttempt,
    PaymentMethod,
)
from customers.models.scope import ScopedQuerySet
from customers.selectors.search import customers_named

PAGE_SIZE = 50
UNKNOWN_SHOWN = 5
# Beyond this the menu says no exact number.
MANY = 99
ALL = "all"
STATES = (*CaseState.values, ALL)
# Who must do something: we, or the customer.
PERSON = "person"
NEEDS = (PERSON, *DeclineGroup.values)
REFUSED = (AttemptState.DECLINED, AttemptState.NEEDS_ACTION)

# What is annotated differs from step to step.
Cases = ScopedQuerySet[Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of the list."""

    state: str = CaseState.OPEN
    need: str = ""
    reason: str = ""
    cause: str = ""
    cohort: dt.date | None = None  # the first of a month
    since: dt.date | None = None  # failed then or later
    mine: bool = False
    held_out: bool = False
    words: str = ""


def cases_open_count(user: User) -> int:
    """This will count the open cases a person sees, up to one more than MANY. One query."""
    rows = DunningCase.objects.visible_to(user).filter(state=CaseState.OPEN)
    return rows[: MANY + 1].count()


def waiting_words(user: User) -> str:
    """This will say how many open cases a person sees: "7", "99+", "" for none."""
    waiting = cases_open_count(user)
    if not waiting:
        return ""
    return f"{MANY}+" if waiting > MANY else str(waiting)


def cases_seen(user: User) -> Cases:
    """This will return the cases a person sees, with the last refusal of each.

    `last_code` and `last_group` are those of the gateway's newest refusal, also of what was
    paid in the end; None where there is none. `tasked`: the policy has given somebody a task.
    """
    tasks = DunningAction.objects.filter(
        case=OuterRef("pk"), kind=StepKind.TASK, skipped=False
    )
    answers = PaymentAttempt.objects.filter(
        invoice=OuterRef("invoice_id"), state__in=REFUSED
    ).order_by("-number")
    return DunningCase.objects.visible_to(user).annotate(
        last_code=Subquery(answers.values("decline_code")[:1]),
        last_group=Subquery(answers.values("decline_group")[:1]),
        tasked=Exists(tasks),
    )


def cases_kept(
    rows: Cases, asked: Asked, *, user: User, codes: Collection[str] = ()
) -> Cases:
    """This will keep what all filters but state and need ask for."""
    if asked.words:
        named = customers_named(asked.words).values("pk")
        numbered = Q(invoice__external_id__istartswith=asked.words)
        rows = rows.filter(Q(customer_id__in=named) | numbered)
    if asked.cause:
        rows = rows.filter(cause=asked.cause)
    if asked.cohort:
        after = (asked.cohort + dt.timedelta(days=31)).replace(day=1)
        rows = rows.filter(began_on__gte=asked.cohort, began_on__lt=after)
    if asked.since:
        rows = rows.filter(began_on__gte=asked.since)
    if asked.mine:
        rows = rows.filter(customer__owner_id=user.pk)
    if asked.held_out:
        rows = rows.filter(held_out=True)
    if asked.reason:
        rows = rows.filter(last_code__in=codes)
    return rows


def cases_in(rows: Cases, state: str) -> Cases:
    """This will keep the cases of a state; "all" keeps all."""
    return rows if state == ALL else rows.filter(state=state)


def need_is(need: str) -> Q:
    """This will say which open cases need a person, or were refused in some way.

    A person is needed where nothing comes by itself any more, where the policy asked for
    one, or where the card is of no use any more.
    """
    if need != PERSON:
        return Q(last_group=need) & ~Q(state=CaseState.RECOVERED)
    stuck = Q(next_at__isnull=True) | Q(tasked=True) | Q(last_group=DeclineGroup.HARD)
    return Q(state=CaseState.OPEN) & stuck


def state_counts(rows: Cases) -> dict[str, int]:
    """This will count cases by state, all of them under "all". One query."""
    states = {state: Count("pk", filter=Q(state=state)) for state in CaseState.values}
    counted: dict[str, int] = rows.aggregate(**states, all=Count("pk"))
    return counted


def need_counts(rows: Cases, *, user: User) -> dict[str, int]:
    """This will count cases by who must do something, "mine" and "held_out" beside.

    One query.
    """
    asked = {need: Count("pk", filter=need_is(need)) for need in NEEDS}
    counted: dict[str, int] = rows.aggregate(
        **asked,
        mine=Count("pk", filter=Q(customer__owner_id=user.pk)),
        held_out=Count("pk", filter=Q(held_out=True)),
    )
    return counted


def reason_counts(
    rows: Cases, reason_of: Callable[[str], str]
) -> dict[str, tuple[int, list[str]]]:
    """This will count cases by why the bank refused, with the codes of each reason.

    The most frequent first. One query.
    """
    found = rows.exclude(last_code="").exclude(last_code=None).order_by()
    counted: dict[str, tuple[int, list[str]]] = {}
    for code, n in found.values_list("last_code").annotate(n=Count("pk")):
        before, codes = counted.get(reason_of(code), (0, []))
        counted[reason_of(code)] = (before + n, [*codes, code])
    return dict(sorted(counted.items(), key=lambda item: (-item[1][0], item[0])))


@dataclass(frozen=True, slots=True)
class CaseSum:
    """Cases of one currency: how many, what failed, and what came of it."""

    currency: str
    cases: int
    failed: Decimal
    recovered: Decimal

    @property
    def missing(self) -> Decimal:
        return self.failed - self.recovered


def case_sums(rows: Cases) -> list[CaseSum]:
    """This will sum cases up by currency, the most first. One query."""
    found = (
        rows.order_by()
        .values_list("currency")
        .annotate(n=Count("pk"), failed_sum=Sum("failed"), back=Sum("recovered"))
    )
    sums = [CaseSum(*row) for row in found]
    return sorted(sums, key=lambda one: (-one.cases, one.currency))


def by_stake(rows: Cases, *, today: dt.date) -> Cases:
    """This will add `stake`: what is owing, doubled on the way from failure to the end.

    In the company's currency by the newest rate; without a rate the amount counts as it
    is. One query for the rates.
    """
    rates = ExchangeRate.objects.filter(valid_on__lte=today)
    newest = rates.order_by("currency", "-valid_on").distinct("currency")
    whens = [When(currency=one.currency, then=Value(float(one.rate))) for one in newest]
    rate = Case(*whens, default=Value(1.0), output_field=FloatField())
    owing = Cast(
        Greatest(F("failed") - F("recovered"), Value(Decimal(0))), FloatField()
    )
    passed = Cast(
        Func(
            Cast(Value(today), DateField()),
            F("began_on"),
            template="(%(expressions)s)",
            arg_joiner=" - ",
            output_field=IntegerField(),
        ),
        FloatField(),
    )
    share = Least(
        Value(1.0), Greatest(Value(0.0), passed / Cast(_last_day(), FloatField()))
    )
    staked: Cases = rows.annotate(stake=owing * rate * (Value(1.0) + share))
    return staked


def _last_day() -> Any:
    """The day of the final action; without one the last day of the policy."""
    ends = DunningStep.objects.filter(
        version=OuterRef("version_id"), kind=StepKind.FINAL, day__gt=0
    ).order_by("-day")
    return Coalesce(Subquery(ends.values("day")[:1]), F("version__most_days"), 1)


@dataclass(frozen=True, slots=True)
class CasesPage:
    """Rows of the list, and where the next page begins ("" for the last one)."""

    rows: list[DunningCase]
    following: str


def cases_page(rows: Cases, *, state: str, today: dt.date, behind: str) -> CasesPage:
    """This will return a page of 50 cases: open ones by stake, others the newest first.

    Behind a row, by `following` of the page before; anything else is the first page. Two
    queries for open ones, one for others.
    """
    key = "stake" if state == CaseState.OPEN else _moment(state)
    rows = by_stake(rows, today=today) if key == "stake" else rows
    if (place := _place(behind, key)) is not None:
        value, pk = place
        rows = rows.filter(
            Q(**{f"{key}__lte": value}) & (Q(**{f"{key}__lt": value}) | Q(pk__lt=pk))
        )
    rows = rows.select_related("invoice", "customer__owner", "method")
    found = list(rows.order_by(f"-{key}", "-pk")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = ""
    if len(found) > PAGE_SIZE:
        value = getattr(shown[-1], key)
        text = repr(value) if key == "stake" else value.isoformat()
        following = f"{text}~{shown[-1].pk}"
    return CasesPage(shown, following)


def _moment(state: str) -> str:
    return "began_at" if state == ALL else "closed_at"


def _place(text: str, key: str) -> tuple[Any, int] | None:
    value, _, pk = text.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        if key != "stake":
            moment = dt.datetime.fromisoformat(value)
            return (moment, int(pk)) if moment.tzinfo else None
        number = float(value)
    except (ValueError, OverflowError):
        return None
    # Not a number differs from itself.
    return (number, int(pk)) if number == number and abs(number) < 1e300 else None


def cases_worst(user: User, *, today: dt.date, limit: int) -> list[DunningCase]:
    """This will return the open cases with most at stake. Two queries."""
    rows = cases_seen(user).filter(state=CaseState.OPEN)
    rows = by_stake(rows, today=today).select_related("invoice", "customer__owner")
    return list(rows.order_by("-stake", "-pk")[:limit])


def unknown_attempts(user: User) -> list[PaymentAttempt]:
    """This will list tries whose outcome nobody knows, the oldest first. One query."""
    rows = PaymentAttempt.objects.visible_to(user).filter(state=AttemptState.UNKNOWN)
    rows = rows.select_related("invoice", "customer", "account", "case")
    return list(rows.order_by("planned_at", "pk")[:UNKNOWN_SHOWN])


def methods_of(cases: Iterable[DunningCase]) -> dict[int, PaymentMethod]:
    """This will return what would be charged now, by the invoice's id. One query.

    The customer's usual method at the invoice's gateway, else what it failed with.
    """
    chosen: Sequence[DunningCase] = list(cases)
    usual: QuerySet[PaymentMethod] = PaymentMethod.objects.filter(
        customer_id__in={case.customer_id for case in chosen},
        is_default=True,
        removed_at__isnull=True,
    )
    known = {(one.customer_id, one.account_id): one for one in usual.order_by("pk")}
    found = {
        case.invoice_id: known.get(
            (case.customer_id, case.invoice.gateway_id), case.method
        )
        for case in chosen
    }
    return {pk: method for pk, method in found.items() if method is not None}
