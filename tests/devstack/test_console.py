"""What a person sees: whole lines, and a passing line only on a terminal."""

from io import StringIO

import pytest

from devstack import progress as module
from devstack.console import Console
from devstack.progress import Progress, bar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class Closed(StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def colourful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_lines_carry_the_name_of_their_process() -> None:
    stream = StringIO()
    Console(stream).line("web", "hello")
    assert stream.getvalue() == "web      | hello\n"


def test_colour_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    Console(stream).line("web", "hello")
    assert stream.getvalue() == "\x1b[32mweb      |\x1b[0m hello\n"
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Terminal()
    Console(plain).line("web", "hello")
    assert plain.getvalue() == "web      | hello\n"


def test_a_passing_line_gives_way_to_real_ones() -> None:
    stream = Terminal()
    console = Console(stream)
    console.passing("working")
    console.say("news")
    console.passing("")
    assert stream.getvalue() == "working\r\x1b[Knews\nworking\r\x1b[K"


def test_a_closed_terminal_does_not_matter() -> None:
    Console(Closed()).say("nobody reads this")


def test_steps_off_a_terminal_are_two_lines() -> None:
    stream = StringIO()
    progress = Progress(Console(stream), "Counting")
    progress.tick()
    progress.finish()
    first, second, rest = stream.getvalue().split("\n")
    assert (first, rest) == ("Counting …", "")
    assert second.startswith("Counting: done (0.")


def test_a_long_step_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.0)
    stream = StringIO()
    progress = Progress(Console(stream), "Counting")
    progress.tick()
    progress.detail = "sheep"
    progress.tick(done=3, total=9)
    assert stream.getvalue() == (
        "Counting …\nCounting … still at it (0 s)\n"
        "Counting … still at it (0 s, 3 of 9): sheep\n"
    )


def test_a_quick_step_may_stay_silent() -> None:
    stream = StringIO()
    progress = Progress(Console(stream), "Counting", quiet_for=5)
    progress.finish()
    assert stream.getvalue() == ""


def test_a_step_turns_on_a_terminal() -> None:
    stream = Terminal()
    progress = Progress(Console(stream), "Counting")
    progress.detail = "sheep"
    progress.tick()
    progress.tick(done=1, total=2)
    progress.finish("failed")
    shown = stream.getvalue().split("\r\x1b[K")
    assert shown[:3] == [
        "/ Counting  0 s",
        "- Counting  0 s  sheep",
        "[##########..........] 1 of 2 Counting  0 s  sheep",
    ]
    assert shown[-1].startswith("Counting: failed (")


def test_bar_never_overflows() -> None:
    assert bar(12, 10, width=4) == "[####] 12 of 10"
