"""Which price a subscription is reckoned with, and whether it may be."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from accounts.models import ExchangeRate
from accounts.selectors import company
from billing.calculations.terms import Terms
from billing.enums import PlanKind
from billing.models import Plan, PriceVersion
from billing.selectors.catalogue import price_on
from billing.services.subscriptions.situation import refuse
from billing.subscription_words import interval_words
from common.templatetags import ui


@dataclass(slots=True)
class Prices:
    """The prices of a day in a currency; each is read once."""

    currency: str
    day: dt.date
    found: dict[tuple[int, int], PriceVersion] = field(default_factory=dict)

    def of(self, plan: Plan, interval_months: int) -> PriceVersion:
        """This will return a plan's price. Raises UnableToChangeSubscription."""
        key = (plan.pk, interval_months)
        if key not in self.found:
            price = price_on(
                plan_id=plan.pk,
                currency=self.currency,
                interval_months=interval_months,
                day=self.day,
            )
            if price is None:
                text = _(
                    "%(plan)s has no price in %(currency)s that is paid %(interval)s on "
                    "%(day)s. Add one in the catalogue, or choose another interval."
                )
                refuse(
                    text,
                    plan=plan.name,
                    currency=self.currency,
                    interval=interval_words(interval_months),
                    day=ui.day_long(self.day),
                )
            self.found[key] = price
        return self.found[key]


def planned_edit(plan: Plan, prices: Prices) -> Callable[[Terms], Terms]:
    """This will make the edit that puts terms on a plan, in the interval that they have."""

    def edit(terms: Terms) -> Terms:
        price = prices.of(plan, terms.interval_months)
        return replace(terms, plan=plan.pk, price=price.pk, amount=price.amount)

    return edit


def check_sold(plan: Plan, *, on: dt.date) -> None:
    """This will refuse plans that are not sold any more, or never by the month."""
    if plan.kind == PlanKind.ONE_OFF:
        text = _("%(plan)s is sold once. Note a purchase instead of a subscription.")
        refuse(text, plan=plan.name)
    if plan.retired_on is not None and on >= plan.retired_on:
        text = _("%(plan)s has not been sold since %(day)s. Choose another plan.")
        refuse(text, plan=plan.name, day=ui.day_long(plan.retired_on))


def check_currency(currency: str, *, on: dt.date) -> None:
    """This will refuse a currency that is neither the company's nor has a rate by a day."""
    if currency == company().currency:
        return
    rates = ExchangeRate.objects.filter(currency=currency, valid_on__lte=on)
    if not rates.exists():
        text = _(
            "There is no exchange rate for %(currency)s on %(day)s. "
            "Add one in the company's settings first."
        )
        refuse(text, currency=currency, day=ui.day_long(on))


def check_quantity(quantity: int) -> None:
    """This will refuse less than one seat."""
    if quantity < 1:
        refuse(_("A subscription has one seat at least. To stop it, cancel it."))
