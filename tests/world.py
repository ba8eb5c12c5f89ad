"""Builders of real rows: a customer with just the facts that a test names.

The day of the tests is fixed; nothing here looks at the clock.
"""

import datetime as dt
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.models import User
from billing.enums import ChangeKind, PaymentState
from billing.models import (
    ChurnEvent,
    Invoice,
    Payment,
    Plan,
    Subscription,
    SubscriptionChange,
)
from common.partitions import month_partitions_ensure
from customers.enums import InteractionKind, TaskState
from customers.models import (
    Contact,
    Customer,
    Interaction,
    ProfileChange,
    Segment,
    SupportTicket,
    Task,
    UsageDaily,
)
from health.calculations.forecast_content import ForecastContent
from health.calculations.sources import RHYTHMS
from health.enums import RunKind, RunState, TrainingCause, TrainingState, Verdict
from health.models import (
    AccuracyReport,
    ForecastVersion,
    Run,
    SourceRhythm,
    Training,
    ValuePath,
)
from health.services.history import run_work
from health.services.runs import run_start
from health.services.shards import shard_work
from surveys.enums import ResponseSource
from surveys.models import Feedback, Invitation, Response, Survey, SurveyVersion

TODAY = dt.date(2026, 6, 30)
NOW = dt.datetime(2026, 6, 30, 12, 0, tzinfo=dt.UTC)
PASSWORD = "a long enough password"
_numbers = count(1)


# The words of a survey in one language.
CONTENT = {
    "default_language": "en",
    "accent": "",
    "company_name": "",
    "texts": {
        "en": {
            "subject": "One question about {company.name}",
            "intro": "Hello {contact.first_name|there},",
            "question": "How likely are you to recommend {company.name}?",
            "low": "not at all likely",
            "high": "extremely likely",
            "follow_up": {
                "low": "What went wrong?",
                "middle": "What is missing?",
                "high": "What do you like?",
            },
            "thanks": {
                "low": "Thank you. We will look into it.",
                "middle": "Thank you.",
                "high": "Thank you, that is good to hear.",
            },
        }
    },
}


def days_ago(days: int) -> dt.date:
    """This will return the day so many days before the tests' day."""
    return TODAY - dt.timedelta(days=days)


def noon(day: dt.date) -> dt.datetime:
    """This will return the middle of a day, UTC."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)


def make_user(email: str, *, role: str = "csm", **fields: Any) -> User:
    """This will save a person who can sign in with PASSWORD."""
    fields.setdefault("name", email.split("@")[0].title())
    return User.objects.create(
        email=email, password=password_hash(), role=role, **fields
    )


@cache
def password_hash() -> str:
    """This will hash PASSWORD once: argon2 is slow on purpose."""
    return make_password(PASSWORD)


def make_customer(
    name: str = "",
    *,
    owner: User | None = None,
    since: dt.date | None = None,
    **fields: Any,
) -> Customer:
    """This will save a customer of two years (or since a day), known since then."""
    number = next(_numbers)
    since = since or days_ago(730)
    segment, _ = Segment.objects.get_or_create(
        key=fields.pop("segment", "mid-market"), defaults={"name": "Mid-market"}
    )
    fields.setdefault("recorded_at", noon(since))
    return Customer.objects.create(
        external_id=fields.pop("external_id", f"C{number}"),
        name=name or f"Customer {number}",
        owner=owner,
        segment=segment,
        customer_since=since,
        **fields,
    )


def subscribe(
    customer: Customer,
    *,
    mrr: str = "1000",
    seats: int = 20,
    months: int = 12,
    since: dt.date | None = None,
    **fields: Any,
) -> Subscription:
    """This will save a subscription with its START line."""
    since = since or customer.customer_since
    plan, _ = Plan.objects.get_or_create(key="team", defaults={"name": "Team"})
    currency = fields.pop("currency", "EUR")
    subscription = Subscription.objects.create(
        customer=customer,
        external_id=f"S{next(_numbers)}",
        plan=plan,
        currency=currency,
        interval_months=months,
        started_on=since,
        recorded_at=noon(since),
    )
    change_subscription(
        subscription, kind=ChangeKind.START, on=since, mrr=mrr, seats=seats, **fields
    )
    return subscription


def change_subscription(
    subscription: Subscription,
    *,
    on: dt.date,
    mrr: str,
    kind: str = ChangeKind.CHANGE,
    seats: int = 20,
    **fields: Any,
) -> SubscriptionChange:
    """This will save a line of the change log."""
    return SubscriptionChange.objects.create(
        subscription=subscription,
        customer=subscription.customer,
        kind=kind,
        effective_on=on,
        recorded_at=fields.pop("recorded_at", noon(on)),
        mrr=Decimal(mrr),
        currency=subscription.currency,
        quantity=seats,
        interval_months=subscription.interval_months,
        plan=fields.pop("plan", subscription.plan),
        **fields,
    )


def use(
    customer: Customer,
    *,
    first: int,
    last: int = 0,
    users: int = 10,
    events: int = 100,
    features: int = 4,
    key: int | None = None,
    every: int = 1,
    recorded_on: dt.date | None = None,
) -> None:
    """This will save daily usage from `first` to `last` days ago."""
    month_partitions_ensure(
        table="customers_usagedaily", first=days_ago(first), last=days_ago(last)
    )
    UsageDaily.objects.bulk_create(
        UsageDaily(
            customer=customer,
            day=days_ago(back),
            recorded_on=recorded_on or days_ago(back),
            active_users=users,
            events=events,
            features=features,
            key_events=key,
        )
        for back in range(last, first + 1, every)
    )


def open_ticket(
    customer: Customer, *, days: int, hours: float | None = 6, **fields: Any
) -> SupportTicket:
    """This will save a ticket opened at noon, resolved after some hours (None: open)."""
    opened = noon(days_ago(days))
    resolved = None if hours is None else opened + dt.timedelta(hours=hours)
    rated = fields.get("satisfaction")
    escalated = fields.pop("escalated", False)
    return SupportTicket.objects.create(
        customer=customer,
        external_id=f"T{next(_numbers)}",
        opened_at=opened,
        recorded_at=opened,
        resolved_at=resolved,
        resolved_recorded_at=resolved,
        escalated_at=opened if escalated else None,
        escalated_recorded_at=opened if escalated else None,
        satisfaction_recorded_at=resolved if rated else None,
        **fields,
    )


def answer(
    customer: Customer, *, days: int, score: int, kind: str = "nps", **fields: Any
) -> Response:
    """This will save a confirmed answer."""
    survey, _ = Survey.objects.get_or_create(
        key=kind, defaults={"name": kind.upper(), "kind": kind}
    )
    version, _ = SurveyVersion.objects.get_or_create(survey=survey, number=1)
    when = noon(days_ago(days))
    return Response.objects.create(
        customer=customer,
        version=version,
        kind=kind,
        score=score,
        source=fields.pop("source", ResponseSource.SENT),
        responded_at=when,
        recorded_at=fields.pop("recorded_at", when),
        **fields,
    )


def invite(
    customer: Customer, *, contact: Contact | None = None, **fields: Any
) -> Invitation:
    """This will save an invitation of somebody at the customer to an NPS survey."""
    survey, _ = Survey.objects.get_or_create(
        key="asked", defaults={"name": "Asked", "kind": "nps", "state": "running"}
    )
    version, _ = SurveyVersion.objects.get_or_create(
        survey=survey, number=1, defaults={"frozen_at": NOW, "content": CONTENT}
    )
    values = {
        "survey": survey,
        "version": version,
        "round": "once",
        "language": "en",
        "created_at": NOW,
        "expires_at": NOW + dt.timedelta(days=30),
    }
    return Invitation.objects.create(
        customer=customer,
        contact=contact or person(customer, is_primary=False),
        **{**values, **fields},
    )


def say(customer: Customer, text: str, *, days: int = 1, **fields: Any) -> Feedback:
    """This will save a comment that was no answer to a survey."""
    when = noon(days_ago(days))
    return Feedback.objects.create(
        customer=customer,
        text=text,
        source=fields.pop("source", "review"),
        said_at=when,
        recorded_at=when,
        **fields,
    )


def invoice(
    customer: Customer,
    *,
    days: int,
    total: str = "1000",
    due_in: int = 14,
    paid_after: int | None = 10,
    currency: str = "EUR",
    **fields: Any,
) -> Invoice:
    """This will save an invoice issued some days ago and paid some days later."""
    issued = days_ago(days)
    paid = None if paid_after is None else issued + dt.timedelta(days=paid_after)
    return Invoice.objects.create(
        customer=customer,
        external_id=f"I{next(_numbers)}",
        issued_on=issued,
        due_on=issued + dt.timedelta(days=due_in),
        total=Decimal(total),
        currency=currency,
        recorded_at=noon(issued),
        paid_on=paid,
        paid_recorded_at=None if paid is None else noon(paid),
        **fields,
    )


def failed_payment(owed: Invoice, *, days: int) -> Payment:
    """This will save a payment that failed some days ago."""
    when = noon(days_ago(days))
    return Payment.objects.create(
        invoice=owed,
        customer=owed.customer,
        state=PaymentState.FAILED,
        amount=owed.total,
        currency=owed.currency,
        happened_at=when,
        recorded_at=when,
    )


def touch(
    customer: Customer, *, days: int, kind: str = InteractionKind.CALL, **fields: Any
) -> Interaction:
    """This will save a contact between us and the customer."""
    when = noon(days_ago(days))
    return Interaction.objects.create(
        customer=customer, kind=kind, happened_at=when, recorded_at=when, **fields
    )


def profile(customer: Customer, *, days: int, **fields: Any) -> ProfileChange:
    """This will save what the customer was taken for from some days ago on."""
    return ProfileChange.objects.create(
        customer=customer, recorded_at=noon(days_ago(days)), **fields
    )


def task(customer: Customer, *, due: int, done: int | None = None) -> Task:
    """This will save a task due some days ago, and done on another day or not yet."""
    return Task.objects.create(
        customer=customer,
        title="Call",
        due_on=days_ago(due),
        created_at=noon(days_ago(due + 30)),
        state=TaskState.OPEN if done is None else TaskState.DONE,
        closed_at=None if done is None else noon(days_ago(done)),
    )


def person(customer: Customer, name: str = "Mara Ionescu", **fields: Any) -> Contact:
    """This will save a contact known from the start, the main one unless told."""
    left = fields.get("left_on")
    fields.setdefault("is_primary", True)
    return Contact.objects.create(
        customer=customer,
        external_id=f"P{next(_numbers)}",
        name=name,
        recorded_at=noon(customer.customer_since),
        left_recorded_at=noon(left) if left else None,
        **fields,
    )


def leave(customer: Customer, *, days: int, **fields: Any) -> ChurnEvent:
    """This will save that the customer left some days ago."""
    left = days_ago(days)
    return ChurnEvent.objects.create(
        customer=customer,
        left_on=left,
        recorded_at=fields.pop("recorded_at", noon(left)),
        **fields,
    )


def healthy_customer(name: str, *, owner: User | None = None) -> Customer:
    """This will save a customer that uses the product, pays and answers well."""
    customer = make_customer(name, owner=owner)
    subscribe(customer)
    use(customer, first=180, users=16, events=400, features=5)
    invoice(customer, days=40)
    answer(customer, days=20, score=9)
    touch(customer, days=8)
    person(customer)
    open_ticket(customer, days=50, satisfaction=5)
    return customer


def failing_customer(name: str, *, owner: User | None = None) -> Customer:
    """This will save a customer that stopped using, pays late and is unhappy."""
    customer = make_customer(name, owner=owner)
    subscribe(customer)
    use(customer, first=180, last=40, users=16, events=400, features=5)
    use(customer, first=30, last=26, users=1, events=5, features=1)
    invoice(customer, days=60, paid_after=None)
    answer(customer, days=20, score=2, comment="Exports break every month end.")
    touch(customer, days=100)
    person(customer)
    return customer


def never_late() -> None:
    """This will let every source be silent: what customers do not say is about them."""
    for source in RHYTHMS:
        SourceRhythm.objects.update_or_create(source=source, defaults={"days": None})


def forecast_summary(as_of: dt.date) -> dict[str, Any]:
    """This will say of a version what its training keeps beside the content."""
    return {
        "days": [18, (as_of - dt.timedelta(days=540)).isoformat(), as_of.isoformat()],
        "rows": 1789,
        "customers": 240,
        "sampled": False,
        "known": 230,
        "leavers": 146,
        "figures": {"auc": [0.81, 0.77, 0.85], "signal": True, "out_of_time": True},
        "compared": {"why": "no_version", "number": None},
        "values": None,
    }


def forecast_version(
    content: ForecastContent, *, as_of: dt.date = TODAY, **fields: Any
) -> ForecastVersion:
    """This will save what was learnt (tests.learnt) as the version in use.

    The one in use before is that no longer; with `in_use=False` it stays.
    """
    number = ForecastVersion.objects.count() + 1
    fields.setdefault("in_use", True)
    if fields["in_use"]:
        ForecastVersion.objects.filter(in_use=True).update(in_use=False)
    training = fields.pop("training", None) or Training.objects.create(
        cause=TrainingCause.ASKED,
        as_of=as_of,
        known_before=noon(as_of),
        state=TrainingState.DONE,
        started_at=noon(as_of),
        finished_at=noon(as_of),
    )
    values = {
        "number": number,
        "training": training,
        "as_of": as_of,
        "method": str(content.method),
        "reason": "enough_left",
        "content": content.as_json(),
        "summary": forecast_summary(as_of),
        "verdict": Verdict.FIRST if number == 1 else Verdict.LIKE,
        "created_at": noon(as_of),
        "published_at": noon(as_of) if fields["in_use"] else None,
    }
    return ForecastVersion.objects.create(**{**values, **fields})


def accuracy_report(
    content: dict[str, Any], *, version: ForecastVersion, as_of: dt.date = TODAY
) -> AccuracyReport:
    """This will save what was measured (tests.accuracy) with a version's training."""
    return AccuracyReport.objects.create(
        training=version.training, as_of=as_of, content=content, created_at=noon(as_of)
    )


def score(as_of: dt.date = TODAY, *, now: dt.datetime = NOW) -> Run:
    """This will run the nightly scoring of a day in this process."""
    return run_work(run=run_start(kind=RunKind.MANUAL, as_of=as_of, now=now))


def run_at_its_end(as_of: dt.date = TODAY, *, now: dt.datetime = NOW) -> Run:
    """This will score everybody and claim the run's end, of which nothing is shown yet."""
    run = run_start(kind=RunKind.MANUAL, as_of=as_of, now=now)
    for pk in run.shards.order_by("id").values_list("pk", flat=True):
        shard_work(shard_id=pk)
    Run.objects.filter(pk=run.pk).update(state=RunState.FINISHING, attempts=1)
    run.refresh_from_db()
    return run


def value_path(
    *,
    as_of: dt.date = TODAY,
    segment: int = 0,
    plan: int = 0,
    customers: int = 100,
    mrr: str = "10000",
    kept: float = 0.8,
    tickets: float = 0.4,
    months: int = 60,
    at_risk: str = "5000",
    off: tuple[float, float] = (0.0, 0.0),
) -> ValuePath:
    """This will save what customers that are all alike will bring.

    `kept` of them are there after a year, the same share every month; each opens so many
    tickets a month. Their sum, of which 100 stand for it, is `off` by so many by their own
    fates and so many together.
    """
    alive = [customers * kept ** (month / 12) for month in range(1, months + 1)]
    return ValuePath.objects.create(
        as_of=as_of,
        segment_id=segment,
        plan_id=plan,
        customers=customers,
        mrr=Decimal(mrr),
        churn=customers * (1 - kept**0.25),
        alive=alive,
        revenue=[float(mrr) / customers * there if customers else 0 for there in alive],
        tickets=[tickets * there for there in alive],
        at_risk=Decimal(at_risk),
        expected=100.0,
        own=off[0] ** 2,
        doubt=off[1],
    )
