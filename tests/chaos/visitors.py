"""People who go on clicking while things break, and what they were answered."""

import threading
import time
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.live import Visitor

SERVER_ERROR = 500


@dataclass(frozen=True)
class Answer:
    """One request: when it began, how long it took, and its status (0: no answer)."""

    path: str
    began: float
    seconds: float
    status: int


@dataclass
class Outage:
    """A stretch in which pages may fail: from the fault until 2 s after its end."""

    began: float
    ended: float = float("inf")

    def covers(self, answer: Answer) -> bool:
        """This will tell whether the request was under way in the outage."""
        grace = 2.0
        return (
            answer.began <= self.ended + grace
            and answer.began + answer.seconds >= self.began
        )


@dataclass
class Crowd:
    """All answers of all visitors, and the outages they lived through."""

    answers: list[Answer] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)

    def errors(self) -> list[Answer]:
        """This will list requests that failed although everything was there."""
        return [
            answer
            for answer in self.answers
            if (answer.status >= SERVER_ERROR or answer.status == 0)
            and not any(outage.covers(answer) for outage in self.outages)
        ]

    def slowest(self) -> float:
        """This will return the longest wait for a page, in seconds."""
        return max((answer.seconds for answer in self.answers), default=0.0)

    @contextmanager
    def outage(self) -> Iterator[None]:
        """This will note a fault of PostgreSQL for as long as the block lasts."""
        outage = Outage(time.monotonic())
        self.outages.append(outage)
        try:
            yield
        finally:
            outage.ended = time.monotonic()


def ask(visitor: Visitor, path: str) -> Answer:
    """This will ask for a page and note the answer, whatever it is."""
    began = time.monotonic()
    try:
        visitor.get(path)
        status = 200
    except urllib.error.HTTPError as error:
        status = error.code
    except OSError:
        status = 0
    return Answer(path, began, time.monotonic() - began, status)


@contextmanager
def crowd(
    visitors: list[Visitor], paths: list[str], pause: float = 0.2
) -> Iterator[Crowd]:
    """This will let every visitor go round the pages until the block ends."""
    seen = Crowd()
    over = threading.Event()

    def go_round(visitor: Visitor) -> None:
        while not over.is_set():
            for path in paths:
                seen.answers.append(ask(visitor, path))
                if over.wait(pause):
                    return

    threads = [threading.Thread(target=go_round, args=[v]) for v in visitors]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join(60)


def click_together(visitor: Visitor, path: str, times: int) -> list[int]:
    """This will post the same button many times at once and return the statuses."""
    statuses: list[int] = []
    together = threading.Barrier(times)

    def click() -> None:
        together.wait()
        try:
            visitor.post(path)
            statuses.append(200)
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
        except OSError:
            statuses.append(0)

    threads = [threading.Thread(target=click) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses
