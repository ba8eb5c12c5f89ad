"""Open tasks for the CSMs, fitting what troubles their customers today."""

import datetime as dt

from demo.calculations.contracts import Terms
from demo.calculations.draws import stream
from demo.calculations.phrases import Phrases
from demo.calculations.rows import TaskRow
from demo.calculations.world import World
from demo.texts.team import TEAM

# Days from today, task by task: one late, a few for today, the rest this week.
DUE = (-1, 0, 0, 0, 1, 2, 3)
TYPES = {"payment": "payment", "renewal": "renewal", "good": "reference"}
RENEWS_WITHIN = 75


def trouble_of(world: World, index: int, renews: str | None) -> str:
    """This will name what a customer needs most, or nothing."""
    life, last = world.history.lives[index], world.grid.days - 1
    if any(last - day < 28 for day in life.dunnings):
        return "payment"
    cause = life.cause(last)
    if world.mood(index, last) == "bad":
        return cause if cause != "none" else "quiet"
    limit = (world.grid.today + dt.timedelta(days=RENEWS_WITHIN)).isoformat()
    if renews is not None and renews <= limit:
        return "renewal"
    return "good" if world.history.z(index, last) > 1 else ""


def task_rows(world: World, contracts: list[list[Terms]]) -> list[TaskRow]:
    """This will write a handful of tasks a CSM, the most expensive trouble first."""
    phrases = Phrases(stream(world.seed, "tasks"))
    languages = {member.email: member.language for member in TEAM}
    rows: list[TaskRow] = []
    for owner in sorted({one.owner for one in world.customers}):
        found = [
            (trouble in ("good", "renewal"), -contracts[index][-1].mrr, index, trouble)
            for index, one in enumerate(world.customers)
            if one.owner == owner and world.history.lives[index].left is None
            if (trouble := trouble_of(world, index, contracts[index][-1].renews))
        ]
        # Mostly trouble, but not only: five of the worst, two of the pleasant kind.
        found.sort()
        bad = [one for one in found if not one[0]][:5]
        for days, (_, _, index, trouble) in zip(
            DUE,
            bad + [one for one in found if one[0]][: len(DUE) - len(bad)],
            strict=False,
        ):
            rows.append(
                TaskRow(
                    customer_id=world.customers[index].id,
                    owner_email=owner,
                    title=phrases.line(languages[owner], "tasks", trouble),
                    type=TYPES.get(trouble, "todo"),
                    reason=f"demo-{trouble}",
                    due_on=(world.grid.today + dt.timedelta(days=days)).isoformat(),
                )
            )
    return rows
