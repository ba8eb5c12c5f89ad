"""New prices. Whoever has subscribed keeps the old one until moved on purpose."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import ExchangeRate
from accounts.selectors import company
from accounts.services.audit import audit_record
from billing.calculations.bundles import Part, Price, TooDear, too_dear
from billing.enums import PlanKind
from billing.models import BundlePart, Plan, PriceVersion
from billing.selectors.catalogue import price_on
from billing.subscription_words import amount_words, interval_words
from common.errors import KeepwellError
from common.templatetags import ui

Key = tuple[str, int | None]


class UnableToSetPrice(KeepwellError):
    """The price makes no sense, or a bundle would not be cheaper than its parts."""


@transaction.atomic
def price_add(
    *,
    plan: Plan,
    amount: Decimal,
    currency: str,
    interval_months: int | None,
    valid_on: dt.date,
    today: dt.date,
    by: Actor,
    now: dt.datetime,
) -> PriceVersion:
    """This will give a plan a price for a currency and an interval from a day on.

    It is a new version: subscriptions that have another stay on it. Only the first price
    of its kind may count from a day in the past. Raises UnableToSetPrice, also where a
    bundle would not be cheaper than its parts bought alone. `interval_months` is None for
    one-off products.
    """
    plan = _locked(plan)
    before = price_on(
        plan_id=plan.pk,
        currency=currency,
        interval_months=interval_months,
        day=valid_on,
    )
    _check(plan, amount, (currency, interval_months), valid_on, today)
    if before is not None and before.amount == amount:
        raise UnableToSetPrice(_("That is the price on that day already."))
    last = plan.prices.aggregate(last=Max("number"))["last"] or 0
    price = PriceVersion.objects.create(
        plan=plan,
        number=last + 1,
        amount=amount,
        currency=currency,
        interval_months=interval_months,
        valid_on=valid_on,
    )
    bundles_check(plan, key=(currency, interval_months), since=valid_on)
    audit_record(
        by=by,
        action="billing.price_added",
        now=now,
        subject=price,
        before={"amount": before.amount} if before else None,
        after={
            "plan": plan.pk,
            "amount": amount,
            "currency": currency,
            "interval_months": interval_months,
            "valid_on": valid_on,
        },
    )
    return price


def bundles_check(plan: Plan, *, key: Key, since: dt.date) -> None:
    """This will refuse a state in which a bundle is no cheaper than its parts.

    Of the bundle itself, or of those that contain the plan, in one currency and interval,
    from a day on. Three queries.
    """
    bundles = Plan.objects.filter(Q(pk=plan.pk) | Q(parts__part=plan)).distinct()
    bundles = bundles.filter(kind=PlanKind.BUNDLE).order_by("id")
    parts = list(BundlePart.objects.filter(bundle__in=bundles).select_related("part"))
    prices = _prices({row.part_id for row in parts} | {b.pk for b in bundles}, key)
    names = {row.part_id: row.part.name for row in parts}
    for bundle in bundles:
        contained = [
            Part(row.part_id, row.quantity, prices[row.part_id])
            for row in parts
            if row.bundle_id == bundle.pk
        ]
        found = too_dear(prices[bundle.pk], contained, since=since)
        if found is not None:
            raise UnableToSetPrice(_dear_words(bundle, found, key, names))


def _locked(plan: Plan) -> Plan:
    """This will hold a plan and the bundles that contain it until the transaction ends.

    Whoever prices a part and whoever prices the bundle take turns.
    """
    rows = Plan.objects.filter(
        Q(pk=plan.pk)
        | Q(pk__in=BundlePart.objects.filter(part=plan).values("bundle_id"))
    )
    locked = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("id")}
    return locked[plan.pk]


def _prices(plans: Iterable[int], key: Key) -> dict[int, list[Price]]:
    currency, months = key
    found: dict[int, list[Price]] = defaultdict(list)
    rows = PriceVersion.objects.filter(
        plan__in=plans, currency=currency, interval_months=months
    )
    for row in rows.order_by("id"):
        found[row.plan_id].append(Price(row.valid_on, row.number, row.amount))
    return found


def _check(
    plan: Plan, amount: Decimal, key: Key, valid_on: dt.date, today: dt.date
) -> None:
    currency, months = key
    if amount < 0:
        raise UnableToSetPrice(_("A price is not negative."))
    once = plan.kind == PlanKind.ONE_OFF
    if once is not (months is None):
        msg = _("What is sold once has no interval, and everything else has one.")
        raise UnableToSetPrice(msg)
    if currency != company().currency:
        rates = ExchangeRate.objects.filter(currency=currency)
        if not rates.exists():
            msg = _(
                "There is no exchange rate for %(currency)s. "
                "Add one in the company's settings first."
            )
            raise UnableToSetPrice(msg % {"currency": currency})
    earlier = plan.prices.filter(currency=currency, interval_months=months)
    if valid_on < today and earlier.exists():
        msg = _("A new price counts from today at the earliest: invoices were written.")
        raise UnableToSetPrice(msg)


def _dear_words(bundle: Plan, found: TooDear, key: Key, names: dict[int, str]) -> str:
    currency, months = key
    words = {
        "bundle": bundle.name,
        "day": ui.day_long(found.day),
        "price": amount_words(found.amount, currency, months),
    }
    if found.missing is not None:
        text = _(
            "%(part)s, a part of %(bundle)s, has no price in %(currency)s that is paid "
            "%(interval)s on %(day)s. Give it one first, so that they can be compared."
        )
        part = names[found.missing]
        paid = {"currency": currency, "interval": interval_words(months)}
        return text % {**words, **paid, "part": part}
    words["alone"] = ui.money_exact(found.alone, currency)
    if found.at_most is None:
        text = _("The parts of %(bundle)s cost nothing on %(day)s: nothing is cheaper.")
        return text % words
    text = _(
        "On %(day)s %(bundle)s would cost %(price)s, and its parts bought alone %(alone)s. "
        "It must be cheaper: %(most)s at most."
    )
    return text % {**words, "most": ui.money_exact(found.at_most, currency)}
