"""What was spent on winning the customers: monthly on sources, and on campaigns.

Social ads bring many small customers and cost more than those bring; the others pay off.
"""

import datetime as dt
from dataclasses import dataclass

from demo.calculations.customers import Customer
from demo.calculations.draws import stream
from demo.calculations.rows import CampaignRow, SpendRow
from demo.calculations.world import World
from demo.texts.campaigns import CAMPAIGNS, FAIR

SOCIAL = "Social ads"
# What a source really costs, as a multiple of what sales writes at its customers.
FACTOR = {"Referral": 2.0, "Search": 3.0, "Partner": 2.5, "Paid ads": 3.5}
SOCIAL_EACH = 13_500.0
FAIR_COSTS = {"stand": 46_000, "travel and people": 21_500}
FAIR_MONTH = 5
# So long after a fair those who come from events come from it.
FAIR_DAYS = 240


@dataclass(frozen=True)
class Fair:
    """A trade fair of one spring."""

    id: str
    name: str
    day: dt.date


def source_of(customer: Customer) -> str:
    """This will name the source: adverts for small companies ran in social networks."""
    small = customer.segment == "Small business"
    return SOCIAL if small and customer.source == "Paid ads" else customer.source


def fairs_of(world: World) -> list[Fair]:
    """This will hold a fair every May of the past."""
    first, last = world.grid.first, world.grid.today
    days = (dt.date(year, FAIR_MONTH, 11) for year in range(first.year, last.year + 1))
    return [
        Fair(f"fair-{day.year}", FAIR.format(year=day.year), day)
        for day in days
        if first <= day < last
    ]


def campaign_of(world: World, customer: Customer) -> str:
    """This will say by which campaign a customer came; empty for none."""
    source, day = source_of(customer), world.grid.date(customer.start)
    if source == "Events":
        for fair in fairs_of(world):
            if 0 <= (day - fair.day).days < FAIR_DAYS:
                return fair.id
    if source == SOCIAL:
        return _flight(world, customer.start)
    return ""


def _flight(world: World, day: int) -> str:
    """This will say which of the two series of adverts ran on a day."""
    return "social-pictures" if day < 0.6 * world.grid.days else "social-video"


def campaign_rows(world: World) -> list[CampaignRow]:
    """This will write the campaigns."""
    change = world.grid.date(int(0.6 * world.grid.days))
    rows = [
        CampaignRow(
            "social-pictures",
            CAMPAIGNS["social-pictures"],
            SOCIAL,
            world.grid.first.isoformat(),
            (change - dt.timedelta(days=1)).isoformat(),
        ),
        CampaignRow(
            "social-video", CAMPAIGNS["social-video"], SOCIAL, change.isoformat(), ""
        ),
    ]
    rows += [
        CampaignRow(
            fair.id,
            fair.name,
            "Events",
            fair.day.isoformat(),
            (fair.day + dt.timedelta(days=3)).isoformat(),
        )
        for fair in fairs_of(world)
    ]
    return rows


def spend_rows(world: World) -> list[SpendRow]:
    """This will write what was spent: by month and source, and for each fair."""
    rng = stream(world.seed, "spend")
    costs: dict[tuple[str, str, str], float] = {}
    for one in world.customers:
        source = source_of(one)
        if source == "Events":
            continue
        month = world.grid.date(one.start).replace(day=1)
        campaign = campaign_of(world, one)
        each = SOCIAL_EACH if source == SOCIAL else FACTOR[source] * one.cost
        place = (max(month, world.grid.first).isoformat(), source, campaign)
        costs[place] = costs.get(place, 0.0) + each
    rows = [
        SpendRow(
            f"P-{number}",
            day,
            round(cost * rng.uniform(0.85, 1.15) / 10) * 10,
            source,
            campaign,
            "",
        )
        for number, ((day, source, campaign), cost) in enumerate(sorted(costs.items()))
    ]
    for fair in fairs_of(world):
        rows += [
            SpendRow(
                f"{fair.id}-{number}",
                fair.day.isoformat(),
                round(cost * rng.uniform(0.9, 1.1) / 100) * 100,
                "Events",
                fair.id,
                what,
            )
            for number, (what, cost) in enumerate(FAIR_COSTS.items())
        ]
    return rows
