"""The figures of a survey against small worlds counted by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, User
from customers.models import Customer, Segment
from mail.models import OutboxMessage
from surveys.calculations.periods import Period, last_days
from surveys.models import Click, Invitation, InvitationMail, Response, Survey
from surveys.selectors.results import (
    Part,
    Wanted,
    results_answers,
    results_by_customer,
    results_first_day,
    results_over_time,
    results_tally,
)
from surveys.selectors.results_asked import (
    Asked,
    SegmentAsked,
    results_asked,
    results_unconfirmed,
)
from surveys.selectors.results_rows import (
    results_chunks,
    results_page,
    results_rows,
)
from tests import world
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
ALL = Period(None, TODAY)


@pytest.fixture
def hers(company: Company, ana: User) -> Customer:
    return world.make_customer("Hers", owner=ana, segment="large", stage="mature")


@pytest.fixture
def his(company: Company, charlie: User) -> Customer:
    return world.make_customer("His", owner=charlie, segment="small")


def nps() -> Survey:
    return Survey.objects.get(key="nps")


def wanted(
    user: User, *, period: Period = ALL, zone: ZoneInfo = UTC, version: int = 0
) -> Wanted:
    return Wanted(nps(), User.objects.get(pk=user.pk), period, zone, version)


def invited(customer: Customer, **fields: object) -> Invitation:
    """Somebody asked by the survey that the answers belong to."""
    survey, _ = Survey.objects.get_or_create(
        key="nps", defaults={"name": "NPS", "kind": "nps"}
    )
    version, _ = survey.versions.get_or_create(number=1)
    return world.invite(customer, survey=survey, version=version, **fields)


def mailed(invitation: Invitation, *, number: int = 0, **fields: object) -> None:
    """The mail of an invitation, sent unless told."""
    fields = {"state": "sent", "sent_at": NOW, **fields}
    message = OutboxMessage.objects.create(
        effect_key=f"{invitation.pk}:{number}", kind="surveys.invitation",
        category="survey", domain="x.example", language="en",
        message_id=f"<{invitation.pk}.{number}@x>", created_at=NOW, due_at=NOW, **fields,
    )  # fmt: skip
    InvitationMail.objects.create(invitation=invitation, number=number, message=message)


def click(invitation: Invitation, *, score: int | None, days: int = 0) -> None:
    at = NOW - dt.timedelta(days=days)
    Click.objects.create(invitation=invitation, score=score, clicked_at=at)


class TestAnswers:
    def test_only_what_counts_enters(self, hers: Customer, admin: User) -> None:
        for score in (10, 9, 3):
            world.answer(hers, days=5, score=score)
        world.answer(hers, days=5, score=0, counted=False, flags=["trap"])
        world.answer(hers, days=5, score=8, flags=["fast"])
        found = results_answers(wanted(admin))
        assert found.tally == {10: 1, 9: 1, 3: 1, 8: 1}
        assert (found.count, found.discounted, found.flagged) == (4, 1, 1)
        assert results_tally(wanted(admin)) == found.tally
        assert results_by_customer(wanted(admin)) == {hers.pk: found.tally}

    def test_a_click_is_no_answer(self, hers: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10)
        click(invited(hers), score=0)
        assert results_answers(wanted(admin)).tally == {10: 1}
        assert results_unconfirmed(wanted(admin)) == 1

    def test_other_surveys_stay_out(self, hers: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10)
        world.answer(hers, days=5, score=1, kind="csat")
        assert results_answers(wanted(admin)).tally == {10: 1}

    def test_nobody_reads_what_another_manager_was_told(
        self, hers: Customer, his: Customer, ana: User, charlie: User, admin: User
    ) -> None:
        world.answer(hers, days=5, score=10)
        world.answer(his, days=5, score=1)
        for person, tally in (
            (ana, {10: 1}),
            (charlie, {1: 1}),
            (admin, {10: 1, 1: 1}),
        ):
            asked = wanted(person)
            assert results_answers(asked).tally == tally
            assert results_tally(asked) == tally
            assert sum(map(len, results_by_customer(asked).values())) == len(tally)
            assert list(results_over_time(asked, "month").values()) == [tally]

    def test_whose_contact_was_erased_still_counts(
        self, hers: Customer, admin: User
    ) -> None:
        contact = world.person(hers)
        world.answer(hers, days=5, score=10, contact=contact)
        contact.delete()
        assert results_answers(wanted(admin)).tally == {10: 1}

    def test_parts(self, hers: Customer, his: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10, language="en")
        world.answer(hers, days=5, score=9, language="de")
        world.answer(his, days=5, score=1, language="de")
        world.answer(his, days=5, score=0, language="ro", counted=False)
        found = results_answers(wanted(admin))
        assert [(part.name, part.tally) for part in found.parts("segment")] == [
            ("Mid-market", {10: 1, 9: 1}),
            ("Mid-market", {1: 1}),
        ]
        assert found.parts("language") == [
            Part("de", "de", {9: 1, 1: 1}),
            Part("en", "en", {10: 1}),
        ]
        assert [part.name for part in found.parts("owner")] == [
            "Ana Popescu",
            "Charlie Moss",
        ]
        assert [(part.key, part.tally) for part in found.parts("stage")] == [
            ("", {1: 1}),
            ("mature", {10: 1, 9: 1}),
        ]
        assert [(part.key, part.tally) for part in found.parts("version")] == [
            ("1", {10: 1, 9: 1, 1: 1})
        ]

    def test_a_customer_without_owner_and_segment_is_a_part_too(
        self, hers: Customer, admin: User
    ) -> None:
        Customer.objects.filter(pk=hers.pk).update(owner=None, segment=None)
        world.answer(hers, days=5, score=10)
        found = results_answers(wanted(admin))
        assert found.parts("owner") == found.parts("segment") == [Part("", "", {10: 1})]

    def test_a_version_alone(self, hers: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10)
        second = nps().versions.create(number=2)
        Response.objects.filter(pk=world.answer(hers, days=5, score=1).pk).update(
            version=second
        )
        assert results_answers(wanted(admin, version=2)).tally == {1: 1}
        assert results_answers(wanted(admin, version=3)).tally == {}


class TestPeriod:
    @pytest.mark.parametrize(
        ("zone", "moment", "inside"),
        [
            ("UTC", "2026-06-01T00:00:00+00:00", True),
            ("UTC", "2026-05-31T23:59:59.999999+00:00", False),
            ("UTC", "2026-06-30T23:59:59.999999+00:00", True),
            ("UTC", "2026-07-01T00:00:00+00:00", False),
            # Bucharest is three hours ahead in June, New York four behind.
            ("Europe/Bucharest", "2026-05-31T21:00:00+00:00", True),
            ("Europe/Bucharest", "2026-05-31T20:59:59+00:00", False),
            ("Europe/Bucharest", "2026-06-30T21:00:00+00:00", False),
            ("America/New_York", "2026-06-01T03:59:59+00:00", False),
            ("America/New_York", "2026-07-01T03:59:59+00:00", True),
        ],
    )
    def test_its_days_are_the_companys(
        self, hers: Customer, admin: User, zone: str, moment: str, *, inside: bool
    ) -> None:
        row = world.answer(hers, days=5, score=10)
        Response.objects.filter(pk=row.pk).update(responded_at=moment)
        asked = wanted(admin, period=last_days(30, today=TODAY), zone=ZoneInfo(zone))
        assert results_answers(asked).count == int(inside)
        assert results_tally(asked) == ({10: 1} if inside else {})

    def test_points_over_time_begin_at_local_midnight(
        self, hers: Customer, admin: User
    ) -> None:
        for score, moment in (
            (10, "2026-05-31T21:30:00+00:00"),
            (3, "2026-05-31T20:30:00+00:00"),
            (9, "2026-06-15T12:00:00+00:00"),
        ):
            row = world.answer(hers, days=5, score=score)
            Response.objects.filter(pk=row.pk).update(responded_at=moment)
        zone = ZoneInfo("Europe/Bucharest")
        asked = wanted(admin, zone=zone)
        assert results_over_time(asked, "month") == {
            dt.date(2026, 5, 1): {3: 1},
            dt.date(2026, 6, 1): {10: 1, 9: 1},
        }
        assert results_over_time(asked, "week") == {
            dt.date(2026, 5, 25): {3: 1},
            dt.date(2026, 6, 1): {10: 1},
            dt.date(2026, 6, 15): {9: 1},
        }
        assert results_over_time(asked, "quarter") == {
            dt.date(2026, 4, 1): {3: 1, 10: 1, 9: 1}
        }
        assert results_first_day(asked) == dt.date(2026, 5, 31)

    def test_there_may_be_no_first_day(self, hers: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10, counted=False)
        assert results_first_day(wanted(admin)) is None


class TestAsked:
    def test_nobody(self, hers: Customer, admin: User) -> None:
        world.answer(hers, days=5, score=10)
        assert results_asked(wanted(admin)) == Asked()
        assert results_asked(wanted(admin)).rate is None

    def test_every_step(self, hers: Customer, his: Customer, admin: User) -> None:
        kept, plain, opened, chose = (invited(hers) for _ in range(4))
        for one in (kept, plain, opened, chose):
            mailed(one)
            mailed(one, number=1)
        click(kept, score=9)
        click(kept, score=10)
        click(plain, score=None)
        click(opened, score=None)
        click(chose, score=3)
        world.answer(hers, days=0, score=10, invitation=kept, comment="Good.")
        world.answer(hers, days=0, score=8, invitation=plain)
        invited(hers)
        mailed(invited(his), state="pending", sent_at=None)
        mailed(invited(his), state="failed", sent_at=None)
        mailed(invited(his), state="unknown", sent_at=None)
        mailed(invited(his), bounced_at=NOW)
        for drop in ("throttled", "throttled", "dead"):
            invited(his, state="dropped", drop=drop)
        found = results_asked(wanted(admin))
        large, small = (
            str(Segment.objects.get(key=key).pk) for key in ("large", "small")
        )
        assert found == Asked(
            turns=12,
            asked=9,
            waiting=2,
            delivered=4,
            opened=4,
            scored=2,
            confirmed=2,
            commented=1,
            drops={"throttled": 2, "dead": 1},
            segments=[
                SegmentAsked(large, "Mid-market", 4, 2),
                SegmentAsked(small, "Mid-market", 0, 0),
            ],
        )
        assert found.undelivered == 3
        assert found.rate is not None
        assert (found.rate.value, found.rate.answers) == (0.5, 4)

    def test_an_answer_proves_that_the_mail_arrived(
        self, hers: Customer, admin: User
    ) -> None:
        one = invited(hers)
        mailed(one, state="unknown", sent_at=None)
        world.answer(hers, days=0, score=8, invitation=one)
        found = results_asked(wanted(admin))
        assert (found.delivered, found.confirmed) == (1, 1)

    def test_what_does_not_count_is_no_confirmation(
        self, hers: Customer, admin: User
    ) -> None:
        one = invited(hers)
        mailed(one)
        click(one, score=8)
        world.answer(hers, days=0, score=8, invitation=one, counted=False, comment="x")
        found = results_asked(wanted(admin))
        assert (found.delivered, found.confirmed, found.commented) == (1, 0, 0)
        assert (found.opened, found.scored) == (1, 1)
        assert results_unconfirmed(wanted(admin)) == 0

    def test_others_and_other_times_stay_out(
        self, hers: Customer, his: Customer, ana: User
    ) -> None:
        for customer, days in ((hers, 0), (hers, 40), (his, 0)):
            at = NOW - dt.timedelta(days=days)
            one = invited(customer, created_at=at)
            mailed(one)
            click(one, score=5, days=days)
        asked = wanted(ana, period=last_days(30, today=TODAY))
        found = results_asked(asked)
        assert (found.turns, found.delivered, found.opened, found.scored) == (
            1,
            1,
            1,
            1,
        )
        assert results_unconfirmed(asked) == 1
        assert results_unconfirmed(wanted(ana)) == 2

    def test_a_version_alone(self, hers: Customer, admin: User) -> None:
        first, second = invited(hers), invited(hers)
        other = nps().versions.create(number=2)
        Invitation.objects.filter(pk=second.pk).update(version=other)
        for one in (first, second):
            mailed(one)
            click(one, score=5)
        found = results_asked(wanted(admin, version=2))
        assert (found.turns, found.delivered, found.scored) == (1, 1, 1)
        assert results_unconfirmed(wanted(admin, version=2)) == 1

    def test_purged_clicks_are_told(self, hers: Customer, admin: User) -> None:
        one = invited(hers, ended_at=NOW)
        mailed(one)
        world.answer(hers, days=0, score=8, invitation=one)
        found = results_asked(wanted(admin))
        assert (found.ended, found.opened, found.scored) == (1, 1, 0)


class TestRows:
    def test_each_number_opens_its_answers(
        self, hers: Customer, his: Customer, admin: User
    ) -> None:
        world.subscribe(hers)
        ten = world.answer(hers, days=5, score=10, language="en", comment="Good.")
        eight = world.answer(his, days=5, score=8, language="de", flags=["fast"])
        two = world.answer(his, days=5, score=2, language="de")
        out = world.answer(his, days=5, score=10, counted=False, flags=["trap"])

        def shown(by: str = "", value: str = "") -> list[Response]:
            rows = results_rows(wanted(admin), by=by, value=value)
            assert rows is not None
            return list(rows.order_by("id"))

        assert shown() == [ten, eight, two]
        assert shown("score", "10") == [ten]
        assert [shown("group", one) for one in ("low", "middle", "high")] == [
            [two], [eight], [ten],
        ]  # fmt: skip
        assert shown("segment", str(hers.segment_id)) == [ten]
        assert shown("segment") == []
        assert shown("owner", str(his.owner_id)) == [eight, two]
        assert shown("stage") == [eight, two]
        assert shown("language", "de") == [eight, two]
        assert shown("version", "1") == [ten, eight, two]
        assert shown("comment") == [ten]
        assert shown("flagged") == [eight]
        assert shown("uncounted") == [out]
        assert shown("plan", "team") == [ten]
        assert shown("plan") == [eight, two]

    @pytest.mark.parametrize(
        ("by", "value"),
        [
            ("what", ""),
            ("score", "11"),
            ("score", "x"),
            ("group", "none"),
            ("owner", "x"),
            ("owner", "9" * 30),
            ("owner", "²"),
        ],
    )
    def test_there_is_no_such_number(
        self, hers: Customer, admin: User, by: str, value: str
    ) -> None:
        world.answer(hers, days=5, score=10)
        assert results_rows(wanted(admin), by=by, value=value) is None

    def test_pages_meet_without_gap_or_double(
        self, hers: Customer, admin: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("surveys.selectors.results_rows.SHOWN", 2)
        made = [world.answer(hers, days=days, score=9) for days in (1, 2, 2, 2, 3)]
        rows = results_rows(wanted(admin), by="", value="")
        assert rows is not None
        seen, place = [], ""
        from customers.timeline import place_from

        for _ in range(3):
            shown, place = results_page(rows, place_from(place))
            seen += [row.pk for row in shown]
        assert place == ""
        order = [made[0], made[3], made[2], made[1], made[4]]
        assert seen == [row.pk for row in order]

    def test_the_export_reads_everything_once(
        self, hers: Customer, his: Customer, ana: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("surveys.selectors.results_rows.CHUNK", 2)
        made = [world.answer(hers, days=days, score=9) for days in (3, 2, 2, 2, 1)]
        world.answer(his, days=2, score=1)
        world.answer(hers, days=2, score=1, kind="csat")
        chunks = list(results_chunks(wanted(ana)))
        assert [len(chunk) for chunk in chunks] == [2, 2, 1]
        assert [row.pk for chunk in chunks for row in chunk] == [row.pk for row in made]


def test_it_costs_the_same_for_one_and_for_many(hers: Customer, admin: User) -> None:
    def cost() -> int:
        asked = wanted(admin)
        with CaptureQueriesContext(connection) as captured:
            results_answers(asked)
            results_by_customer(asked)
            results_over_time(asked, "month")
            results_asked(asked)
            results_unconfirmed(asked)
        return len(captured)

    def add() -> None:
        one = invited(hers)
        mailed(one)
        click(one, score=9)
        world.answer(hers, days=1, score=9, invitation=one)

    add()
    one = cost()
    add()
    add()
    assert cost() == one == 6
