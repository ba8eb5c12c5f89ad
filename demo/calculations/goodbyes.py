"""Who left, and what they said why."""

import numpy as np

from demo.calculations.draws import pick, pick_weighted, stream
from demo.calculations.phrases import Phrases
from demo.calculations.rows import ChurnRow
from demo.calculations.world import World
from demo.texts.companies import COMPETITORS

REASONS = {
    "champion_left": ("Champion left", "Too little use"),
    "product_trouble": ("Product problems", "Support"),
    "price_change": ("Price", "Too little use"),
    "onboarding_failure": ("Set-up never finished", "Too little use"),
    "budget_cut": ("Budget cut", "Price"),
}
OTHERS = {
    "Too little use": 0.4,
    "Missing feature": 0.25,
    "Group decision": 0.2,
    "Closed down": 0.15,
}
NOT_OUR_FAULT = {"Group decision", "Closed down", "Budget cut"}
COMPETITOR_SHARE = {"Price": 0.7, "Product problems": 0.5, "Missing feature": 0.7}
COMMENTED = 0.6


def churn_rows(world: World) -> list[ChurnRow]:
    """This will write who left, in the order in which they did."""
    rng = stream(world.seed, "goodbyes")
    phrases = Phrases(rng)
    leavers = sorted(
        (life.left, index)
        for index, life in enumerate(world.history.lives)
        if life.left is not None
    )
    return [
        _row(world, rng, phrases, number, index, day)
        for number, (day, index) in enumerate(leavers, 1)
    ]


def _row(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    number: int,
    index: int,
    day: int,
) -> ChurnRow:
    customer, life = world.customers[index], world.history.lives[index]
    cause = life.cause(day)
    if life.unpaid:
        reason, second, comment = "Payment failed", "", ""
    else:
        other = pick_weighted(rng, OTHERS)
        reason, second = REASONS.get(cause, (other, ""))
        # A firm that has closed down does not fill in forms.
        words = rng.random() < COMMENTED and reason != "Closed down"
        comment = phrases.line(customer.language, "goodbyes", cause) if words else ""
    competitor = rng.random() < COMPETITOR_SHARE.get(reason, 0.0)
    return ChurnRow(
        churn_id=f"L-{number:04}",
        customer_id=customer.id,
        left_on=world.grid.date(day).isoformat(),
        kind="involuntary" if life.unpaid else "voluntary",
        reason=reason,
        secondary_reason=second if rng.random() < 0.5 else "",
        preventable=str(reason not in NOT_OUR_FAULT).lower(),
        competitor=pick(rng, COMPETITORS) if competitor else "",
        comment=comment,
    )
