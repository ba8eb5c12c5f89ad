"""What a subscription is from a day on, as a gateway tells it."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from billing.calculations.renewal import period_of
from billing.calculations.terms import cents
from billing.enums import ChangeAction, ChangeKind
from billing.gateways.objects import RemoteSubscription
from billing.models import Plan, PriceVersion, Subscription, SubscriptionChange
from billing.services.gateways.applying.catalogue import plan_of
from billing.services.gateways.applying.ground import Ground
from billing.services.recorded import CENT

ZERO = Decimal(0)
SHARE = Decimal("0.0001")
A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A line of the log without its day: `state` is active, trial, paused or ended.

    `rate` is what it costs a month net of discount, whatever the state; `list_rate` the
    same before the discount.
    """

    state: str
    rate: Decimal
    list_rate: Decimal
    quantity: int
    interval_months: int
    plan: int | None
    price: int | None
    anchored_on: dt.date
    discount: Decimal | None = None
    discount_until: dt.date | None = None

    @property
    def ended(self) -> bool:
        return self.state == "ended"

    @property
    def mrr(self) -> Decimal:
        return self.rate if self.state == "active" else ZERO

    def same(self, other: "Standing") -> bool:
        """This will say whether a line would tell nothing new."""
        if self.ended or other.ended:
            return self.ended == other.ended
        if not _same_terms(self, other):
            return False
        return self.told() == other.told()

    def told(self) -> tuple[object, ...]:
        """This will return what makes two of them differ, but for the days of renewal."""
        # In trials and pauses the log knows the price before the discount only.
        paid = self.rate if self.state == "active" else None
        return (
            self.state,
            paid,
            self.list_rate,
            self.quantity,
            self.interval_months,
            self.plan,
            self.price,
            self.discount,
            self.discount_until,
        )


def _same_terms(one: Standing, other: Standing) -> bool:
    """This will compare the days of renewal, which clocks may place a day apart.

    Those of monthly ones are no news.
    """
    months = one.interval_months
    if months == 1 or months != other.interval_months:
        return True
    first, later = sorted((one.anchored_on, other.anchored_on))
    begins, ends = period_of(first, months, later)
    return later - begins <= A_DAY or ends - later <= A_DAY


def standing_of(line: SubscriptionChange, started_on: dt.date) -> Standing:
    """This will read a line of the log."""
    ended = line.kind == ChangeKind.END
    listed = line.mrr if line.list_mrr is None else line.list_mrr
    return Standing(
        state="ended" if ended else line.state,
        rate=line.mrr,
        list_rate=listed,
        quantity=line.quantity,
        interval_months=line.interval_months,
        plan=line.plan_id,
        price=line.price_id,
        anchored_on=line.anchored_on or started_on,
        discount=line.discount or None,
        discount_until=line.discount_until,
    )


def standing_told(
    ground: Ground, remote: RemoteSubscription, started_on: dt.date
) -> Standing:
    """This will say what a subscription is at the gateway while it is paid.

    Raises MissingObject for a price that was not read yet.
    """
    rate, listed = _rates(remote)
    share = _share(rate, listed)
    plan, price = _sold(remote, rate, listed)
    months = max(1, remote.interval_months)
    return Standing(
        state="active",
        rate=rate,
        list_rate=listed,
        quantity=max(0, remote.quantity),
        interval_months=months,
        plan=plan.pk if plan else None,
        price=price.pk if price else None,
        anchored_on=_anchor(ground, remote, started_on, months),
        discount=share,
        discount_until=remote.discount_until if share else None,
    )


def _rates(remote: RemoteSubscription) -> tuple[Decimal, Decimal]:
    """This will return what is paid a month, and before the discount; trials included."""
    rate = sum((item.mrr for item in remote.items), ZERO) or remote.mrr
    listed = sum((item.list_mrr for item in remote.items), ZERO) or remote.list_mrr
    rate, listed = rate.quantize(CENT), listed.quantize(CENT)
    return max(ZERO, rate), max(ZERO, rate, listed)


def _sold(
    remote: RemoteSubscription, rate: Decimal, listed: Decimal
) -> tuple[Plan | None, PriceVersion | None]:
    """This will find the plan, of several items the dearest one's, and its price.

    The price only where it explains the amount: else the log tells the amount itself.
    """
    plans = {item.price: plan_of(item.price) for item in remote.items if item.price}
    if not plans:
        return None, None
    dearest = max(remote.items, key=lambda item: (item.list_mrr, item.price))
    plan = plans.get(dearest.price)
    if plan is None or len(remote.items) > 1:
        return plan, None
    months = max(1, remote.interval_months)
    prices = plan.prices.filter(currency=remote.currency, interval_months=months)
    price = prices.order_by("-number").first()
    if price is None:
        return plan, None
    whole = price.amount * (remote.quantity or 1) / months
    share = _share(rate, listed) or ZERO
    explained = cents(whole) == listed and cents(whole * (1 - share)) == rate
    return plan, price if explained else None


def _share(rate: Decimal, listed: Decimal) -> Decimal | None:
    """This will return the discount as the log keeps it; None where there is none."""
    return (1 - rate / listed).quantize(SHARE) if listed > rate else None


def _anchor(
    ground: Ground, remote: RemoteSubscription, started_on: dt.date, months: int
) -> dt.date:
    """This will return the day that terms are counted from: the start, where that fits."""
    if remote.renews_at is None:
        return started_on
    renews_on = ground.day(remote.renews_at)
    if renews_on <= started_on:
        return started_on
    begins, ends = period_of(started_on, months, renews_on)
    near = renews_on - begins <= A_DAY or ends - renews_on <= A_DAY
    return started_on if near else renews_on


def action_between(before: Standing | None, after: Standing) -> ChangeAction:
    """This will name what leads from one standing to the next."""
    if after.ended:
        return ChangeAction.CANCELLED
    if before is None:
        return ChangeAction.STARTED
    if before.ended:
        return ChangeAction.KEPT
    if before.state != after.state:
        return _state_action(before, after)
    if before.interval_months != after.interval_months:
        return ChangeAction.INTERVAL
    if before.plan != after.plan:
        dearer = after.rate > before.rate
        return ChangeAction.UPGRADED if dearer else ChangeAction.DOWNGRADED
    if before.quantity != after.quantity:
        return ChangeAction.QUANTITY
    if before.discount != after.discount:
        given = after.discount is not None
        return ChangeAction.DISCOUNTED if given else ChangeAction.DISCOUNT_ENDED
    if before.rate != after.rate:
        return ChangeAction.PRICE_MOVED
    return ChangeAction.CORRECTED


def _state_action(before: Standing, after: Standing) -> ChangeAction:
    if after.state == "paused":
        return ChangeAction.PAUSED
    if before.state == "trial":
        return ChangeAction.TRIAL_ENDED
    return ChangeAction.RESUMED if before.state == "paused" else ChangeAction.CORRECTED


def line_of(subscription: Subscription, standing: Standing) -> SubscriptionChange:
    """This will make a line of the log, without its day and when it was known."""
    ended = standing.ended
    return SubscriptionChange(
        subscription=subscription,
        customer_id=subscription.customer_id,
        mrr=standing.mrr,
        list_mrr=ZERO if ended else standing.list_rate,
        currency=subscription.currency,
        quantity=standing.quantity,
        interval_months=standing.interval_months,
        plan_id=standing.plan,
        price_id=standing.price,
        anchored_on=standing.anchored_on,
        discount=standing.discount,
        discount_until=standing.discount_until,
        state="active" if ended else standing.state,
    )


def as_ended(standing: Standing) -> Standing:
    """This will lay an end over a standing, which stays to be found beneath it."""
    return replace(standing, state="ended")
