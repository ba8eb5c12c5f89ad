"""How far a training is, on a terminal."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm


class LearningBar:
    """A progress bar by parts of the past; nothing where nobody watches."""

    def __init__(self, say: Callable[[str], None] = lambda words: None) -> None:
        """What is begun is said once, also where nobody watches."""
        self.say = say
        self.begun = False
        self.bar: tqdm[Any] | None = None

    def show(self, done: int, total: int) -> None:
        """This will move the bar, and say that it learns once everything is read."""
        if not self.begun:
            self.begun = True
            self.say("Learning from the past …")
        if not sys.stderr.isatty():
            return
        if self.bar is None:
            self.bar = tqdm(unit="part", total=total, leave=False)
        self.bar.set_description("Learning" if done >= total else "Reading the past")
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """This will take the bar away."""
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
