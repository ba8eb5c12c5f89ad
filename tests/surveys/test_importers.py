"""survey_responses.csv becomes answers of the imported surveys; feedback.csv feedback."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import call_command

from surveys.enums import ResponseSource
from surveys.models import (
    Feedback,
    Mention,
    Response,
    Survey,
    SurveyVersion,
    Theme,
    ThemePhrase,
)
from tests.customers.importing.folder import counts, load, rejected, write
from tests.world import NOW

pytestmark = pytest.mark.django_db
HEAD = "response_id,customer_id,kind,score,responded_at\n"


def test_each_kind_has_a_survey_with_one_frozen_version(tmp_path: Path) -> None:
    rows = f"{HEAD}R-1,C-1,nps,0,2024-03-01\nR-2,C-1,nps,10,2024-03-02\nR-3,C-2,csat,5,2024-03-01\n"
    report = load(write(tmp_path, survey_responses=rows))
    assert counts(report, "survey_responses") == (3, 0, 0, 0, 0)
    assert list(Survey.objects.order_by("key").values_list("key", "name")) == [
        ("imported-csat", "Imported CSAT"),
        ("imported-nps", "Imported NPS"),
    ]
    versions = SurveyVersion.objects.values_list("number", "frozen_at")
    assert list(versions) == [(1, NOW), (1, NOW)]
    assert set(Response.objects.values_list("source", flat=True)) == {
        ResponseSource.IMPORTED
    }
    load(tmp_path)
    assert (SurveyVersion.objects.count(), Response.objects.count()) == (2, 3)


@pytest.mark.parametrize(
    ("kind", "score", "reason"),
    [
        ("nps", 11, "11 is outside of 0 to 10"),
        ("csat", 0, "0 is outside of the scale of CSAT, 1 to 5"),
        ("csat", 6, "6 is outside of the scale of CSAT, 1 to 5"),
        ("ces", 8, "8 is outside of the scale of CES, 1 to 7"),
    ],
)
def test_a_score_off_its_scale_is_told(
    tmp_path: Path, kind: str, score: int, reason: str
) -> None:
    rows = f"{HEAD}R-1,C-1,{kind},{score},2024-03-01\n"
    report = load(write(tmp_path, survey_responses=rows))
    assert rejected(report) == [("survey_responses.csv", 2, "score", reason)]
    assert Response.objects.count() == 0


FEEDBACK = "feedback_id,customer_id,source,text,said_at,contact_id,ticket_id,url,language,recorded_at\n"
CONTACTS = "contact_id,customer_id,name\nP-1,C-1,Mara\nP-2,C-2,Jo\n"
TICKETS = "ticket_id,customer_id,opened_at\nT-1,C-1,2024-02-01\nT-2,C-2,2024-02-01\n"


def test_feedback_is_kept_with_whom_and_what_it_belongs_to(tmp_path: Path) -> None:
    rows = (
        f"{FEEDBACK}F-1,C-1,review,=Too slow,2024-03-01 10:00,P-1,T-1,https://x.test/1,de,2024-03-02 10:00\n"
        "F-2,C-2,call,Fine.,2024-03-01 10:00,,,,,\n"
    )
    write(tmp_path, feedback=rows, contacts=CONTACTS, tickets=TICKETS)
    assert counts(load(tmp_path), "feedback") == (2, 0, 0, 0, 0)
    first, second = Feedback.objects.order_by("external_id")
    assert (
        first.customer.external_id, first.contact.external_id, first.ticket.external_id,
        first.source, first.text, first.url, first.language, first.said_at,
        first.recorded_at, first.recorded_assumed,
    ) == (
        "C-1", "P-1", "T-1", "review", "=Too slow", "https://x.test/1", "de",
        dt.datetime(2024, 3, 1, 10, tzinfo=dt.UTC),
        dt.datetime(2024, 3, 2, 10, tzinfo=dt.UTC), False,
    )  # fmt: skip
    assert (second.contact, second.ticket, second.url, second.recorded_assumed) == (
        None, None, "", True,
    )  # fmt: skip
    assert counts(load(tmp_path), "feedback") == (0, 0, 2, 0, 0)


def test_feedback_is_changed_by_what_the_file_carries(tmp_path: Path) -> None:
    write(
        tmp_path,
        feedback=f"{FEEDBACK}F-1,C-1,review,Slow,2024-03-01,,,https://x.test/1,de,\n",
    )
    load(tmp_path)
    head = "feedback_id,customer_id,source,text,said_at\n"
    write(tmp_path, feedback=f"{head}F-1,C-1,call,Slower,2024-03-01\n")
    assert counts(load(tmp_path), "feedback") == (0, 1, 0, 0, 0)
    kept = Feedback.objects.values_list("source", "text", "url", "language")
    assert list(kept) == [("call", "Slower", "https://x.test/1", "de")]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("F-1,C-9,call,x,2024-03-01,,,,,", "customer_id", "customer 'C-9' is not known"),
        ("F-1,C-1,call,x,2024-03-01,P-2,,,,", "contact_id",
         "contact 'P-2' of customer 'C-1' is not known"),
        ("F-1,C-1,call,x,2024-03-01,,T-2,,,", "ticket_id",
         "ticket 'T-2' of customer 'C-1' is not known"),
        *(
            (f"F-1,C-1,call,x,2024-03-01,,,{url},,", "url",
             "a link begins with https:// or http:// and has no spaces")
            for url in ("javascript:alert(1)", "x.test", "https://a b", "data:text/html",
                        "ftp://x.test")
        ),
    ],
)  # fmt: skip
def test_odd_feedback_is_told(
    tmp_path: Path, row: str, column: str, reason: str
) -> None:
    write(tmp_path, feedback=f"{FEEDBACK}{row}\n", contacts=CONTACTS, tickets=TICKETS)
    assert rejected(load(tmp_path)) == [("feedback.csv", 2, column, reason)]
    assert Feedback.objects.count() == 0


def test_imported_comments_come_under_their_themes(tmp_path: Path) -> None:
    theme = Theme.objects.create(name="Speed", created_at=NOW)
    ThemePhrase.objects.create(theme=theme, phrase="slow")
    write(
        tmp_path,
        feedback=f"{FEEDBACK}F-1,C-1,review,Too slow,2024-03-01,,,,,\nF-2,C-1,call,Fine,2024-03-01,,,,,\n",
        survey_responses="response_id,customer_id,kind,score,responded_at,comment\n"
        "R-1,C-1,nps,3,2024-03-01,slow as ever\n",
    )  # fmt: skip
    call_command("import_folder", str(tmp_path), "--no-score", verbosity=0)
    found = Mention.objects.values_list(
        "feedback__external_id", "response__external_id"
    )
    assert sorted(found, key=str) == [("F-1", None), (None, "R-1")]
