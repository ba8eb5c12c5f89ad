"""bundle_parts.csv: what bundles contain."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.enums import PlanKind
from billing.importers.catalogue import Tally, staged
from billing.importers.plans import plan_ensure, plan_key
from billing.models import BundlePart, Plan
from billing.selectors.catalogue import prices_on
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.staging import repeated
from customers.importing.tally import Counts
from customers.importing.values import Column


class BundlePartImporter(Importer):
    """What bundles contain; a bundle is cheaper than its parts."""

    table = "bundle_parts"
    noun = "part"
    key = ("bundle", "part")
    columns = (
        Column("bundle", required=True, size=50),
        Column("part", required=True, size=50),
        Column("quantity", "integer", low=1, high=10_000),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject bundles of themselves and those that save nothing."""
        return (
            repeated(self.key, self.noun, self.key[0]),
            Check(
                "part",
                "lower(s.part) = lower(s.bundle)",
                "format('bundle %%L contains itself', s.bundle)",
            ),
            Check(
                "bundle",
                "d.bundle = s.bundle",
                "d.reason",
                using=f"(VALUES {_dear(load.today)}) AS d (bundle, reason)",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write parts; what contains parts is a bundle."""
        del load
        tally = Tally()
        for bundle, part, quantity in staged(
            cursor, "bundle, part, COALESCE(quantity, 1)", first, last
        ):
            ours, theirs = plan_ensure(bundle), plan_ensure(part)
            Plan.objects.filter(pk=ours).update(kind=PlanKind.BUNDLE)
            row, created = BundlePart.objects.get_or_create(
                bundle_id=ours, part_id=theirs, defaults={"quantity": quantity}
            )
            tally.note(row, created=created, quantity=quantity)
        return tally.counts()


def _dear(today: dt.date) -> str:
    """This will name, as SQL values, bundles of the stage that cost what their parts do.

    Only where the bundle and all of its parts have a price of one currency and interval.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bundle, part, COALESCE(quantity, 1) FROM import_stage ORDER BY line"
        )
        parts: dict[str, list[tuple[str, int]]] = {}
        for bundle, part, quantity in cursor.fetchall():
            parts.setdefault(bundle, []).append((part, quantity))
        found: list[tuple[str | None, str | None]] = [(None, None)]
        found += [
            (bundle, reason)
            for bundle, own in parts.items()
            if (reason := _dear_reason(bundle, own, today))
        ]
        texts = [
            cursor.mogrify("(%s::text, %s::text)", pair).decode() for pair in found
        ]
    return ", ".join(texts).replace("%", "%%")


def _dear_reason(bundle: str, parts: list[tuple[str, int]], today: dt.date) -> str:
    keys = {name: plan_key(name) for name in (bundle, *(name for name, _ in parts))}
    ids = dict(Plan.objects.filter(key__in=keys.values()).values_list("key", "pk"))
    prices = prices_on(ids.values(), day=today)
    for (plan, currency, interval), price in prices.items():
        each = [
            prices.get((ids.get(keys[name], 0), currency, interval))
            for name, _ in parts
        ]
        if plan != ids.get(keys[bundle]) or None in each:
            continue
        total = sum(
            (
                one.amount * count
                for one, (_, count) in zip(each, parts, strict=True)
                if one
            ),
            Decimal(0),
        )
        if price.amount >= total:
            return (
                f"the bundle costs {price.amount} {currency}, its parts {total}: "
                "a bundle is cheaper than its parts"
            )
    return ""
