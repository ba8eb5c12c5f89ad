"""What the machine and people say of a renewal, and who was right."""

import datetime as dt
from decimal import Decimal

import pytest

from accounts.actor import Actor
from accounts.models import AuditEntry, User
from billing.enums import ChangeKind, RenewalView
from billing.models import RenewalCheckpoint
from customers.enums import TaskState
from customers.models import Event, Task
from insights.selectors.renewals_record import Tally, past_months, record_of
from insights.services.checkpoints import (
    UnableToSayView,
    UnableToSettle,
    checkpoint_settle,
    checkpoint_view,
    checkpoints_note,
)
from insights.services.renewals_sql import outcomes_note
from tests import world
from tests.insights.renewal_world import checkpoint, fill, foreseen, renewing

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("company")


def noted() -> list[tuple[str, int, bool]]:
    rows = RenewalCheckpoint.objects.select_related("customer")
    return [
        (row.customer.name, row.days_before, row.in_time)
        for row in rows.order_by("customer__name", "days_before")
    ]


def test_checkpoints_are_noted_at_180_and_90_days_once(ana: User) -> None:
    for name, days in {
        "a181": 181, "b180": 180, "c151": 151, "d150": 150, "e91": 91, "f90": 90, "g60": 60,
    }.items():  # fmt: skip
        renewing(name, days=days, owner=ana)
    cancelled = renewing("x", days=88, owner=ana)
    world.change_subscription(
        cancelled, kind=ChangeKind.END, on=world.TODAY + 88 * DAY, mrr="0",
        recorded_at=world.NOW,
    )  # fmt: skip
    fill()
    assert checkpoints_note(today=world.TODAY, now=world.NOW) == 6
    expected = [
        ("b180", 180, True), ("c151", 180, True), ("d150", 180, False),
        ("e91", 180, False), ("f90", 90, True), ("g60", 90, False),
    ]  # fmt: skip
    assert noted() == expected
    assert checkpoints_note(today=world.TODAY, now=world.NOW) == 0
    # The next day brings the next one, and nothing twice.
    fill(world.TODAY + DAY)
    assert checkpoints_note(today=world.TODAY + DAY, now=world.NOW) == 2
    assert noted() == sorted([*expected, ("a181", 180, True), ("e91", 90, True)])


def test_the_view_of_the_day_is_noted_and_its_owner_asked(ana: User) -> None:
    row = renewing("Brightwater", days=90, owner=ana, mrr="100")
    nobody = renewing("Nobody’s", days=90)
    late = renewing("Late", days=40, owner=ana)
    world.score()
    foreseen(row.customer, stays=0.7, band=1)
    fill()
    checkpoints_note(today=world.TODAY, now=world.NOW)
    found = RenewalCheckpoint.objects.get(subscription=row)
    assert (found.chance, found.band, found.risky, found.mrr) == (
        pytest.approx(0.7), "at_risk", True, 100,
    )  # fmt: skip
    [task] = Task.objects.filter(type="renewal_view")
    assert (task.customer, task.assignee, task.due_on) == (
        row.customer, ana, world.TODAY + 14 * DAY,
    )  # fmt: skip
    assert task.title == (
        "Say how you see the renewal of Brightwater on 28 September 2026"
    )
    assert {nobody.pk, late.pk} < set(
        RenewalCheckpoint.objects.values_list("subscription_id", flat=True)
    )


def test_the_task_speaks_the_owners_language(ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(language="de")
    renewing("Brightwater", days=90, owner=ana)
    fill()
    checkpoints_note(today=world.TODAY, now=world.NOW)
    assert "28. September 2026" in Task.objects.get().title


def test_a_view_closes_the_task_and_stands_on_the_timeline(ana: User) -> None:
    row = renewing("a", days=90, owner=ana)
    fill()
    checkpoints_note(today=world.TODAY, now=world.NOW)
    found = RenewalCheckpoint.objects.get()
    by = Actor(user=ana)
    checkpoint_view(
        checkpoint=found, view=RenewalView.AT_RISK, plan=" Talk to the board. ",
        by=by, now=world.NOW,
    )  # fmt: skip
    found.refresh_from_db()
    assert (found.view, found.plan, found.viewed_by) == (
        "at_risk", "Talk to the board.", ana,
    )  # fmt: skip
    assert Task.objects.get().state == TaskState.DROPPED
    event = Event.objects.get(kind="billing.renewal_viewed")
    assert (event.customer, event.actor, event.data["view"]) == (
        row.customer, ana, "at_risk",
    )  # fmt: skip
    # The same once more is no news.
    checkpoint_view(
        checkpoint=found, view="at_risk", plan="Talk to the board.", by=by,
        now=world.NOW,
    )  # fmt: skip
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("view", "plan", "days"),
    [("at_risk", "  ", 10), ("", "x", 10), ("perhaps", "x", 10), ("renews", "", -1)],
)
def test_a_view_that_does_not_suffice_is_refused(
    ana: User, view: str, plan: str, days: int
) -> None:
    found = checkpoint(renewing("a", days=days, owner=ana), days=days)
    with pytest.raises(UnableToSayView):
        checkpoint_view(
            checkpoint=found, view=view, plan=plan, by=Actor(user=ana), now=world.NOW
        )
    found.refresh_from_db()
    assert found.view == ""


def test_a_disagreement_is_settled_by_a_manager_and_both_views_stay(
    ana: User, mara: User
) -> None:
    found = checkpoint(renewing("a", days=50, owner=ana), days=50, risky=True)
    by, settle = Actor(user=mara), {"view": "at_risk", "note": "Their buyer left."}
    with pytest.raises(UnableToSettle):
        checkpoint_settle(checkpoint=found, **settle, by=by, now=world.NOW)
    checkpoint_view(
        checkpoint=found, view="renews", plan="", by=Actor(user=ana), now=world.NOW
    )
    with pytest.raises(UnableToSettle):
        checkpoint_settle(
            checkpoint=found, view="renews", note=" ", by=by, now=world.NOW
        )
    checkpoint_settle(checkpoint=found, **settle, by=by, now=world.NOW)
    found.refresh_from_db()
    assert (found.view, found.risky, found.settled_view, found.settled_by) == (
        "renews", True, "at_risk", mara,
    )  # fmt: skip
    assert AuditEntry.objects.get().action == "billing.renewal_settled"
    # Another view opens it again.
    checkpoint_view(
        checkpoint=found, view="leaves", plan="", by=Actor(user=ana), now=world.NOW
    )
    found.refresh_from_db()
    assert found.settled_at is None


@pytest.mark.parametrize(
    ("risky", "view", "apart"),
    [
        (True, "renews", True), (True, "at_risk", False), (True, "leaves", False),
        (True, "", False), (False, "renews", False), (False, "at_risk", True),
        (False, "leaves", True), (False, "", False),
    ],
)  # fmt: skip
def test_who_warns_disagrees_with_who_does_not(
    *, risky: bool, view: str, apart: bool
) -> None:
    checkpoint(renewing("a", days=50), days=50, risky=risky, view=view, plan="x")
    assert RenewalCheckpoint.objects.disagreeing().exists() is apart


def test_outcomes_follow_the_log_and_are_looked_at_again() -> None:
    kept = renewing("kept", days=-20, mrr="100")
    ended = renewing("ended", days=-20, mrr="100")
    late = renewing("late", days=-20, mrr="100")
    open_ = renewing("open", days=5, mrr="100")
    rows = [
        checkpoint(row, days=days, noted_at=world.noon(world.days_ago(110)))
        for row, days in ((kept, -20), (ended, -20), (late, -20), (open_, 5))
    ]
    world.change_subscription(kept, on=world.days_ago(20), mrr="120")
    world.change_subscription(
        ended, kind=ChangeKind.END, on=world.days_ago(20), mrr="0"
    )

    def outcomes() -> list[tuple[bool | None, Decimal | None]]:
        for row in rows:
            row.refresh_from_db()
        return [(row.kept, row.kept_mrr) for row in rows]

    assert outcomes_note(today=world.TODAY, currency="EUR") == 3
    assert outcomes() == [(True, 120), (False, 0), (True, 100), (None, None)]
    # Who leaves within a month has not renewed, even when it is booked later.
    world.leave(late.customer, days=3)
    assert outcomes_note(today=world.TODAY, currency="EUR") == 1
    assert outcomes() == [(True, 120), (False, 0), (False, 0), (None, None)]


def past(days: int, *, kept: bool, **fields: object) -> RenewalCheckpoint:
    return checkpoint(
        renewing("past", days=-days, owner=fields.pop("owner", None)),  # type: ignore[arg-type]
        days=-days,
        kept=kept,
        kept_mrr=Decimal(100 if kept else 0),
        mrr=Decimal(100),
        plan="x",
        **fields,
    )


def test_both_are_held_to_account(ana: User, charlie: User, mara: User) -> None:
    # The machine warned and it left, and nobody said anything.
    past(5, kept=False, risky=True, owner=ana)
    # Both were calm and it stayed; both warned and it stayed.
    past(6, kept=True, risky=False, view="renews", owner=ana)
    past(7, kept=True, risky=True, view="at_risk", owner=ana)
    # They disagreed: the machine right once, the person right once.
    past(8, kept=False, risky=True, view="renews", owner=ana)
    past(9, kept=True, risky=True, view="renews", owner=charlie)
    # Noted too late, at another checkpoint, or not over: no proof of anything.
    past(10, kept=True, risky=False, in_time=False, owner=ana)
    past(11, kept=True, risky=False, at=180, owner=ana)
    got = record_of(mara, today=world.TODAY, days_before=90)
    assert (got.machine, got.person, got.apart) == (
        Tally(3, 5), Tally(2, 4), Tally(1, 2),
    )  # fmt: skip
    own = record_of(charlie, today=world.TODAY, days_before=90)
    assert (own.machine, own.apart) == (Tally(0, 1), Tally(0, 1))


def test_forecasts_of_a_month_are_compared_with_what_came(mara: User) -> None:
    past(2, kept=True, chance=0.9)
    past(3, kept=False, chance=0.5)
    past(40, kept=True, chance=0.8)
    past(4, kept=True, chance=None)
    may, june = past_months(mara, today=world.TODAY)
    assert (may.month, may.count, may.forecast, may.kept) == (
        dt.date(2026, 5, 1), 1, pytest.approx(80), 100,
    )  # fmt: skip
    assert (june.count, june.due, june.forecast, june.kept, june.kept_count) == (
        2, 200, pytest.approx(140), 100, 1,
    )  # fmt: skip
    assert june.variance == pytest.approx(100**2 * (0.09 + 0.25))
