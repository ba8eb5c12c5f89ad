"""What the page of a customer's forecast shows, put together from its parts."""

import datetime as dt
from typing import Any

from accounts.models import Company, User
from billing.models import ChurnEvent, Plan
from customers.models import Customer
from health.buyer_page import buyer_page
from health.customer_forecast_money import lost_by_leaving, textbook_of, worth_of
from health.customer_forecast_words import (
    PushLine,
    contract_words,
    push_bar,
    push_lines,
    split_of,
    told_pushes,
)
from health.forecast_charts import chance_figure, compared_bars, staying_figure
from health.forecast_words import lifetime_words, method_label, method_words
from health.models import Standing
from health.selectors.chances import (
    Alike,
    alike,
    chances,
    value_check,
    version_of,
)
from health.selectors.operations import next_nightly, run_current
from health.services.customer_forecast import CustomerForecast, customer_forecast
from health.wording import late_words


def forecast_content(
    *, customer: Customer, user: User, company: Company, now: dt.datetime
) -> dict[str, Any]:
    """This will explain the forecast, or say why there is none. Some 30 queries."""
    rows = Standing.objects.visible_to(user).select_related("run")
    standing = rows.filter(pk=customer.pk).first()
    found = customer_forecast(standing=standing, now=now) if standing else None
    if standing is None or found is None:
        return {"standing": standing} | _none(customer, company, now)
    run = standing.run
    return {
        "standing": standing,
        "run": run,
        "late": late_words(run.parameters.get("late", {})) if standing.late else "",
        "buyer": buyer_page(standing, found),
        **_chance(standing, found),
        **_pushes(standing, found, customer, company),
        **_staying(found),
        **_money(standing, found),
        **_past(standing),
    }


def _none(customer: Customer, company: Company, now: dt.datetime) -> dict[str, Any]:
    left = ChurnEvent.objects.filter(customer=customer).order_by("-left_on", "-id")
    return {
        "left": left.first(),
        "running": run_current(),
        "next_run": next_nightly(company=company, now=now),
    }


def _chance(standing: Standing, found: CustomerForecast) -> dict[str, Any]:
    kept = standing.run.parameters["forecast"]
    likened = alike(standing)
    return {
        "version": version_of(standing.run),
        "method_key": kept["method"],
        "method": method_label(kept["method"]),
        "method_words": method_words(kept["method"], kept.get("reason", "")),
        "alike": likened,
        "base": found.content.base,
        "bars": _bars(standing, found, likened),
        "split": split_of(standing),
    }


def _bars(
    standing: Standing, found: CustomerForecast, likened: Alike | None
) -> dict[str, Any]:
    """This will draw the customer, those like it and everybody to one scale."""
    base = found.content.base
    ranges = {
        "own": (standing.churn, standing.churn_low, standing.churn_high),
        "base": (base.rate, base.low, base.high),
    }
    if likened and likened.low is not None and likened.high is not None:
        ranges["alike"] = (likened.share, likened.low, likened.high)
    return compared_bars(ranges)


def _pushes(
    standing: Standing, found: CustomerForecast, customer: Customer, company: Company
) -> dict[str, Any]:
    if found.explained is None:
        return {"told": None, "changed": found.changed}
    told = told_pushes(found.explained)
    plan = Plan.objects.filter(pk=int(found.facts["plan_id"][0])).first()
    segment = customer.segment
    contract = contract_words(
        mrr=standing.mrr,
        currency=company.currency,
        plan=plan.name if plan else "",
        segment=segment.name if segment else "",
    )
    limit = max((abs(p.points) for p in told.pushes), default=0.0)

    def lines(pushes: Any) -> list[PushLine]:
        return push_lines(
            pushes,
            limit=limit,
            readings=found.readings,
            as_of=standing.run.as_of,
            contract=contract,
        )

    return {
        "told": told,
        "pushes": lines(told.pushes),
        "others": lines(told.others),
        "rest_bar": push_bar(told.rest, limit),
        "average": told.start / 100,
        "own": told.end / 100,
    }


def _staying(found: CustomerForecast) -> dict[str, Any]:
    method = str(found.content.lifetimes.method_)
    return {
        "staying": staying_figure(found.staying) if found.staying else None,
        "lifetime_words": lifetime_words(method),
    }


def _money(standing: Standing, found: CustomerForecast) -> dict[str, Any]:
    economics = standing.run.parameters["economics"]
    return {
        "worth": worth_of(standing, found.facts),
        "textbook": textbook_of(standing, found.facts),
        "lost": lost_by_leaving(standing),
        "months": economics["horizon_months"],
        "discount": economics["discount_rate"],
    }


def _past(standing: Standing) -> dict[str, Any]:
    points = chances(customer_id=standing.pk, as_of=standing.run.as_of)
    return {
        "over_time": chance_figure(points) if len(points) > 1 else None,
        "check": value_check(customer_id=standing.pk),
    }
