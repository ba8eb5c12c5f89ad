"""What one should know of a customer before a talk: the last year on one page."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, Sum

from billing.enums import CaseState, ChangeAction, PaymentState, RenewalView
from billing.models import (
    ChurnEvent,
    DunningCase,
    Invoice,
    Payment,
    RenewalCheckpoint,
    SubscriptionChange,
)
from customers.models import Customer, Interaction, SupportTicket
from customers.selectors.page import TALKS
from health.measures import MEASURES
from health.models import Standing
from health.selectors.standing import Part, explain, snapshot
from surveys.models import Mention, Response

YEAR = dt.timedelta(days=365)
SHOWN = 5
# What was done to a subscription that one had better know of.
TROUBLES = (
    ChangeAction.CANCELLED,
    ChangeAction.KEPT,
    ChangeAction.DOWNGRADED,
    ChangeAction.PAUSED,
)


@dataclass(frozen=True, slots=True)
class Brief:
    """The parts of the page; lists are newest or worst first."""

    frustrations: list[dict[str, Any]]  # theme__name, theme__state, times, last_at
    drags: list[Part]  # what else pulls the score down than the use
    use: list[Part]  # what is known of the use of the product
    as_of: dt.date | None  # the day of the score; None where there is none
    open_tickets: list[SupportTicket]
    support: dict[str, Any]  # tickets, escalated, reopened, response, satisfaction
    answers: list[Response]
    talks: list[Interaction]
    talked: int  # talks within the year
    departures: list[ChurnEvent]
    changes: list[SubscriptionChange]
    checkpoints: list[RenewalCheckpoint]
    unpaid: list[Invoice]
    money: list[dict[str, Any]]  # per currency: currency, invoices, total
    failures: int  # payments that failed within the year
    failing: list[DunningCase]  # that are being collected, the oldest first


def brief_of(customer: Customer, *, today: dt.date, now: dt.datetime) -> Brief:
    """This will gather the page.

    Cost: about fifteen queries of one customer's rows, whatever there is of them.
    """
    standing = Standing.objects.filter(pk=customer.pk).select_related("run").first()
    as_of = standing.run.as_of if standing else None
    drags, use = _parts(customer, as_of)
    since = now - YEAR
    tickets = SupportTicket.objects.filter(customer=customer)
    talks = Interaction.objects.filter(
        customer=customer, kind__in=TALKS, happened_at__range=(since, now)
    )
    answers = Response.objects.filter(customer=customer, counted=True)
    invoices = Invoice.objects.filter(customer=customer)
    return Brief(
        frustrations=_frustrations(customer, since),
        drags=drags,
        use=use,
        as_of=as_of,
        open_tickets=list(
            tickets.filter(resolved_at__isnull=True).order_by(
                F("escalated_at").asc(nulls_last=True), "opened_at", "id"
            )[:SHOWN]
        ),
        support=_support(tickets.filter(opened_at__range=(since, now))),
        answers=list(
            answers.select_related("contact").order_by("-responded_at", "-id")[:SHOWN]
        ),
        talks=list(
            talks.select_related("contact", "author").order_by("-happened_at", "-id")[
                :SHOWN
            ]
        ),
        talked=talks.count(),
        departures=list(
            ChurnEvent.objects.filter(customer=customer).order_by("-left_on", "-id")[
                :SHOWN
            ]
        ),
        changes=_changes(customer, today),
        checkpoints=_checkpoints(customer),
        unpaid=list(
            # What is being collected is told as such.
            invoices.filter(paid_on__isnull=True, due_on__lt=today)
            .exclude(dunning__state=CaseState.OPEN)
            .order_by("due_on", "id")[:SHOWN]
        ),
        money=list(
            invoices.filter(issued_on__gt=today - YEAR)
            .values("currency")
            .annotate(invoices=Count("id"), total=Sum("total"))
            .order_by("currency")
        ),
        failures=Payment.objects.filter(
            customer=customer, state=PaymentState.FAILED, happened_at__gt=since
        ).count(),
        failing=list(
            DunningCase.objects.filter(customer=customer, state=CaseState.OPEN)
            .select_related("invoice")
            .order_by("began_at", "id")[:SHOWN]
        ),
    )


def _parts(customer: Customer, as_of: dt.date | None) -> tuple[list[Part], list[Part]]:
    kept = snapshot(customer_id=customer.pk, as_of=as_of) if as_of else None
    if kept is None:
        return [], []
    known = [part for part in explain(kept).parts if part.points is not None]
    use = [part for part in known if MEASURES[part.key].group == "usage"]
    drags = [part for part in known if part.points and part.points < 0]
    # What the use pulls down is told with the use.
    return [part for part in drags if part not in use][:SHOWN], use


def _frustrations(customer: Customer, since: dt.datetime) -> list[dict[str, Any]]:
    said = Mention.objects.filter(customer=customer, removed=False, said_at__gt=since)
    return list(
        said.values("theme_id", "theme__name", "theme__state")
        .annotate(times=Count("id"), last_at=Max("said_at"))
        .order_by("-times", "-last_at", "theme_id")[:SHOWN]
    )


def _support(tickets: Any) -> dict[str, Any]:
    """This will sum up a year of tickets; times as durations, None where none is known."""
    counted: dict[str, Any] = tickets.aggregate(
        tickets=Count("id"),
        escalated=Count("id", filter=Q(escalated_at__isnull=False)),
        reopened=Count("id", filter=Q(reopened_at__isnull=False)),
        response=Avg(F("first_response_at") - F("opened_at")),
        satisfaction=Avg("satisfaction"),
    )
    return counted


def _changes(customer: Customer, today: dt.date) -> list[SubscriptionChange]:
    """What troubled a subscription, also what is booked to come."""
    log = SubscriptionChange.objects.filter(customer=customer, action__in=TROUBLES)
    recent = log.filter(effective_on__gt=today - 2 * YEAR)
    return list(
        recent.select_related("subscription__plan").order_by("-effective_on", "-id")[
            :SHOWN
        ]
    )


def _checkpoints(customer: Customer) -> list[RenewalCheckpoint]:
    doubted = RenewalCheckpoint.objects.filter(customer=customer).exclude(
        view__in=("", RenewalView.RENEWS)
    )
    return list(
        doubted.select_related("viewed_by").order_by("-renews_on", "-id")[:SHOWN]
    )
