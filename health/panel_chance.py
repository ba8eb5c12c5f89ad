"""What the customer's card says of its chance of leaving."""

from typing import Any

from django.utils.safestring import mark_safe

from accounts.models import Company
from common.charts import interval_bar
from customers.models import Customer
from health.customer_forecast_words import contract_words, standing_reasons
from health.forecast_words import method_label
from health.models import Standing
from health.readings import Readings
from health.selectors.chances import alike


def chance_content(
    standing: Standing, *, readings: Readings, customer: Customer, company: Company
) -> dict[str, Any]:
    """This will return what the chance of leaving rests on. One query at most."""
    kept = standing.run.parameters.get("forecast") or {}
    method = kept.get("method", "")
    contract = contract_words(
        mrr=standing.mrr,
        currency=company.currency,
        segment=customer.segment.name if customer.segment else "",
    )
    bar = interval_bar(standing.churn, standing.churn_low, standing.churn_high)
    return {
        "method_key": method,
        "method": method_label(method),
        "alike": alike(standing),
        "reasons": standing_reasons(standing, readings=readings, contract=contract),
        "bar": mark_safe(bar),  # noqa: S308 - drawn from numbers
    }
