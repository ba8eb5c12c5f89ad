"""Answers to surveys, and what people add in words."""

import datetime as dt

import numpy as np

from demo.calculations.draws import stream
from demo.calculations.grid import Grid
from demo.calculations.people import Person
from demo.calculations.phrases import Phrases
from demo.calculations.rows import AnswerRow, TicketRow
from demo.calculations.world import World

ROUND_DAYS = 182
FIRST_ASKED = (70, 130)
ASKED = ("champion", "executive", "planner", "it")
ANSWERS = 0.45
COMMENTS = {"promoter": 0.55, "passive": 0.5, "detractor": 0.8}
CSAT_SHARE = 0.2
SETUP_DAYS = (55, 80)


def group_of(score: int) -> str:
    """This will return which of the three groups a score from 0 to 10 belongs to."""
    return "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"


def answer_rows(
    world: World, people: list[list[Person]], tickets: list[TicketRow]
) -> list[AnswerRow]:
    """This will draw all answers, in the order in which they came."""
    rng = stream(world.seed, "answers")
    phrases = Phrases(rng)
    rows: list[AnswerRow] = []
    for index, team in enumerate(people):
        rows += _loyalty(world, rng, phrases, team, index)
        rows += _effort(world, rng, phrases, team, index)
    persons = {one.id: one for team in people for one in team}
    rows += _satisfaction(world, rng, phrases, tickets, persons)
    rows.sort(key=lambda row: dt.datetime.fromisoformat(row.responded_at))
    return [row._replace(response_id=f"R-{5001 + i}") for i, row in enumerate(rows)]


def _loyalty(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    team: list[Person],
    index: int,
) -> list[AnswerRow]:
    """This will ask for the NPS every half-year and return who answered."""
    rows = []
    end = world.ends[index]
    asked = world.customers[index].start + int(rng.integers(*FIRST_ASKED))
    while asked < end:
        for person in team:
            day = asked + int(min(20, rng.exponential(3)))
            z = world.history.z(index, min(day, end - 1))
            will = ANSWERS * float(np.exp(0.12 * np.clip(z, -2, 1.5)))
            answers = rng.random() < will and person.kind in ASKED and person.there(day)
            score = int(np.clip(round(rng.normal(8.3 + 1.6 * z, 1.2)), 0, 10))
            if not answers or day >= end:
                continue
            rows.append(_nps(world, rng, phrases, person, day, score))
        asked += ROUND_DAYS
    return rows


def _nps(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    person: Person,
    day: int,
    score: int,
) -> AnswerRow:
    group = group_of(score)
    language = world.customers[person.index].language
    cause = world.history.lives[person.index].cause(day)
    comment = ""
    if rng.random() < COMMENTS[group]:
        blames = group == "detractor" and cause != "none" and rng.random() < 0.75
        comment = (
            phrases.line(language, "causes", cause)
            if blames
            else phrases.lines(language, "comments", group)
        )
    return _row(world, rng, person, day, "nps", score, comment)


def _effort(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    team: list[Person],
    index: int,
) -> list[AnswerRow]:
    """This will ask once, after the set-up, how easy it was (CES, 7 is easiest)."""
    day = world.customers[index].start + int(rng.integers(*SETUP_DAYS))
    score = int(
        np.clip(round(rng.normal(5.2 + 0.9 * world.history.z(index, day), 1)), 1, 7)
    )
    if rng.random() > ANSWERS or day >= world.ends[index] or not team[0].there(day):
        return []
    language = world.customers[index].language
    key = "high" if score >= 6 else "low" if score <= 4 else ""
    comment = ""
    if key and rng.random() < 0.4:
        comment = phrases.line(language, "setup_comments", key)
    return [_row(world, rng, team[0], day, "ces", score, comment)]


def _satisfaction(
    world: World,
    rng: np.random.Generator,
    phrases: Phrases,
    tickets: list[TicketRow],
    persons: dict[str, Person],
) -> list[AnswerRow]:
    """This will turn some rated tickets into CSAT answers, hours after the solution."""
    rows = []
    for ticket in tickets:
        if ticket.satisfaction is None or rng.random() > CSAT_SHARE:
            continue
        person = persons[str(ticket.contact_id)]
        day = _day_of(world.grid, str(ticket.resolved_at)) + 1
        if day >= world.ends[person.index] or not person.there(day):
            continue
        score = ticket.satisfaction
        key = "high" if score >= 4 else "mid" if score == 3 else "low"
        comment = ""
        if rng.random() < 0.3:
            language = world.customers[person.index].language
            comment = phrases.line(language, "ticket_comments", key)
        rows.append(_row(world, rng, person, day, "csat", score, comment))
    return rows


def _day_of(grid: Grid, moment: str) -> int:
    return grid.day(dt.datetime.fromisoformat(moment).date())


def _row(
    world: World,
    rng: np.random.Generator,
    person: Person,
    day: int,
    kind: str,
    score: int,
    comment: str,
) -> AnswerRow:
    return AnswerRow(
        response_id="",
        customer_id=world.customers[person.index].id,
        kind=kind,
        score=score,
        responded_at=str(
            world.moment(person.index, day * 1440 + int(rng.integers(400, 1180)))
        ),
        contact_id=person.id,
        comment=comment,
    )
