"""Asking: the invitation, its mail, and everything at once or not at all."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

import mail.tasks  # noqa: F401 - looked up by several threads at once
from accounts.models import Company
from mail.enums import MessageState
from mail.models import OutboxMessage, Sender
from surveys.enums import InvitationState
from surveys.models import Invitation, InvitationMail, SurveyVersion
from surveys.services import asking
from surveys.services.asking import Asked, UnableToAsk, survey_is_due
from tests import world
from tests.surveys.sending import (
    DAY,
    HOUR,
    ask,
    asked,
    day_at,
    mails,
    make_survey,
    rows,
    somebody,
)
from tests.world import CONTENT, NOW, TODAY

pytestmark = pytest.mark.django_db


def test_an_invitation_its_mail_and_the_frozen_words_come_together(
    company: Company,
) -> None:
    sender = Sender.objects.create(name="Ana", email="ana@fleet.example")
    survey = make_survey(sender=sender, expires_days=10)
    mara = somebody(language="de-AT", email="Mara@Example.org")
    assert ask(survey) == Asked(asked=1, dropped=0)

    row = Invitation.objects.get()
    version = SurveyVersion.objects.get()
    assert version.frozen_at == NOW
    assert (row.survey, row.version, row.customer, row.contact) == (
        survey, version, mara.customer, mara,
    )  # fmt: skip
    assert (row.state, row.drop, row.round) == ("asked", "", "once")
    # There are no German words, so English ones are read.
    assert row.language == "en"
    # The end of the tenth day after today, here at UTC midnight.
    assert row.expires_at == dt.datetime(2026, 7, 11, tzinfo=dt.UTC)
    message = OutboxMessage.objects.get()
    assert (message.kind, message.effect_key) == (
        "surveys.invitation", f"surveys.invitation:{row.pk}:0",
    )  # fmt: skip
    assert message.data == {
        "invitation": row.pk, "number": 0, "contact_id": mara.pk,
    }  # fmt: skip
    assert (message.to_email, message.to_name) == ("Mara@Example.org", "Mara Ionescu")
    assert (message.contact, message.customer) == (mara, mara.customer)
    assert (message.sender, message.language) == (sender, "en")
    assert (message.in_working_hours, message.expires_at) == (True, row.expires_at)
    link = InvitationMail.objects.get()
    assert (link.invitation, link.number, link.message) == (row, 0, message)


def test_a_contact_reads_the_own_language_where_there_are_words(
    company: Company,
) -> None:
    survey = make_survey()
    texts = CONTENT["texts"]["en"]  # type: ignore[index]
    SurveyVersion.objects.create(
        survey=survey,
        number=2,
        content={"default_language": "ro", "texts": {"de": texts, "ro": texts}},
    )
    for name, language in (("A", "de-AT"), ("B", "ro"), ("C", "fr"), ("D", "")):
        somebody(name, language=language)
    ask(survey)
    found = Invitation.objects.order_by("contact__name")
    assert [row.language for row in found] == ["de", "ro", "ro", "ro"]
    assert {row.version.number for row in found} == {2}
    messages = OutboxMessage.objects.order_by("to_name")
    assert [row.language for row in messages] == ["de", "ro", "ro", "ro"]
    old = survey.versions.get(number=1)
    assert old.frozen_at is None


def test_a_second_look_asks_nobody_again(company: Company) -> None:
    survey = make_survey()
    somebody()
    assert ask(survey).asked == 1
    assert ask(survey) == Asked()
    survey.asked_on = None
    survey.save()
    assert ask(survey, now=NOW + DAY) == Asked()
    assert sum(mails().values()) == 1


def test_words_are_not_frozen_when_nobody_is_asked(company: Company) -> None:
    survey = make_survey()
    somebody(email="")
    assert ask(survey) == Asked(asked=0, dropped=1)
    assert SurveyVersion.objects.get().frozen_at is None
    assert rows(survey) == [("Mara Ionescu", "no_address")]


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "imported"])
def test_only_a_running_survey_asks(company: Company, state: str) -> None:
    survey = make_survey(state=state)
    somebody()
    assert ask(survey) == Asked()
    assert mails() == {}


def test_nobody_is_asked_before_the_first_day_or_after_the_last(
    company: Company,
) -> None:
    early = make_survey(starts_on=TODAY + DAY)
    late = make_survey(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)
    somebody()
    assert (ask(early), ask(late)) == (Asked(), Asked())
    assert survey_is_due(early, day_at(NOW + DAY))
    assert ask(early, now=NOW + DAY).asked == 1


def test_a_one_off_that_was_missed_is_sent_when_the_machine_is_back(
    company: Company,
) -> None:
    survey = make_survey(starts_on=TODAY - 40 * DAY)
    somebody()
    assert ask(survey).asked == 1


def test_the_last_day_ends_the_invitation_too(company: Company) -> None:
    survey = make_survey(ends_on=TODAY + 2 * DAY)
    somebody()
    ask(survey)
    assert Invitation.objects.get().expires_at == dt.datetime(2026, 7, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        # The day on which clocks go forward in Berlin has 23 hours; local midnight counts.
        (
            "Europe/Berlin",
            dt.datetime(2026, 3, 27, 23, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC),
        ),
        (
            "America/New_York",
            dt.datetime(2026, 10, 31, 3, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 1, 4, 0, tzinfo=dt.UTC),
        ),
        (
            "Pacific/Auckland",
            dt.datetime(2026, 6, 30, 12, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 7, 2, 12, 0, tzinfo=dt.UTC),
        ),
    ],
)
def test_days_are_the_companys_own(
    company: Company, zone: str, now: dt.datetime, ends: dt.datetime
) -> None:
    company.time_zone = zone
    company.save()
    survey = make_survey(starts_on=day_at(now).today, expires_days=1)
    somebody()
    assert not survey_is_due(survey, day_at(now - DAY))
    assert ask(survey, now=now).asked == 1
    assert Invitation.objects.get().expires_at == ends


def test_a_survey_without_words_says_so(company: Company) -> None:
    survey = make_survey()
    SurveyVersion.objects.all().delete()
    somebody()
    with pytest.raises(UnableToAsk, match="has no words yet"):
        ask(survey)


def test_it_stops_when_told_and_goes_on_later(
    company: Company, settings: Settings
) -> None:
    settings.SURVEY_SLICE_CONTACTS = 2
    survey = make_survey()
    for number in range(5):
        somebody(f"P{number}")
    left = [True, False]
    assert ask(survey, go_on=lambda: left.pop(0)) == Asked(2, 0, finished=False)
    survey.refresh_from_db()
    assert survey.asked_on is None
    assert ask(survey) == Asked(3, 0)
    survey.refresh_from_db()
    assert survey.asked_on == TODAY
    assert sum(mails().values()) == 5


def test_closed_in_the_middle_asks_nobody_more(
    company: Company, settings: Settings
) -> None:
    settings.SURVEY_SLICE_CONTACTS = 2
    survey = make_survey()
    for number in range(5):
        somebody(f"P{number}")

    def close_after_the_first() -> bool:
        if Invitation.objects.exists():
            type(survey).objects.update(state="closed")
        return True

    assert ask(survey, go_on=close_after_the_first) == Asked(2, 0, finished=False)
    assert sum(mails().values()) == 2


def test_what_fails_leaves_nothing_behind(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = make_survey()
    somebody()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(asking, "messages_queue", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        ask(survey)
    assert not Invitation.objects.exists()
    assert SurveyVersion.objects.get().frozen_at is None


def test_a_contact_erased_in_the_same_moment_costs_one_more_try(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = make_survey()
    somebody("Gone", email="gone@example.org").delete()
    somebody("There", email="there@example.org")
    part, tries = asking._part_ask, []

    def erased_once(*values: object) -> Asked | None:
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError
        return part(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(asking, "_part_ask", erased_once)
    assert ask(survey).asked == 1
    assert asked(survey) == ["There"]


def test_a_contact_that_moved_to_another_customer_is_not_asked_twice(
    company: Company,
) -> None:
    survey = make_survey()
    mara = somebody()
    ask(survey)
    old = mara.customer
    mara.customer = world.make_customer()
    mara.save()
    survey.asked_on = None
    survey.save()
    Invitation.objects.update(created_at=NOW - 400 * DAY)
    ask(survey, now=NOW + HOUR)
    assert Invitation.objects.get().customer == old
    assert sum(mails().values()) == 1


def test_an_address_that_can_not_be_one_is_not_asked(company: Company) -> None:
    survey = make_survey()
    somebody("Bad", email="not an address")
    somebody("Good")
    ask(survey)
    assert rows(survey) == [("Bad", "dead"), ("Good", "asked")]


def test_as_many_queries_for_many_as_for_few(company: Company) -> None:
    def counted(people: int) -> int:
        survey = make_survey(starts_on=TODAY)
        Invitation.objects.update(created_at=NOW - 400 * DAY)
        for number in range(people):
            somebody(f"P{number}")
        survey.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            ask(survey)
        assert sum(state == "asked" for _name, state in rows(survey)) >= people
        return len(captured)

    few = counted(1)
    assert counted(12) == few


def test_when_the_day_is_done_a_look_costs_nothing(company: Company) -> None:
    survey = make_survey(schedule="every")
    somebody()
    ask(survey)
    survey.refresh_from_db()
    day = day_at(NOW + HOUR)
    with CaptureQueriesContext(connection) as captured:
        assert asking.survey_ask(survey=survey, day=day) == Asked()
    assert len(captured) == 0


def together(*work: Callable[[], None]) -> None:
    """This will run pieces of work at the same moment, each on a connection of its own."""
    barrier, failures = threading.Barrier(len(work)), []

    def run(one: Callable[[], None]) -> None:
        try:
            barrier.wait()
            one()
        except Exception as error:  # noqa: BLE001 - told by the assertion
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[one]) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_ask_everybody_once(
    company: Company, settings: Settings
) -> None:
    settings.SURVEY_SLICE_CONTACTS = 3
    survey = make_survey()
    for number in range(20):
        somebody(f"P{number}")
    together(*[lambda: (ask(survey), None)[1]] * 4)
    assert len(asked(survey)) == 20
    assert set(mails().values()) == {1}
    assert sum(mails().values()) == 20


@pytest.mark.django_db(transaction=True)
def test_two_surveys_at_once_ask_nobody_twice(
    company: Company, settings: Settings
) -> None:
    settings.SURVEY_SLICE_CONTACTS = 3
    surveys = [make_survey("One"), make_survey("Two")]
    for number in range(12):
        somebody(f"P{number}")
    together(*[lambda one=survey: (ask(one), None)[1] for survey in surveys])
    states = Counter(state for survey in surveys for _name, state in rows(survey))
    assert states == {"asked": 12, "throttled": 12}
    assert set(mails().values()) == {1}


def test_the_state_of_a_mail_is_the_outboxs(company: Company) -> None:
    survey = make_survey()
    somebody()
    ask(survey)
    assert OutboxMessage.objects.get().state == MessageState.PENDING
    assert Invitation.objects.get().state == InvitationState.ASKED
