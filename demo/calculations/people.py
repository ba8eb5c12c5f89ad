"""The people at the customers: who they are, when they came and went."""

from dataclasses import dataclass, replace

import numpy as np

from demo.calculations.draws import pick, stream
from demo.calculations.naming import plain
from demo.calculations.rows import ContactRow
from demo.calculations.world import World
from demo.texts import TEXTS
from demo.texts.names import NAMES
from demo.texts.places import COUNTRIES

ROLES = {
    "executive": "Decision maker",
    "champion": "Champion",
    "planner": "Planner",
    "finance": "Finance",
    "it": "Administrator",
}
TEAMS = {
    "Small business": (("champion",), ("champion", "planner"), ("champion", "finance")),
    "Mid-market": (
        ("champion", "planner", "finance"),
        ("champion", "executive", "planner"),
        ("champion", "planner", "it"),
    ),
    "Enterprise": (
        ("champion", "executive", "planner", "finance", "it"),
        ("champion", "executive", "planner", "planner", "it"),
        ("champion", "executive", "planner", "finance"),
    ),
}
SUCCESSION = 0.75
MOVES_ON_A_YEAR = 0.07


@dataclass(frozen=True)
class Person:
    """Somebody at a customer, there from one day to before another."""

    id: str
    index: int
    kind: str
    name: str
    email: str
    phone: str
    title: str
    since: int
    left: int | None = None
    primary: bool = False
    executive: bool = False

    def there(self, day: int) -> bool:
        """This will tell whether the person worked there on a day."""
        return self.since <= day and (self.left is None or day < self.left)


class Hiring:
    """Makes people, each with a name and address of their own."""

    def __init__(self, world: World, rng: np.random.Generator) -> None:
        """This will begin with nobody."""
        self.world = world
        self.rng = rng
        self.emails: set[str] = set()
        self.count = 0

    def person(self, index: int, kind: str, since: int, taken: set[str]) -> Person:
        """This will make somebody whose name nobody at this customer has."""
        customer = self.world.customers[index]
        names = NAMES[customer.country]
        woman = bool(self.rng.random() < 0.5)
        name = ""
        while not name or name in taken:
            first = pick(self.rng, names.women if woman else names.men)
            name = f"{first} {pick(self.rng, names.surnames)}"
        taken.add(name)
        self.count += 1
        title = pick(self.rng, TEXTS[customer.language].titles[kind])
        number = (
            f"{int(self.rng.integers(20, 99))}",
            f"0{int(self.rng.integers(100, 999))}",
        )
        return Person(
            id=f"P-{self.count:05}",
            index=index,
            kind=kind,
            name=name,
            email=f"{plain(name).replace('-', '.')}@{customer.domain}",
            phone=COUNTRIES[customer.country].phone.format(*number)
            if self.rng.random() < 0.65
            else "",
            title=title[woman],
            since=since,
            executive=kind == "executive",
        )

    def team(self, index: int) -> list[Person]:
        """This will staff a customer for all its time with us."""
        customer = self.world.customers[index]
        life = self.world.history.lives[index]
        end = self.world.ends[index]
        taken: set[str] = set()
        kinds = pick(self.rng, TEAMS[customer.segment])
        team = [self.person(index, kind, customer.start, taken) for kind in kinds]
        # Where nobody else decides, the champion is also the sponsor.
        team[0] = replace(team[0], executive="executive" not in kinds)
        for position, one in enumerate(team[1:], 1):
            gone = customer.start + int(self.rng.exponential(365 / MOVES_ON_A_YEAR))
            if one.kind == "planner" and gone < end:
                team[position] = replace(one, left=gone)
        losses = [shock.day for shock in life.shocks if shock.kind == "champion_left"]
        main = 0
        for day in losses:
            heir = day + int(self.rng.integers(25, 80))
            follows = self.rng.random() < SUCCESSION and heir < end
            if not team[main].there(day):
                continue
            team[main] = replace(team[main], left=day, executive=True)
            if follows:
                team.append(self.person(index, "champion", heir, taken))
                main = len(team) - 1
        team[main] = replace(team[main], primary=True)
        return team


def people_of(world: World) -> list[list[Person]]:
    """This will return the people of every customer."""
    hiring = Hiring(world, stream(world.seed, "people"))
    return [hiring.team(index) for index in range(len(world.customers))]


def speaker(
    rng: np.random.Generator, team: list[Person], day: int, kinds: tuple[str, ...]
) -> Person | None:
    """This will return somebody of these kinds who was there on a day, if anybody was."""
    there = [one for one in team if one.there(day)]
    fitting = [one for one in there if one.kind in kinds]
    return pick(rng, fitting or there) if there else None


def administrators(team: list[Person]) -> set[str]:
    """This will return who runs our product there: IT, or else the champions."""
    kind = "it" if any(one.kind == "it" for one in team) else "champion"
    return {one.id for one in team if one.kind == kind}


def contact_rows(world: World, people: list[list[Person]]) -> list[ContactRow]:
    """This will write all people."""
    return [
        ContactRow(
            contact_id=one.id,
            customer_id=world.customers[one.index].id,
            name=one.name,
            email=one.email,
            phone=one.phone,
            title=one.title,
            role=ROLES[one.kind],
            language=world.customers[one.index].language,
            time_zone=world.customers[one.index].time_zone,
            is_primary=str(one.primary).lower(),
            is_executive=str(one.executive).lower(),
            is_admin=str(one.id in admins).lower(),
            left_on=world.date(one.left),
        )
        for team in people
        for admins in [administrators(team)]
        for one in team
    ]
