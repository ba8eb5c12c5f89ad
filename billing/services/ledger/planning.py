"""Beginning a making of the sums, and the ranges of customers it goes through."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from billing.enums import BuildState
from billing.models import LedgerBuild, LedgerPart, LedgerState
from billing.selectors.ledger_terms import Terms, made_with
from billing.services.ledger.planning_sql import customers_cut
from customers.models import Customer

KEPT_BUILDS = 20


@transaction.atomic
def build_start(*, terms: Terms, now: dt.datetime) -> LedgerBuild:
    """This will write down that the sums are to be made; one that is under way goes on.

    Holds the ledger's count, so that nobody outdates a customer whose range is only just
    being cut.
    """
    LedgerState.objects.bulk_create([LedgerState(pk=1)], ignore_conflicts=True)
    state = LedgerState.objects.select_for_update().get(pk=1)
    under_way = LedgerBuild.objects.filter(state=BuildState.RUNNING).first()
    if under_way is not None:
        return under_way
    _parts_cut()
    build = LedgerBuild.objects.create(
        day=terms.day,
        counted=state.changed,
        made_with=made_with(terms),
        started_at=now,
    )
    old = LedgerBuild.objects.order_by("-id").values_list("id", flat=True)
    LedgerBuild.objects.filter(id__in=list(old[KEPT_BUILDS:])).delete()
    return build


def stale_parts(build: LedgerBuild) -> QuerySet[LedgerPart]:
    """This will return the parts that a build still has to make, without their sums."""
    whole = LedgerState.objects.values_list("whole", flat=True).get(pk=1)
    old = Q(built__lt=F("changed")) | Q(built__lt=whole)
    stale = LedgerPart.objects.filter(old | ~Q(made_with=build.made_with))
    return stale.defer("content").order_by("first_id")


def _parts_cut() -> None:
    """This will see to it that every customer belongs to a part.

    New customers fill up the last part first.
    """
    newest = Customer.objects.aggregate(newest=Max("id"))["newest"] or 0
    last = LedgerPart.objects.order_by("-first_id").first()
    if last is not None and last.last_id >= newest:
        return
    first = 0 if last is None else last.last_id + 1
    if last is not None and _customers_from(last.first_id, last.last_id) < _size():
        first = last.first_id
        last.delete()
    LedgerPart.objects.bulk_create(
        LedgerPart(first_id=begin, last_id=end)
        for begin, end in customers_cut(first, _size())
    )


def _size() -> int:
    return int(settings.LEDGER_PART_CUSTOMERS)


def _customers_from(first: int, last: int) -> int:
    return Customer.objects.filter(id__range=(first, last)).count()
