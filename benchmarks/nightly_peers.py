"""Part of `nightly`: plain aggregates, the ORM's own ways, and a day of usage."""

import datetime as dt
import statistics
import time
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Invoice, SubscriptionChange
from common.partitions import month_partitions_ensure
from customers.importers.usage import NEWS
from customers.models import Customer, Interaction, SupportTicket, UsageDaily
from health.models import Run, Standing
from surveys.models import Response

# One aggregate per fact table: a sum and a maximum per customer.
TABLES = {
    "billing_subscriptionchange": ("mrr", "effective_on"),
    "billing_invoice": ("total", "issued_on"),
    "customers_supportticket": ("satisfaction", "opened_at"),
    "surveys_response": ("score", "responded_at"),
    "customers_usagedaily": ("events", "day"),
}
ROUNDS, CHUNK = 3, 2_000
WRITTEN = ["score", "coverage", "band", "mrr", "renews_on", "latest_nps"]


def plain() -> tuple[float, float]:
    """This will return the seconds of all plain aggregates: by heap, and as planned."""
    sums = []
    for by_index in (False, True):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET work_mem = '512MB'")
            for way in ("enable_indexscan", "enable_indexonlyscan"):
                cursor.execute(f"SET {way} = {'on' if by_index else 'off'}")
            sums.append(sum(_aggregate(cursor, *table) for table in TABLES.items()))
    connection.close()
    return sums[0], sums[1]


def _aggregate(cursor: Any, table: str, columns: tuple[str, str]) -> float:
    amount, day = columns
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        cursor.execute(
            f"SELECT count(*), sum(s), max(m) FROM (SELECT customer_id, sum({amount}) s,"
            f" max({day}) m FROM {table} GROUP BY customer_id) q"
        )
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def annotated(size: int, day: dt.date) -> float:
    """This will return seconds a customer of `annotate` and `bulk_create`, by chunks."""
    run = Run.objects.latest("pk")
    template = Standing.objects.order_by("pk")[0]
    began = time.perf_counter()
    for first in range(1, size, CHUNK):
        chosen = Customer.objects.filter(pk__gte=first, pk__lt=first + CHUNK)
        rows = [
            _standing(template, run, customer)
            for customer in _features(chosen.order_by("pk"), day)
        ]
        Standing.objects.bulk_create(
            rows,
            update_conflicts=True,
            update_fields=WRITTEN,
            unique_fields=["customer"],
        )
    seconds = (time.perf_counter() - began) / size
    connection.close()
    return seconds


def _features(customers: QuerySet[Customer], day: dt.date) -> QuerySet[Customer]:
    """This will ask for about as much as the measures, one subquery a table and kind."""

    def of(rows: QuerySet[Any], value: Any) -> Any:
        mine = rows.filter(customer=OuterRef("pk")).order_by()
        return Subquery(mine.values("customer").annotate(v=value).values("v"))

    ago = {n: day - dt.timedelta(days=n) for n in (14, 28, 30, 31, 60, 90, 120, 180)}
    start = {
        n: dt.datetime.combine(d, dt.time(), tzinfo=dt.UTC) for n, d in ago.items()
    }
    usage, tickets = UsageDaily.objects.all(), SupportTicket.objects.all()
    invoices, answers = Invoice.objects.all(), Response.objects.filter(kind="nps")
    return customers.annotate(
        mrr=of(SubscriptionChange.objects.filter(effective_on__lte=day), Sum("mrr")),
        seats=of(SubscriptionChange.objects.all(), Sum("quantity")),
        days14=of(usage.filter(day__gt=ago[14]), Count("day")),
        days28=of(usage.filter(day__gt=ago[28]), Count("day")),
        users=of(usage.filter(day__gt=ago[31]), Avg("active_users")),
        users_before=of(
            usage.filter(day__range=(ago[120], ago[31])), Avg("active_users")
        ),
        event_sum=of(usage.filter(day__gt=ago[31]), Sum("events")),
        event_sum_before=of(
            usage.filter(day__range=(ago[120], ago[31])), Sum("events")
        ),
        features=of(usage.filter(day__gt=ago[31]), Max("features")),
        used=of(usage, Max("day")),
        key_used=of(usage.filter(key_events__gt=0), Max("day")),
        ticket_count=of(tickets.filter(opened_at__gt=start[30]), Count("id")),
        tickets_before=of(
            tickets.filter(opened_at__range=(start[120], start[30])), Count("id")
        ),
        escalated=of(tickets.filter(escalated_at__gt=start[90]), Count("id")),
        satisfaction=of(tickets.filter(opened_at__gt=start[180]), Avg("satisfaction")),
        nps=of(answers, Avg("score")),
        answered=of(answers, Max("responded_at")),
        late=of(
            invoices.filter(due_on__gt=ago[180]).filter(Q(paid_on__isnull=True)),
            Count("id"),
        ),
        earned=of(invoices.filter(paid_on__isnull=False), Sum("total")),
        touched=of(Interaction.objects.all(), Max("happened_at")),
    )


def _standing(template: Standing, run: Run, customer: Any) -> Standing:
    """This will reckon a score from some of the columns, in Python."""
    usage = float(customer.users or 0) / max(float(customer.seats or 1), 1.0)
    parts = [
        min(usage, 1.0) * 100,
        100.0 - 10 * (customer.ticket_count or 0),
        float(customer.nps or 0) * 10,
        100.0 - 25 * (customer.late or 0),
    ]
    score = sum(parts) / len(parts)
    row = Standing(
        **{f.attname: getattr(template, f.attname) for f in Standing._meta.fields}
    )
    row.customer_id, row.run_id = customer.pk, run.pk
    row.score, row.coverage, row.mrr = score, 1.0, customer.mrr or Decimal(0)
    row.band = 1 if score < 50 else 2 if score < 70 else 3
    return row


def looped(size: int, day: dt.date) -> float:
    """This will return seconds a customer of aggregates and a save for each."""
    template = Standing.objects.order_by("pk")[0]
    run = Run.objects.latest("pk")
    recent = day - dt.timedelta(days=30)
    since = dt.datetime.combine(recent, dt.time(), tzinfo=dt.UTC)
    began = time.perf_counter()
    for customer in Customer.objects.order_by("pk")[:size]:
        mine = {"customer": customer}
        usage = UsageDaily.objects.filter(**mine)
        found = [
            usage.filter(day__gt=recent).aggregate(
                users=Avg("active_users"), event_sum=Sum("events"), days=Count("day")
            ),
            usage.aggregate(used=Max("day"), features=Max("features")),
            SupportTicket.objects.filter(**mine).aggregate(
                ticket_count=Count("id", filter=Q(opened_at__gt=since)),
                satisfaction=Avg("satisfaction"),
            ),
            Response.objects.filter(**mine).aggregate(nps=Avg("score")),
            Invoice.objects.filter(**mine).aggregate(
                late=Count("id", filter=Q(paid_on__isnull=True)), earned=Sum("total")
            ),
            SubscriptionChange.objects.filter(**mine).aggregate(
                mrr=Coalesce(Sum("mrr"), Decimal(0)), seats=Sum("quantity")
            ),
        ]
        for values in found:
            for name, value in values.items():
                setattr(customer, name, value)
        _standing(template, run, customer).save()
    seconds = (time.perf_counter() - began) / size
    connection.close()
    return seconds


def usage_day(size: int, day: dt.date) -> float:
    """This will add a day of usage of every third customer, as an import does."""
    following = day + dt.timedelta(days=1)
    month_partitions_ensure(
        table="customers_usagedaily", first=following, last=following
    )
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "CREATE TEMP TABLE import_ready AS SELECT row_number() OVER () AS line,"
            " c AS customer_id, %s::date AS day, %s::date AS recorded_on,"
            " 1 AS period_days, 5 AS active_users, 40 AS events, 4 AS features,"
            " NULL::int AS key_events, false AS known, false AS key_news"
            " FROM generate_series(3, %s::bigint, 3) c",
            [following, following, size],
        )
        cursor.execute("ANALYZE import_ready")
        began = time.perf_counter()
        cursor.execute(NEWS, {"first": 0, "last": size})
        seconds = time.perf_counter() - began
    connection.close()
    return seconds
