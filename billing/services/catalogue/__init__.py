"""Writing what is sold: products, plans, prices in versions, bundles."""

from billing.services.catalogue.plans import (
    PlanValues,
    UnableToAddPlan,
    plan_add,
    plan_rename,
    plan_retire,
    plan_sell_again,
)
from billing.services.catalogue.prices import UnableToSetPrice, price_add

__all__ = [
    "PlanValues",
    "UnableToAddPlan",
    "UnableToSetPrice",
    "plan_add",
    "plan_rename",
    "plan_retire",
    "plan_sell_again",
    "price_add",
]
