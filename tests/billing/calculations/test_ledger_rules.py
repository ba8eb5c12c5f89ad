"""The rules of docs/revenue.md one by one."""

import numpy as np
import pytest

from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.ledger import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    NEW,
    REACTIVATION,
    Gaps,
    closings,
    movements,
)
from billing.calculations.ledger.log import PAUSED, TRIAL, UNKNOWN
from billing.enums import MovementKind
from tests.billing.calculations.logs import Told, day, gaps_of, said

UNTIL = "2024-12-31"
PERIOD_END = Conventions()
CANCELLATION = Conventions(churn_on="cancellation")
Said = list[tuple[str, str, int]]


def ledger(
    told: Told,
    by: Conventions = PERIOD_END,
    *,
    until: str = UNTIL,
    gaps: Gaps | None = None,
) -> Said:
    return said(movements(told.log, by, gaps=gaps, until=day(until)))


def test_kinds_are_those_of_the_database() -> None:
    assert tuple(MovementKind.values) == (
        NEW,
        REACTIVATION,
        EXPANSION,
        CONTRACTION,
        CHURN,
    )


def test_an_empty_log_has_no_movements() -> None:
    for by in PRESETS.values():
        assert ledger(Told(), by, gaps=gaps_of((1, 3, UNKNOWN))) == []
    got = closings(Told().log, PERIOD_END, None, np.arange(3), currencies=2, until=2)
    assert got.amounts.tolist() == [[0, 0]] * 3
    assert got.everybody.tolist() == [0, 0, 0]


class TestKinds:
    def test_a_second_subscription_is_expansion_and_its_end_contraction(self) -> None:
        told = Told().start("2024-01-10", 5000)
        told.of(1, 2).start("2024-02-10", 2000).end("2024-03-10")
        assert ledger(told) == [
            ("2024-01-10", "new", 5000),
            ("2024-02-10", "expansion", 2000),
            ("2024-03-10", "contraction", -2000),
        ]

    def test_the_last_subscription_to_end_is_churn_with_what_it_brought(self) -> None:
        told = Told().start("2024-01-10", 5000).end("2024-05-01")
        told.of(1, 2).start("2024-01-10", 2000).end("2024-05-20")
        assert ledger(told) == [
            ("2024-01-10", "new", 7000),
            ("2024-05-01", "contraction", -5000),
            ("2024-05-20", "churn", -2000),
        ]

    def test_one_subscription_in_place_of_another_on_a_day_is_one_movement(
        self,
    ) -> None:
        told = Told().start("2024-01-10", 5000).end("2024-05-01")
        told.of(1, 2).start("2024-05-01", 5000).line("2024-06-01", 6000)
        assert ledger(told) == [
            ("2024-01-10", "new", 5000),
            ("2024-06-01", "expansion", 1000),
        ]

    def test_moving_to_another_currency_is_contraction_and_expansion(self) -> None:
        told = Told().start("2024-01-10", 5000).line("2024-02-10", 5500, currency=1)
        assert ledger(told.end("2024-03-01", currency=1)) == [
            ("2024-01-10", "new", 5000),
            ("2024-02-10", "contraction", -5000),
            ("2024-02-10", "expansion USD", 5500),
            ("2024-03-01", "churn USD", -5500),
        ]

    def test_who_leaves_two_currencies_on_a_day_has_two_lines(self) -> None:
        told = Told().start("2024-01-10", 5000).end("2024-03-01")
        told.of(1, 2).start("2024-02-10", 100, currency=1).end("2024-03-01", currency=1)
        assert ledger(told) == [
            ("2024-01-10", "new", 5000),
            ("2024-02-10", "expansion USD", 100),
            ("2024-03-01", "churn", -5000),
            ("2024-03-01", "churn USD", -100),
        ]

    @pytest.mark.parametrize(
        ("limit", "kind"), [(None, "back"), (90, "back"), (89, "new"), (0, "new")]
    )
    def test_back_after_long_is_new(self, limit: int | None, kind: str) -> None:
        told = Told().start("2024-01-01", 5000).end("2024-03-01")
        told.of(1, 2).start("2024-05-30", 4000)  # 90 days later
        assert ledger(told, Conventions(reactivation_days=limit)) == [
            ("2024-01-01", "new", 5000),
            ("2024-03-01", "churn", -5000),
            ("2024-05-30", kind, 4000),
        ]

    def test_the_same_subscription_can_start_again(self) -> None:
        told = Told().start("2024-01-01", 5000).end("2024-03-01")
        assert ledger(told.start("2024-03-02", 5000)) == [
            ("2024-01-01", "new", 5000),
            ("2024-03-01", "churn", -5000),
            ("2024-03-02", "back", 5000),
        ]


class TestLog:
    def test_what_is_booked_for_later_waits(self) -> None:
        told = Told().start("2024-01-01", 5000).line("2024-06-01", 6000)
        assert ledger(told, until="2024-05-31") == [("2024-01-01", "new", 5000)]
        assert ledger(told, until="2024-06-01")[1:] == [
            ("2024-06-01", "expansion", 1000)
        ]

    def test_the_last_line_of_a_day_counts(self) -> None:
        told = Told().start("2024-01-01", 5000)
        told.end("2024-06-01", "2024-05-01T12:00")
        told.line("2024-06-01", 5000, known="2024-05-20T12:00")
        assert ledger(told) == [("2024-01-01", "new", 5000)]

    def test_what_is_entered_late_counts_from_its_day(self) -> None:
        told = Told().start("2024-01-01", 5000)
        told.line("2024-03-01", 7000, known="2024-04-15T09:00")
        assert ledger(told)[1:] == [("2024-03-01", "expansion", 2000)]

    def test_29_february_is_a_day_like_others(self) -> None:
        told = Told().start("2024-02-29", 5000).end("2025-02-28")
        assert ledger(told, until="2025-03-01") == [
            ("2024-02-29", "new", 5000),
            ("2025-02-28", "churn", -5000),
        ]

    def test_days_before_2000_can_be_told(self) -> None:
        told = Told().start("1998-03-01", 5000, "1998-03-01T23:50")
        told.line("1998-03-02", 6000, known="1998-03-02T00:10")
        assert ledger(told) == [("1998-03-01", "new", 6000)]


class TestAmounts:
    def test_trials_are_worth_nothing_and_their_end_is_no_churn(self) -> None:
        converted = Told().start("2024-01-01", 0, state=TRIAL, list_mrr=5000)
        assert ledger(converted.line("2024-01-15", 5000)) == [
            ("2024-01-15", "new", 5000)
        ]
        gone = Told().start("2024-01-01", 0, state=TRIAL, list_mrr=5000)
        for by in PRESETS.values():
            assert ledger(gone.end("2024-01-15"), by) == []

    @pytest.mark.parametrize(
        ("discounts", "amounts"),
        [
            ("subtracted", [7500, 2500, -1000]),
            ("lasting_only", [10_000, -1000]),
            ("ignored", [10_000]),
        ],
    )
    def test_discounts(self, discounts: str, amounts: list[int]) -> None:
        told = Told().start(
            "2024-01-01",
            7500,
            list_mrr=10_000,
            discount=0.25,
            discount_until=day("2024-04-01"),
        )
        told.line("2024-04-01", 10_000, list_mrr=10_000)
        told.line("2024-08-01", 9000, list_mrr=10_000, discount=0.1)
        by = Conventions(discounts=discounts)  # type: ignore[arg-type]
        assert [amount for _day, _kind, amount in ledger(told, by)] == amounts

    @pytest.mark.parametrize(
        ("net", "share", "full"),
        [
            (7500, 0.25, 10_000),
            (6667, 0.3333, 10_000),
            (1, 0.5, 2),
            (5, 0.6, 13),  # 12.5 cents
            (5000, UNKNOWN, 5000),
            (5000, 0.0, 5000),
        ],
    )
    def test_the_list_price_follows_from_the_discount(
        self, net: int, share: float, full: int
    ) -> None:
        told = Told().start("2024-01-01", net, discount=share)
        ignored = Conventions(discounts="ignored")
        assert ledger(told, ignored) == [("2024-01-01", "new", full)]

    def test_of_what_is_given_away_no_price_is_known(self) -> None:
        told = Told().start("2024-01-01", 0, discount=1.0)
        assert ledger(told, Conventions(discounts="ignored")) == []

    def test_a_pause_is_churn_or_nothing(self) -> None:
        told = Told().start("2024-01-01", 9000, list_mrr=9000)
        told.line("2024-06-01", 0, state=PAUSED, list_mrr=9000)
        told.line("2024-08-01", 9000, list_mrr=9000)
        assert ledger(told)[1:] == [
            ("2024-06-01", "churn", -9000),
            ("2024-08-01", "back", 9000),
        ]
        assert ledger(told, Conventions(paused="unchanged"))[1:] == []

    def test_an_unchanged_pause_goes_on_to_the_cent(self) -> None:
        """A third off 166.67 is 111.11 or 111.12; what was paid counts."""
        terms = {"list_mrr": 16_667, "discount": 0.3333}
        told = Told().start("2024-01-01", 11_112, **terms)
        told.line("2024-06-01", 0, state=PAUSED, **terms)
        told.line("2024-07-01", 0, state=PAUSED, **terms)
        unchanged = Conventions(paused="unchanged")
        assert ledger(told, unchanged) == [("2024-01-01", "new", 11_112)]

    def test_a_pause_of_which_only_the_net_is_told_goes_on(self) -> None:
        told = Told().start("2024-01-01", 5000, list_mrr=6000, discount=0.1667)
        told.line("2024-06-01", 0, state=PAUSED)
        told.of(2, 2).start("2024-01-01", 0, state=PAUSED)
        unchanged = Conventions(paused="unchanged")
        assert ledger(told, unchanged) == [("2024-01-01", "new", 5000)]

    @pytest.mark.parametrize(
        ("discounts", "after"),
        [("subtracted", 16_000), ("lasting_only", 16_000), ("ignored", 20_000)],
    )
    def test_what_changes_in_a_pause_changes(self, discounts: str, after: int) -> None:
        told = Told().start("2024-01-01", 8000, list_mrr=10_000, discount=0.2)
        told.line("2024-06-01", 0, state=PAUSED, list_mrr=20_000, discount=0.2)
        by = Conventions(paused="unchanged", discounts=discounts)  # type: ignore[arg-type]
        got = closings(
            told.log,
            by,
            None,
            np.array([day("2024-06-01")]),
            currencies=1,
            until=day(UNTIL),
        )
        assert got.amounts.tolist() == [[after]]

    def test_a_discount_that_comes_to_stay_in_a_pause(self) -> None:
        terms = {"state": PAUSED, "list_mrr": 10_000, "discount": 0.2}
        told = Told().start("2024-01-01", 0, discount_until=day("2024-09-01"), **terms)
        told.line("2024-06-01", 0, **terms)
        by = Conventions(paused="unchanged", discounts="lasting_only")
        assert ledger(told, by)[1:] == [("2024-06-01", "contraction", -2000)]


class TestCancellations:
    def cancelled(self) -> Told:
        told = Told().start("2024-01-01", 5000, "2024-01-01T10:00")
        return told.end("2024-06-01", "2024-04-20T10:00")

    def test_an_end_counts_on_its_day_or_when_it_was_asked_for(self) -> None:
        assert ledger(self.cancelled())[1:] == [("2024-06-01", "churn", -5000)]
        for until in ("2024-05-01", UNTIL):  # also while the end is yet to come
            assert ledger(self.cancelled(), CANCELLATION, until=until)[1:] == [
                ("2024-04-20", "churn", -5000)
            ]

    def test_taken_back_in_time(self) -> None:
        told = self.cancelled().line("2024-06-01", 5000, known="2024-05-02T10:00")
        assert ledger(told)[1:] == []
        assert ledger(told, CANCELLATION)[1:] == [
            ("2024-04-20", "churn", -5000),
            ("2024-05-02", "back", 5000),
        ]

    def test_taken_back_on_the_same_day_or_too_late_moves_nothing_then(self) -> None:
        same = self.cancelled().line("2024-06-01", 5000, known="2024-04-20T18:00")
        assert ledger(same, CANCELLATION)[1:] == []
        late = self.cancelled().line("2024-06-01", 5000, known="2024-06-15T10:00")
        assert ledger(late)[1:] == []
        assert ledger(late, CANCELLATION)[1:] == [
            ("2024-04-20", "churn", -5000),
            ("2024-06-01", "back", 5000),
        ]

    def test_cancelled_again(self) -> None:
        told = self.cancelled().line("2024-06-01", 5000, known="2024-05-02T10:00")
        told.end("2024-06-01", "2024-05-10T10:00")
        assert ledger(told)[1:] == [("2024-06-01", "churn", -5000)]
        assert ledger(told, CANCELLATION)[1:] == [
            ("2024-04-20", "churn", -5000),
            ("2024-05-02", "back", 5000),
            ("2024-05-10", "churn", -5000),
        ]

    def test_booked_anew_for_another_day(self) -> None:
        told = self.cancelled()
        told.line("2024-06-01", 5000, known="2024-05-02T10:00")
        told.end("2024-09-01", "2024-05-02T10:00")
        assert ledger(told)[1:] == [("2024-09-01", "churn", -5000)]
        assert ledger(told, CANCELLATION)[1:] == [("2024-04-20", "churn", -5000)]

    def test_what_else_changes_before_the_end_is_not_seen(self) -> None:
        told = self.cancelled().line("2024-05-01", 9000)
        assert ledger(told)[1:] == [
            ("2024-05-01", "expansion", 4000),
            ("2024-06-01", "churn", -9000),
        ]
        assert ledger(told, CANCELLATION)[1:] == [("2024-04-20", "churn", -5000)]

    @pytest.mark.parametrize("started", ["2024-01-01T10:00", ""])
    def test_an_agreed_term_is_no_cancellation(self, started: str) -> None:
        told = Told().start("2024-01-01", 5000, started)
        told.end("2024-06-01", started or "2023-12-20T10:00")
        assert ledger(told, CANCELLATION)[1:] == [("2024-06-01", "churn", -5000)]

    def test_what_is_booked_again_with_other_seats_was_asked_for_before(self) -> None:
        told = self.cancelled().line("2024-05-10", 6000, known="2024-05-10T10:00")
        told.end("2024-06-01", "2024-05-10T10:00")
        assert ledger(told, CANCELLATION)[1:] == [("2024-04-20", "churn", -5000)]
        term = Told().start("2024-01-01", 5000, "2024-01-01T10:00")
        term.end("2024-06-01", "2024-01-01T10:00")
        term.line("2024-05-10", 6000, known="2024-05-10T10:00")
        assert ledger(term.end("2024-06-01", "2024-05-10T10:00"), CANCELLATION)[1:] == [
            ("2024-05-10", "expansion", 1000),
            ("2024-06-01", "churn", -6000),
        ]

    def test_a_start_that_is_corrected_was_booked_before(self) -> None:
        told = Told().start("2024-01-01", 5000, "2024-01-01T10:00")
        told.start("2024-01-01", 4000, "2024-05-20T10:00")
        assert ledger(told.end("2024-06-01", "2024-04-20T10:00"), CANCELLATION) == [
            ("2024-01-01", "new", 4000),
            ("2024-04-20", "churn", -4000),
        ]

    def test_cancelled_before_it_begins(self) -> None:
        told = Told().start("2024-03-01", 5000, "2024-01-01T10:00")
        told.end("2024-06-01", "2024-02-01T10:00")
        assert ledger(told, CANCELLATION) == []

    def test_an_end_of_which_nobody_knows_when_it_was_asked_for(self) -> None:
        told = Told().start("2024-01-01", 5000).end("2024-06-01")
        assert ledger(told, CANCELLATION)[1:] == [("2024-06-01", "churn", -5000)]


class TestUnpaid:
    BY = Conventions(past_due_days=15)

    def started(self) -> Told:
        return Told().start("2024-01-01", 5000)

    def test_it_is_out_after_so_many_days_until_it_is_paid(self) -> None:
        gaps = gaps_of((1, day("2024-03-01"), day("2024-04-10")))
        assert ledger(self.started(), self.BY, gaps=gaps)[1:] == [
            ("2024-03-16", "churn", -5000),
            ("2024-04-10", "back", 5000),
        ]
        assert ledger(self.started(), gaps=gaps)[1:] == []
        assert ledger(self.started(), self.BY)[1:] == []
        assert ledger(self.started(), self.BY, gaps=Gaps.none())[1:] == []

    def test_paid_on_the_last_day_moves_nothing(self) -> None:
        gaps = gaps_of((1, day("2024-03-01"), day("2024-03-16")))
        assert ledger(self.started(), self.BY, gaps=gaps)[1:] == []

    def test_the_first_invoice_counts_like_others(self) -> None:
        gaps = gaps_of((1, day("2024-01-01"), UNKNOWN))
        assert ledger(self.started(), self.BY, gaps=gaps)[1:] == [
            ("2024-01-16", "churn", -5000)
        ]

    def test_with_another_subscription_it_is_contraction_and_expansion(self) -> None:
        told = self.started()
        told.of(1, 2).start("2024-01-01", 700)
        gaps = gaps_of((1, day("2024-03-01"), day("2024-04-10")), (99, 3, UNKNOWN))
        assert ledger(told, self.BY, gaps=gaps)[1:] == [
            ("2024-03-16", "contraction", -5000),
            ("2024-04-10", "expansion", 5000),
        ]

    def test_two_invoices_are_one_gap_and_the_end_comes_within(self) -> None:
        gaps = gaps_of(
            (1, day("2024-03-01"), day("2024-04-10")), (1, day("2024-03-20"), UNKNOWN)
        )
        told = self.started().end("2024-05-01")
        assert ledger(told, self.BY, gaps=gaps)[1:] == [("2024-03-16", "churn", -5000)]

    def test_an_old_debt_says_nothing_of_a_new_start(self) -> None:
        gaps = gaps_of((1, day("2024-03-01"), UNKNOWN))
        told = self.started().end("2024-05-01").start("2024-06-01", 6000)
        assert ledger(told, self.BY, gaps=gaps)[1:] == [
            ("2024-03-16", "churn", -5000),
            ("2024-06-01", "back", 6000),
        ]


class TestInOneGo:
    @pytest.mark.parametrize(
        ("first", "second", "joined"),
        [
            ("2024-01-01T23:50", "2024-01-02T00:10", True),
            ("2024-01-01T23:30", "2024-01-02T00:30", True),
            ("2024-01-01T23:30", "2024-01-02T00:31", False),
            ("", "2024-01-02T00:10", False),
            ("2024-01-01T23:50", "", False),
            ("2024-01-01T23:50", "2024-01-01T23:50", False),  # booked for later
        ],
    )
    def test_changes_around_midnight(
        self, first: str, second: str, joined: bool
    ) -> None:
        told = Told().start("2024-01-01", 5000, first)
        told.of(1, 2).start("2024-01-02", 2000, second)
        apart = [("2024-01-01", "new", 5000), ("2024-01-02", "expansion", 2000)]
        assert ledger(told) == ([("2024-01-01", "new", 7000)] if joined else apart)
        assert ledger(told, Conventions(group_minutes=0)) == apart

    def test_what_is_undone_at_once_is_no_movement(self) -> None:
        told = (
            Told()
            .start("2024-01-01", 5000)
            .line("2024-03-01", 9000, known="2024-03-01T23:55")
        )
        assert ledger(told.line("2024-03-02", 5000, known="2024-03-02T00:05")) == [
            ("2024-01-01", "new", 5000)
        ]

    def test_other_customers_have_no_part_in_it(self) -> None:
        told = Told().start("2024-01-01", 5000, "2024-01-01T23:50")
        told.of(2, 2).start("2024-01-02", 2000, "2024-01-02T00:10")
        assert [on for on, _kind, _amount in ledger(told)] == [
            "2024-01-01",
            "2024-01-02",
        ]

    def test_only_one_midnight_is_crossed(self) -> None:
        told = Told().start("2024-01-01", 5000, "2024-01-01T23:50")
        told.line("2024-01-02", 6000, known="2024-01-02T23:50")
        told.line("2024-01-03", 7000, known="2024-01-03T12:00")
        told.line("2024-01-05", 8000, known="2024-01-05T12:00")
        by = Conventions(group_minutes=9999)
        days = [on for on, _kind, _amount in ledger(told, by)]
        assert days == ["2024-01-01", "2024-01-02", "2024-01-05"]

    def test_cancelled_and_taken_back_around_midnight(self) -> None:
        told = Told().start("2024-01-01", 5000).end("2024-06-01", "2024-04-20T23:50")
        told.line("2024-06-01", 5000, known="2024-04-21T00:10")
        assert ledger(told, CANCELLATION) == [("2024-01-01", "new", 5000)]


class TestComeAndGone:
    BY = Conventions(same_month="ignored")

    def test_within_a_month_neither_is_counted(self) -> None:
        told = Told().start("2024-01-05", 5000).line("2024-01-10", 6000)
        told.end("2024-01-31")
        assert ledger(told, self.BY) == []
        assert len(ledger(told)) == 3
        days = np.array([day("2024-01-20")])
        for by, amount in ((self.BY, 0), (PERIOD_END, 6000)):
            got = closings(told.log, by, None, days, currencies=1, until=day(UNTIL))
            assert (got.amounts.item(), got.everybody.item()) == (
                amount,
                amount // 6000,
            )

    def test_it_counts_as_long_as_it_stays(self) -> None:
        told = Told().start("2024-01-05", 5000).end("2024-01-31")
        assert ledger(told, self.BY, until="2024-01-30") == [
            ("2024-01-05", "new", 5000)
        ]

    def test_over_the_end_of_the_month_both_are_counted(self) -> None:
        told = Told().start("2024-01-05", 5000).end("2024-02-01")
        assert ledger(told, self.BY) == ledger(told)

    def test_who_stays_the_next_time_is_new_then(self) -> None:
        told = Told().start("2024-01-05", 5000).end("2024-01-31")
        told.of(1, 2).start("2024-03-01", 7000)
        assert ledger(told, self.BY) == [("2024-03-01", "new", 7000)]

    def test_coming_back_for_some_days_is_ignored_too_and_leaving_for_some_is_not(
        self,
    ) -> None:
        told = Told().start("2024-01-05", 5000).end("2024-03-03")
        told.start("2024-03-10", 6000).end("2024-03-20").start("2024-03-25", 100)
        assert ledger(told, self.BY) == [
            ("2024-01-05", "new", 5000),
            ("2024-03-03", "churn", -5000),
            ("2024-03-25", "back", 100),
        ]

    def test_others_are_not_touched(self) -> None:
        told = Told().start("2024-01-01", 5000)
        told.of(2, 2).start("2024-01-05", 5000).end("2024-01-31")
        told.of(3, 3).start("2024-01-07", 300)
        assert ledger(told, self.BY) == [
            ("2024-01-01", "new", 5000),
            ("2024-01-07", "new", 300),
        ]
        log = told.log
        turned = log.take(np.argsort(-log.customer, kind="stable"))
        lines = movements(turned, self.BY, until=day(UNTIL))
        assert lines.customer.tolist() == [3, 1]
        assert lines.before.tolist() == [0, 0]
        assert lines.after.tolist() == [300, 5000]
