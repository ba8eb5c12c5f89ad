"""Prices of a file that would make a bundle as dear as its parts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from billing.calculations.bundles import Part, Price, too_dear
from billing.enums import PlanKind
from billing.importers.plans import plan_key
from billing.models import BundlePart, PriceVersion

# A currency and an interval: only prices of one pair are compared.
Key = tuple[str, int | None]
Prices = dict[Key, dict[int, list[Price]]]
# Behind every number that a version has: what the file says of a day counts.
OF_THE_FILE = 1_000_000_000


def dear_prices(currency: str) -> str:
    """This will name, as SQL values, lines of the stage that a bundle does not bear.

    (line, reason). What the file says is laid over the prices that are there, so a file
    that raises a bundle together with its parts passes. Only where the bundle and all of
    its parts have a price of one currency and interval. Three queries.
    """
    parts: dict[int, list[BundlePart]] = defaultdict(list)
    for row in BundlePart.objects.filter(bundle__kind=PlanKind.BUNDLE).select_related(
        "bundle", "part"
    ):
        parts[row.bundle_id].append(row)
    plans = {row.bundle.key: row.bundle_id for own in parts.values() for row in own}
    plans |= {row.part.key: row.part_id for own in parts.values() for row in own}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, plan, COALESCE(currency, %s), COALESCE(interval_months, 1), "
            "valid_on, amount FROM import_stage WHERE valid_on IS NOT NULL "
            "AND amount IS NOT NULL ORDER BY line",
            [currency],
        )
        lines = [
            (line, plans.get(plan_key(plan)), *rest) for line, plan, *rest in cursor
        ]
        told = [row for row in lines if row[1] is not None]
        prices = _there(plans.values())
        since: dict[Key, dt.date] = {}
        for _line, plan, code, interval, valid_on, amount in told:
            price = Price(valid_on, OF_THE_FILE, amount)
            prices[code, interval][plan].append(price)
            since[code, interval] = min(valid_on, since.get((code, interval), valid_on))
        found = _refused(parts, prices, since)
        values = [(None, None)] + [
            (line, reason)
            for line, plan, code, interval, *_rest in told
            if (reason := found.get(((code, interval), plan)))
        ]
        texts = [
            cursor.mogrify("(%s::bigint, %s::text)", one).decode() for one in values
        ]
    return ", ".join(texts).replace("%", "%%")


def _there(plans: Iterable[int]) -> Prices:
    prices: Prices = defaultdict(lambda: defaultdict(list))
    for row in PriceVersion.objects.filter(plan__in=list(plans)):
        key = (row.currency, row.interval_months)
        price = Price(row.valid_on, row.number, row.amount)
        prices[key][row.plan_id].append(price)
    return prices


def _refused(
    parts: dict[int, list[BundlePart]], prices: Prices, since: dict[Key, dt.date]
) -> dict[tuple[Key, int], str]:
    """This will say why, for a bundle that would be too dear and for each of its parts."""
    refused: dict[tuple[Key, int], str] = {}
    for key, first in since.items():
        for bundle, own in parts.items():
            each = [
                Part(row.part_id, row.quantity, prices[key][row.part_id]) for row in own
            ]
            found = too_dear(prices[key][bundle], each, since=first)
            if found is None or found.missing is not None:
                continue
            reason = (
                f"{own[0].bundle.name} would cost {found.amount} {key[0]} from {found.day} "
                f"on, its parts {found.alone}: a bundle is cheaper than its parts"
            )
            refused |= {
                (key, plan): reason for plan in (bundle, *(r.part_id for r in own))
            }
    return refused
