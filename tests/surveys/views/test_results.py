"""The results page, the answers behind its numbers, and the export."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Company, User
from customers.models import Customer
from mail.models import OutboxMessage
from surveys.models import Click, InvitationMail, Response, Survey
from tests import world
from tests.pages import at_noon, facts, main_of, part, plain_static_files, words
from tests.world import NOW

__all__ = ["at_noon", "plain_static_files"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]


@pytest.fixture
def hers(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana, stage="mature")


@pytest.fixture
def his(company: Company, charlie: User) -> Customer:
    return world.make_customer("Secret Ltd", owner=charlie, stage="onboarding")


def spread(customer: Customer, *scores: int, kind: str = "nps", days: int = 5) -> None:
    for score in scores:
        world.answer(customer, days=days, score=score, kind=kind, language="en")


def page(client: Client, name: str = "survey", key: str = "nps", **query: Any) -> Any:
    survey = Survey.objects.get(key=key)
    return client.get(reverse(name, args=[survey.pk]), query)


def asked(customer: Customer, *, score: int | None = None, **fields: Any) -> None:
    """Somebody who was asked and got the mail, and answered if there is a score."""
    survey, _ = Survey.objects.get_or_create(
        key="nps", defaults={"name": "NPS", "kind": "nps", "state": "running"}
    )
    version, _ = survey.versions.get_or_create(number=1)
    one = world.invite(customer, survey=survey, version=version, **fields)
    message = OutboxMessage.objects.create(
        effect_key=f"{one.pk}", kind="surveys.invitation", category="survey",
        domain="x.example", language="en", message_id=f"<{one.pk}@x>", created_at=NOW,
        due_at=NOW, state="sent", sent_at=NOW,
    )  # fmt: skip
    InvitationMail.objects.create(invitation=one, number=0, message=message)
    if score is not None:
        Click.objects.create(invitation=one, score=score, clicked_at=NOW)
        world.answer(customer, days=0, score=score, invitation=one, language="en")


class TestFigure:
    def test_the_figure_with_its_range(
        self, hers: Customer, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 15, *[8] * 8, *[3] * 7)
        found = page(ana_client)
        # n' = 33, p' = 15.75/33, d' = 7.75/33: 24.2 ± 27.6.
        assert facts(found)[0] == "NPS +27 −3 to +52 with 95% certainty"
        assert found.context["figure"].answers == 30

    def test_under_ten_there_is_none(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[10] * 7)
        found = page(ana_client)
        assert facts(found)[0] == "NPS – too few: 3 more answers are needed"
        assert "Too few answers for a figure 7 answers by score" in words(
            main_of(found)
        )
        assert part(found, "h-segment") == "Segment Segment Answers Range NPS Mid-market 7 Mid-market too few"  # fmt: skip

    def test_satisfaction_and_effort(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[5] * 9, *[4] * 6, *[2] * 5, kind="csat")
        spread(hers, *[7] * 10, *[3] * 10, kind="ces")
        # Wilson of 15 of 20.
        assert facts(page(ana_client, key="csat"))[0] == "Satisfaction 75% 53 to 89% with 95% certainty"  # fmt: skip
        found = facts(page(ana_client, key="ces"))
        assert found[0] == "Ease 5 4.1 to 5.8 with 95% certainty"
        assert found[1] == "Answered 6 or 7 50% 30 to 70%"

    def test_what_does_not_count_is_said_and_left_out(
        self, hers: Customer, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 10)
        for _ in range(3):
            world.answer(hers, days=5, score=0, counted=False, flags=["trap"])
        world.answer(hers, days=5, score=10, flags=["fast"])
        asked(hers)
        one = world.invite(hers, survey=Survey.objects.get(key="nps"), round="2")
        Click.objects.create(invitation=one, score=0, clicked_at=NOW)
        found = page(ana_client)
        assert facts(found)[:2] == [
            "NPS +100 +51 to +100 with 95% certainty",
            (
                "Confirmed answers 11 1 more chose a score and confirmed nothing"
                " 3 confirmed and not counted 1 flagged and counted"
            ),
        ]

    def test_nobody_reads_what_another_manager_was_told(
        self, hers: Customer, his: Customer, ana_client: Client, mara_client: Client
    ) -> None:
        spread(hers, *[10] * 12)
        spread(his, *[0] * 12)
        asked(his, score=0, contact=world.person(his, "Hidden Person"))
        found = page(ana_client)
        assert facts(found)[0].startswith("NPS +100")
        assert "Counted are the customers you see." in words(main_of(found))
        for secret in ("Charlie", "Onboarding", "25"):
            assert secret not in words(main_of(found))
        all_of_it = page(mara_client)
        assert facts(all_of_it)[1].startswith("Confirmed answers 25")
        assert "Charlie Moss" in words(main_of(all_of_it))
        assert "Counted are" not in words(main_of(all_of_it))


class TestChange:
    def test_more_than_chance_has_an_arrow(
        self, hers: Customer, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 40, *[3] * 10)
        spread(hers, *[10] * 20, *[3] * 30, days=100)
        found = page(ana_client)
        assert facts(found)[0].startswith("NPS +60 up")
        text = words(main_of(found))
        # ±1.96·√(15.2² + …) around the adjusted figures, by the calculation's own test.
        assert "Up 80 points on 2 Jan to 1 Apr (−20)." in text
        assert "NPS is +60 and has risen" in text

    def test_less_has_one_down(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[10] * 20, *[3] * 30)
        spread(hers, *[10] * 40, *[3] * 10, days=100)
        found = page(ana_client)
        assert facts(found)[0].startswith("NPS −20 down")
        assert "Down 80 points on 2 Jan to 1 Apr (+60)." in words(main_of(found))

    def test_within_chance_there_is_none(
        self, hers: Customer, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 12, *[3] * 8)
        spread(hers, *[10] * 11, *[3] * 9, days=100)
        found = page(ana_client)
        assert facts(found)[0].startswith("NPS +20 −")
        text = words(main_of(found))
        assert (
            "2 Jan to 1 Apr was at +10. Chance alone can make that difference" in text
        )
        assert "has not moved by more than chance" in text

    def test_too_few_are_not_compared(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[10] * 20)
        spread(hers, *[3] * 9, days=100)
        text = words(main_of(page(ana_client)))
        assert "Not compared with 2 Jan to 1 Apr, which had 9 answers: 10 are needed." in text  # fmt: skip
        everything = words(main_of(page(ana_client, days="all")))
        assert "There is no time before all answers to compare with." in everything


class TestPeriod:
    def test_chips_and_own_days(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[10] * 3, days=0)
        spread(hers, *[9] * 4, days=29)
        spread(hers, *[9] * 5, days=30)
        spread(hers, *[9] * 6, days=400)
        counts = {
            days: page(ana_client, days=days).context["answers"].count
            for days in ("30", "90", "365", "all", "x", "")
        }
        assert counts == {"30": 7, "90": 12, "365": 12, "all": 18, "x": 12, "": 12}
        own = page(ana_client, since="2026-05-31", until="2026-06-01")
        assert own.context["answers"].count == 9
        assert "31 May 2026 to 1 June 2026, both days included" in words(main_of(own))
        assert page(ana_client, until="2026-05-31").context["answers"].count == 11

    @pytest.mark.parametrize(
        ("since", "until", "error"),
        [
            ("2026-06-02", "2026-06-01", "Choose a first day that is not after"),
            ("2026-07-01", "2026-07-02", "Choose a first day that is not after"),
            ("1999-12-31", "", "Choose days from the year 2000 on."),
            ("0001-01-01", "0001-01-01", "Choose days from the year 2000 on."),
            ("x", "", "Enter a valid date."),
        ],
    )
    def test_nonsense_is_said(
        self, hers: Customer, ana_client: Client, since: str, until: str, error: str
    ) -> None:
        spread(hers, *[10] * 3)
        found = page(ana_client, since=since, until=until)
        assert found.status_code == 200
        assert error in words(main_of(found))
        assert found.context["answers"].count == 3

    def test_the_company_says_when_a_day_begins(
        self, hers: Customer, company: Company, ana: User, ana_client: Client
    ) -> None:
        Company.objects.update(time_zone="Europe/Bucharest")
        User.objects.filter(pk=ana.pk).update(time_zone="America/New_York")
        spread(hers, 10)
        late = dt.datetime(2026, 5, 31, 21, 30, tzinfo=dt.UTC)
        Response.objects.update(responded_at=late)
        assert page(ana_client, since="2026-06-01").context["answers"].count == 1
        assert page(ana_client, until="2026-05-31").context["answers"].count == 0

    def test_imported_answers_are_shown_from_the_start(
        self, hers: Customer, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 12, days=600)
        Survey.objects.update(state="imported")
        found = page(ana_client)
        assert found.context["answers"].count == 12
        assert facts(found)[2] == (
            "Response rate – not known: the answers were imported, and nobody was asked"
            " from here"
        )

    def test_a_wording_alone(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, *[10] * 3, 2)
        survey = Survey.objects.get()
        survey.versions.update(frozen_at=NOW)
        second = survey.versions.create(number=2, frozen_at=NOW)
        Response.objects.filter(score=2).update(version=second)
        found = page(ana_client, version="2")
        assert found.context["answers"].tally == {2: 1}
        chips = [chip["label"] for chip in found.context["versions"]]
        assert chips == ["All wordings", "Version 1", "Version 2"]
        for period in found.context["periods"]:
            assert "version=2" in period["url"]


class TestEmpty:
    def test_nobody_was_asked(self, ana_client: Client) -> None:
        Survey.objects.create(key="nps", name="NPS", kind="nps")
        text = words(main_of(page(ana_client)))
        assert "No answer yet Nobody has been asked yet." in text

    def test_nobody_has_answered(self, hers: Customer, ana_client: Client) -> None:
        asked(hers)
        found = page(ana_client)
        assert "The mails are on their way." in words(main_of(found))
        assert "Mail delivered 1" in part(found, "h-funnel")

    def test_nobody_in_these_days(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, 10, days=200)
        found = page(ana_client, days="30")
        assert "Nobody answered in these days." in words(main_of(found))
        assert "?days=all" in main_of(found)

    def test_only_machines(self, hers: Customer, ana_client: Client) -> None:
        world.answer(hers, days=5, score=10, counted=False, flags=["trap"])
        assert "No answer that counts" in words(main_of(page(ana_client)))

    @pytest.mark.parametrize("name", ["survey", "survey_answers", "survey_export"])
    @pytest.mark.parametrize("pk", [999_999, 10**20])
    def test_there_is_no_such_survey(
        self, ana_client: Client, name: str, pk: int
    ) -> None:
        assert ana_client.get(reverse(name, args=[pk])).status_code == 404


class TestBeside:
    def test_response_rate_and_steps(self, hers: Customer, ana_client: Client) -> None:
        for score in [10] * 12 + [None] * 8:
            asked(hers, score=score)
        world.invite(
            hers,
            survey=Survey.objects.get(key="nps"),
            state="dropped",
            drop="throttled",
        )
        found = page(ana_client)
        assert facts(found)[2] == "Response rate 60% 39 to 78%: 12 confirmed of 20 delivered"  # fmt: skip
        assert part(found, "h-funnel").endswith(
            "Turn came 21 Asked 20 Mail delivered 20 Page opened 12 60% Score chosen in"
            " the mail 12 60% Answer confirmed 12 60% With a comment 0 0%"
            " Not asked Was asked not long ago 1"
        )

    def test_under_ten_mails_there_is_no_rate(
        self, hers: Customer, ana_client: Client
    ) -> None:
        asked(hers, score=10)
        assert facts(page(ana_client))[2] == "Response rate – too few: 1 mail delivered"

    def test_votes_by_customer_and_revenue(
        self, hers: Customer, ana: User, ana_client: Client
    ) -> None:
        spread(hers, *[10] * 20)
        world.subscribe(hers, mrr="9000")
        for _ in range(10):
            other = world.make_customer(owner=ana)
            world.subscribe(other, mrr="1000")
            spread(other, 0)
        assert part(page(ana_client), "h-weighed").split("Way Range NPS ")[1] == (
            "One vote per answer 30 answers +33 −1 to +62"
            # 11 customers, one of them happy.
            " One vote per customer 11 customers −82 −100 to −28"
            # (9 − 10)/19; worth 19²/(81 + 10) = 3.97 votes.
            " Weighed by monthly revenue 11 customers, worth 3 equal votes too few"
        )

    def test_segments_that_stay_silent(
        self, hers: Customer, ana: User, ana_client: Client
    ) -> None:
        large = world.make_customer("Large", owner=ana, segment="large")
        for score in [10] * 16 + [None] * 4:
            asked(hers, score=score)
        for score in [0] * 5 + [None] * 15:
            asked(large, score=score)
        found = page(ana_client)
        text = part(found, "h-bias")
        # χ² of (16, 4), (5, 15): 12.13.
        assert "The segments do not answer equally often (p < 0.001)." in text
        assert "16 of 20 delivered 80%" in text
        assert "5 of 20 delivered 25%" in text
        weighed = part(found, "h-weighed")
        assert "One vote per answer 21 answers +52" in weighed
        # Half of the mails each: (100 − 100)/2; 1/(0.25/16 + 0.25/5) = 15.2.
        assert "Weighed to those who were asked worth 15 equal answers 0 −" in weighed

    def test_too_thin_to_weigh(self, hers: Customer, ana_client: Client) -> None:
        for score in [10] * 10:
            asked(hers, score=score)
        found = page(ana_client)
        assert "There is too little to compare the segments." in part(found, "h-bias")
        assert "can not be weighed to those who were asked" in part(found, "h-bias")
        assert "Weighed to those" not in part(found, "h-weighed")

    def test_parts_lead_to_their_answers(
        self, hers: Customer, ana: User, ana_client: Client
    ) -> None:
        world.subscribe(hers)
        spread(hers, *[10] * 12)
        found = page(ana_client, days="365")
        for breakdown in found.context["breakdowns"]:
            (line,) = breakdown.lines
            rows = ana_client.get(line.url)
            assert rows.context["total"] == line.answers == 12, breakdown.key
        assert [one.key for one in found.context["breakdowns"]] == [
            "segment", "plan", "owner", "stage", "language", "version",
        ]  # fmt: skip


class TestRows:
    def test_the_answers_of_a_part(
        self, hers: Customer, his: Customer, ana_client: Client
    ) -> None:
        world.answer(hers, days=5, score=10, comment="Good.")
        world.answer(hers, days=5, score=2, comment="Bad.")
        world.answer(his, days=5, score=2, comment="A secret.")
        found = page(ana_client, "survey_answers", by="group", value="low")
        text = words(main_of(found))
        assert "Detractors" in text
        assert "1 answer, newest first" in text
        assert "Bad." in text
        assert "Good." not in text
        assert "secret" not in text

    @pytest.mark.parametrize(
        ("by", "value", "title"),
        [
            ("", "", "All answers that count"),
            ("score", "10", "Score 10"),
            ("stage", "mature", "Lifecycle stage: Mature"),
            ("owner", "", "Owner: Nobody"),
            ("plan", "", "Plan: not known"),
            ("language", "de", "Language: German"),
            ("version", "1", "Wording: Version 1"),
            ("uncounted", "", "Not counted"),
        ],
    )
    def test_what_they_have_in_common_is_said(
        self, hers: Customer, ana_client: Client, by: str, value: str, title: str
    ) -> None:
        spread(hers, 10)
        found = page(ana_client, "survey_answers", by=by, value=value)
        assert title in words(main_of(found))

    def test_segment_and_owner_are_named(
        self, hers: Customer, ana: User, ana_client: Client
    ) -> None:
        spread(hers, 10)
        for by, value, title in (
            ("segment", hers.segment_id, "Segment: Mid-market"),
            ("owner", ana.pk, "Owner: Ana Popescu"),
        ):
            found = page(ana_client, "survey_answers", by=by, value=value)
            assert title in words(main_of(found))

    def test_nonsense_is_not_found(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, 10)
        for query in ({"by": "x"}, {"by": "score", "value": "\x00"}):
            assert page(ana_client, "survey_answers", **query).status_code == 404

    def test_there_may_be_none(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, 10)
        found = page(ana_client, "survey_answers", by="score", value="3")
        assert "Another period may have some." in words(main_of(found))


class TestExport:
    HEADER = (
        "answer,customer_id,customer,contact,score,group,comment,language,version,"
        "asked,answered,source,counted,flags,replied,resolved,resolution"
    )

    def rows(self, client: Client, **query: Any) -> list[dict[str, str]]:
        response = page(client, "survey_export", **query)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert text.partition("\r\n")[0] == self.HEADER
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def test_a_line_says_everything(self, hers: Customer, ana_client: Client) -> None:
        Company.objects.update(time_zone="Europe/Bucharest")
        survey = Survey.objects.create(key="nps", name="NPS", kind="nps")
        version = survey.versions.create(number=3)
        contact = world.person(hers, "Mara Ionescu")
        one = world.invite(hers, survey=survey, version=version, contact=contact)
        row = world.answer(
            hers, days=1, score=3, contact=contact, invitation=one, comment="Slow.",
            language="ro", flags=["fast", "trap"], counted=False, source="gesture",
            replied_at=NOW, resolved_at=NOW, resolution="Fixed.",
        )  # fmt: skip
        Response.objects.filter(pk=row.pk).update(version=version)
        assert self.rows(ana_client) == [
            {
                "answer": str(row.pk),
                "customer_id": hers.external_id,
                "customer": "Brightwater",
                "contact": "Mara Ionescu",
                "score": "3",
                "group": "low",
                "comment": "Slow.",
                "language": "ro",
                "version": "3",
                "asked": "2026-06-30T15:00:00+03:00",
                "answered": "2026-06-29T15:00:00+03:00",
                "source": "gesture",
                "counted": "no",
                "flags": "fast trap",
                "replied": "2026-06-30T15:00:00+03:00",
                "resolved": "2026-06-30T15:00:00+03:00",
                "resolution": "Fixed.",
            }
        ]

    @pytest.mark.parametrize(
        ("comment", "cell"),
        [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\N{RIGHT-TO-LEFT OVERRIDE}=1", "'\N{RIGHT-TO-LEFT OVERRIDE}=1"),
            ('He said "no", twice;\nthen left', 'He said "no", twice;\nthen left'),
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("mai bine, mulțumesc", "mai bine, mulțumesc"),
        ],
    )
    def test_spreadsheets_run_nothing(
        self, hers: Customer, ana_client: Client, comment: str, cell: str
    ) -> None:
        world.answer(hers, days=1, score=3, comment=comment)
        (row,) = self.rows(ana_client)
        assert (row["comment"], row["score"]) == (cell, "3")

    def test_names_run_nothing_either(self, hers: Customer, ana_client: Client) -> None:
        Customer.objects.update(name="=1+1")
        world.answer(hers, days=1, score=3, contact=world.person(hers, "@who"))
        (row,) = self.rows(ana_client)
        assert (row["customer"], row["contact"]) == ("'=1+1", "'@who")

    def test_it_holds_the_period_and_the_persons_customers(
        self, hers: Customer, his: Customer, ana_client: Client, mara_client: Client
    ) -> None:
        spread(hers, 10)
        spread(hers, 9, days=100)
        spread(his, 1)
        spread(hers, 5, kind="csat")
        assert [row["score"] for row in self.rows(ana_client)] == ["10"]
        everything = self.rows(ana_client, days="all")
        assert [row["score"] for row in everything] == ["9", "10"]
        assert [row["score"] for row in self.rows(mara_client)] == ["10", "1"]

    def test_whose_contact_was_erased_has_no_name(
        self, hers: Customer, ana_client: Client
    ) -> None:
        contact = world.person(hers)
        world.answer(hers, days=1, score=3, contact=contact)
        contact.delete()
        assert self.rows(ana_client)[0]["contact"] == ""

    def test_its_name_says_what_it_is(self, hers: Customer, ana_client: Client) -> None:
        spread(hers, 10)
        response: HttpResponse = page(ana_client, "survey_export")
        assert response["Content-Disposition"] == (
            'attachment; filename="nps-2026-06-30.csv"'
        )


@pytest.mark.parametrize("name", ["survey", "survey_answers"])
def test_queries_do_not_grow(
    hers: Customer, ana: User, ana_client: Client, name: str
) -> None:
    def add(customer: Customer) -> None:
        world.subscribe(customer)
        for _ in range(4):
            asked(customer, score=9, contact=world.person(customer, is_primary=False))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert page(ana_client, name).status_code == 200
        return len(captured)

    add(hers)
    cost()
    one = cost()
    for number in range(2):
        add(world.make_customer(owner=ana, segment=f"s{number}"))
    assert cost() == one
    assert one <= {"survey": 20, "survey_answers": 8}[name]
