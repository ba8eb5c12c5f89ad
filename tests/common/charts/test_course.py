"""The drawn course of days."""

from common.charts import Lane, course


def drawn(*, now: float | None, last: float = 21) -> str:
    return course(
        [
            Lane("Try <again>", [(0, "failed"), (1, "skipped"), (21, "ahead")]),
            Lane("Write", [(0, "done")]),
        ],
        last=last,
        now=now,
        words="today",
        days=[(0, "day 0"), (21, "day 21")],
        width=320,
        left=80,
    )


def test_every_mark_stands_in_its_lane_at_its_day() -> None:
    shown = drawn(now=None)
    assert 'class="step skipped" cx="99.6"' in shown
    assert 'class="step ahead" cx="311"' in shown
    assert shown.count('class="cross"') == 1
    assert "Try &lt;again&gt;" in shown
    assert 'class="today"' not in shown


def test_today_is_marked_and_keeps_inside() -> None:
    assert 'class="today" x1="89"' in drawn(now=-3)
    late = drawn(now=99)
    assert 'class="today" x1="311"' in late
    assert 'y="13" text-anchor="end">today' in late


def test_a_course_of_one_day_is_drawn_too() -> None:
    assert 'class="step done"' in drawn(now=0, last=0)
