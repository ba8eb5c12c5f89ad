"""What our own people did and noted: calls, meetings, reviews, mails, notes, pulses."""

import numpy as np

from demo.calculations.draws import pick_weighted, stream
from demo.calculations.lives import Shocked
from demo.calculations.people import Person, speaker
from demo.calculations.phrases import Phrases
from demo.calculations.rows import InteractionRow
from demo.calculations.world import World

# Weeks between talks and between pulses, by segment.
TALK_WEEKS = {"Small business": 9.0, "Mid-market": 6.5, "Enterprise": 4.0}
PULSE_WEEKS = {"Small business": 9, "Mid-market": 6, "Enterprise": 4}
REVIEW_WEEKS = {"Mid-market": 26, "Enterprise": 17}
KINDS = {"call": 0.45, "email": 0.28, "meeting": 0.15, "note": 0.12}
SETUP_WEEKS = 10
NOTED = 0.8
PULSE_WORDS = 0.25
PARTNERS = ("champion", "executive")


def interaction_rows(world: World, people: list[list[Person]]) -> list[InteractionRow]:
    """This will draw everything our people noted, customer by customer."""
    rng = stream(world.seed, "talks")
    phrases = Phrases(rng)
    rows: list[InteractionRow] = []
    for index, team in enumerate(people):
        rows += _Desk(world, rng, phrases, team, index).all_rows()
    return [row._replace(interaction_id=f"I-{1 + i:06}") for i, row in enumerate(rows)]


class _Desk:
    """One customer's talks, as its CSM noted them."""

    def __init__(
        self,
        world: World,
        rng: np.random.Generator,
        phrases: Phrases,
        team: list[Person],
        index: int,
    ) -> None:
        self.world = world
        self.rng = rng
        self.phrases = phrases
        self.team = team
        self.index = index
        self.customer = world.customers[index]

    def all_rows(self) -> list[InteractionRow]:
        """This will go through the customer's weeks."""
        rows: list[InteractionRow] = []
        segment = self.customer.segment
        first = self.customer.start // 7
        # Not everybody's pulse falls into the same week.
        shift = int(self.rng.integers(4))
        for week in self.world.weeks_of(self.index):
            age = week - first
            day = self._workday(week)
            z = self.world.history.z(self.index, day)
            if (
                segment in REVIEW_WEEKS
                and age % REVIEW_WEEKS[segment] == REVIEW_WEEKS[segment] - 1
            ):
                rows += self._review(day, z)
            elif self.rng.random() < self._talk_chance(age, z):
                rows.append(self._talk(day, age))
            if age >= 6 and (age + shift) % PULSE_WEEKS[segment] == 0:
                rows.append(self._pulse(day, z))
        rows += [
            self._about_shock(shock)
            for shock in self.world.history.lives[self.index].shocks
            if shock.kind != "price_change" or self.rng.random() < 0.4
            if self.rng.random() < NOTED
            and self._noted_on(shock) < self.world.ends[self.index]
        ]
        return rows

    def _workday(self, week: int) -> int:
        start = week * 7
        offset = (int(self.rng.integers(5)) - self.world.grid.date(start).weekday()) % 7
        return start + offset

    def _talk_chance(self, age: int, z: float) -> float:
        """This will return how likely a talk is: less where nobody wants to talk."""
        chance = 0.3 if age < SETUP_WEEKS else 1 / TALK_WEEKS[self.customer.segment]
        return chance * float(np.exp(0.6 * np.clip(z, -2, 1)))

    def _talk(self, day: int, age: int) -> InteractionRow:
        mood = self.world.mood(self.index, day)
        key = "start" if age < SETUP_WEEKS and mood != "bad" else mood
        words = self.phrases.lines(self.customer.notes_in, "notes", key)
        return self._row(pick_weighted(self.rng, KINDS), day, words)

    def _review(self, day: int, z: float) -> list[InteractionRow]:
        """This will hold a business review, unless the customer has lost interest."""
        if z < -1.1:
            return []
        month = self.world.month_before(day)
        words = self.phrases.lines(self.customer.notes_in, "notes", "review", month)
        return [self._row("review", day, words)]

    def _pulse(self, day: int, z: float) -> InteractionRow:
        """This will note the CSM's own impression: a noisy view of the truth."""
        value = int(np.clip(round(self.rng.normal(3.35 + 1.1 * z, 0.5)), 1, 5))
        mood = "good" if value >= 4 else "bad" if value <= 2 else "ok"
        words = ""
        if self.rng.random() < PULSE_WORDS:
            words = self.phrases.lines(self.customer.notes_in, "pulses", mood)
        return self._row("pulse", day, words)._replace(pulse=value, contact_id=None)

    def _noted_on(self, shock: Shocked) -> int:
        return shock.day + 9

    def _about_shock(self, shock: Shocked) -> InteractionRow:
        words = self.phrases.lines(self.customer.notes_in, "note_causes", shock.kind)
        kind = "note" if shock.kind == "champion_left" else "call"
        return self._row(kind, self._noted_on(shock), words)

    def _row(self, kind: str, day: int, words: str) -> InteractionRow:
        person = None if kind == "note" else speaker(self.rng, self.team, day, PARTNERS)
        # Nobody to talk to: what was meant as a call remains a note.
        if person is None and kind != "pulse":
            kind = "note"
        minutes = day * 1440 + int(self.rng.integers(500, 1020))
        return InteractionRow(
            interaction_id="",
            customer_id=self.customer.id,
            kind=kind,
            happened_at=str(self.world.moment(self.index, minutes)),
            contact_id=person.id if person else None,
            author_email=self.customer.owner,
            summary=words,
            pulse=None,
        )
