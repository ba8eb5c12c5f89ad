"""Making, setting up, starting and closing surveys."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from common.changes import digest_of
from mail.calculations.merging import fields_foreign, fields_unknown
from mail.models import MailServer, Sender
from mail.selectors.merging import FIELDS
from surveys.calculations.content import Content, content_read
from surveys.calculations.defaults import content_default
from surveys.calculations.parts import flat, part_of, texts_of
from surveys.enums import Schedule, SurveyKind, SurveyState
from surveys.models import Survey, SurveyRules, SurveyVersion
from surveys.selectors.rules import survey_rules
from surveys.selectors.starting import start_flaws
from surveys.selectors.surveys import survey_lines
from surveys.selectors.versions import version_lines, version_newest
from surveys.services.rules import FIELDS as RULES
from surveys.services.rules import UnableToSaveUnseenRules, rules_change
from surveys.services.states import (
    UnableToMoveSurvey,
    UnableToStartSurvey,
    survey_close,
    survey_pause,
    survey_resume,
    survey_start,
)
from surveys.services.surveys import (
    SETUP,
    UnableToChangeSurvey,
    UnableToDeleteSurvey,
    UnableToSaveUnseenSurvey,
    survey_change,
    survey_copy,
    survey_create,
    survey_delete,
)
from surveys.services.versions import version_freeze
from surveys.services.wordings import (
    UnableToSaveUnseenWording,
    wording_digest,
    wording_save,
)
from tests import world
from tests.accounts.entries import entries as all_entries
from tests.world import NOW, TODAY

MISSING = "In the default language these texts are missing: %s."


@pytest.fixture(autouse=True)
def our_company(company: Company) -> Company:
    return company


@pytest.fixture
def by(admin: User) -> Actor:
    return Actor(admin)


@pytest.fixture
def survey(by: Actor) -> Survey:
    return survey_create(name="Relationship", kind="nps", by=by, now=NOW)


def entries() -> list[AuditEntry]:
    """This will return what the audit log says of surveys, oldest first."""
    return all_entries(prefix="surveys.")


def entry() -> AuditEntry:
    """This will return the newest of them."""
    return entries()[-1]


def change(survey: Survey, by: Actor, **values: Any) -> list[str]:
    """This will save as somebody who has just looked."""
    seen = digest_of(Survey.objects.get(pk=survey.pk), SETUP)
    return survey_change(survey=survey, values=values, seen=seen, by=by, now=NOW)


def words(survey: Survey) -> Content:
    return content_read(version_newest(survey).content)


def rewrite(survey: Survey, by: Actor, **parts: str) -> tuple[int, bool]:
    """This will save other English texts as somebody who has just looked."""
    there = words(survey)
    english = {part: part_of(there.texts["en"], part) for part in parts}
    whole = {
        key.partition(":")[2]: text
        for key, text in flat(there).items()
        if key.startswith("en:")
    }
    assert english.keys() <= whole.keys()
    texts = {**there.texts, "en": texts_of({**whole, **parts})}
    content = Content(there.default_language, there.accent, there.company_name, texts)
    version, changed = wording_save(
        survey=survey, content=content, seen=wording_digest(there), by=by, now=NOW
    )
    return version.number, changed


# Making


@pytest.mark.parametrize(
    ("kind", "schedule", "trigger"),
    [
        ("nps", "every", ""),
        ("csat", "event", "ticket_resolved"),
        ("ces", "event", "onboarding_finished"),
    ],
)
def test_a_draft_has_words_and_a_schedule(
    by: Actor, kind: str, schedule: str, trigger: str
) -> None:
    made = survey_create(
        name="Spring 2026", kind=kind, by=by, now=NOW, default_language="ro"
    )
    survey = Survey.objects.get(pk=made.pk)
    assert (survey.state, survey.schedule, survey.trigger) == (
        SurveyState.DRAFT,
        schedule,
        trigger,
    )
    assert survey.key.startswith("spring-2026-")
    version = survey.versions.get()
    assert (version.number, version.frozen_at) == (1, None)
    assert content_read(version.content) == content_default(kind, default_language="ro")
    assert start_flaws(survey, today=TODAY) == []
    found = entry()
    assert (found.action, found.after) == (
        "surveys.survey_created",
        {"name": "Spring 2026", "kind": kind},
    )


@pytest.mark.parametrize("kind", SurveyKind.values)
def test_the_first_words_hold_only_fields_there_are(kind: str) -> None:
    for text in flat(content_default(kind, default_language="en")).values():
        assert fields_unknown(text, FIELDS) == []
        assert fields_foreign(text, FIELDS) == []


def test_two_surveys_may_share_a_name(by: Actor, survey: Survey) -> None:
    again = survey_create(name=survey.name, kind="nps", by=by, now=NOW)
    assert again.key != survey.key


def test_a_name_without_letters_is_no_obstacle(by: Actor) -> None:
    assert survey_create(name="问", kind="ces", by=by, now=NOW).key.startswith("ces-")


# Setting up


def test_saves_and_writes_down_only_what_is_different(
    by: Actor, survey: Survey
) -> None:
    assert change(survey, by, name="Relationship", every_days=90, roles=["CFO"]) == [
        "every_days",
        "roles",
    ]
    survey.refresh_from_db()
    assert (survey.every_days, survey.roles) == (90, ["CFO"])
    found = entry()
    assert found.before == {"every_days": 182, "roles": []}
    assert found.after == {"every_days": 90, "roles": ["CFO"]}
    assert change(survey, by, every_days=90) == []
    assert len(entries()) == 2


def test_nobody_is_overwritten_unseen(by: Actor, survey: Survey) -> None:
    seen = digest_of(Survey.objects.get(), SETUP)
    change(survey, by, every_days=90)
    with pytest.raises(UnableToSaveUnseenSurvey):
        survey_change(survey=survey, values={"share": 50}, seen=seen, by=by, now=NOW)
    survey.refresh_from_db()
    assert survey.share == 100


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": TODAY - dt.timedelta(1)}, "starts_on"),
        ({"ends_on": TODAY - dt.timedelta(1)}, "ends_on"),
        (
            {"starts_on": TODAY + dt.timedelta(9), "ends_on": TODAY + dt.timedelta(8)},
            "ends_on",
        ),
        ({"schedule": "event", "trigger": ""}, "trigger"),
        ({"reminders": 2, "reminder_days": 15, "expires_days": 30}, "reminder_days"),
        ({"every_days": 6}, "every_days"),
        ({"reminders": 3, "expires_days": 90}, "reminders"),
    ],
)
def test_refuses_what_does_not_fit(
    by: Actor, survey: Survey, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        change(survey, by, **values)
    assert list(caught.value.message_dict) == [field]
    assert len(entries()) == 1


def test_days_that_have_passed_meanwhile_are_no_mistake(
    by: Actor, survey: Survey
) -> None:
    past = TODAY - dt.timedelta(30)
    Survey.objects.update(starts_on=past)
    assert change(survey, by, starts_on=past, share=50) == ["share"]
    edge = {"reminders": 2, "reminder_days": 14, "expires_days": 29}
    assert change(survey, by, **edge) == list(edge)


def test_a_closed_survey_stays_as_it_was(by: Actor, survey: Survey) -> None:
    Survey.objects.update(state=SurveyState.CLOSED)
    with pytest.raises(UnableToChangeSurvey):
        change(survey, by, share=50)
    with pytest.raises(UnableToChangeSurvey):
        rewrite(survey, by, question="Q")


# Words


def test_words_that_nobody_read_are_replaced(by: Actor, survey: Survey) -> None:
    assert rewrite(survey, by, question="Well?") == (1, True)
    assert words(survey).texts["en"].question == "Well?"
    found = entry()
    assert found.action == "surveys.wording_changed"
    assert found.after == {"version": 1, "en:question": "Well?"}
    assert found.before.keys() == {"version", "en:question"}
    assert rewrite(survey, by, question="Well?") == (1, False)
    assert len(entries()) == 2


def test_words_that_were_sent_stay(by: Actor, survey: Survey) -> None:
    first = version_newest(survey)
    version_freeze(first, now=NOW)
    before = first.content
    assert rewrite(survey, by, question="Well?", thanks_low="Oh") == (2, True)
    first.refresh_from_db()
    assert first.content == before
    newest, oldest = version_lines(survey)
    assert newest.version.number == 2
    assert newest.changes == {"en": ["question", "thanks_low"]}
    assert (oldest.version.frozen_at, oldest.changes) == (NOW, {})
    # Not yet sent, so the second one may still be changed.
    assert rewrite(survey, by, question="How?") == (2, True)


def test_what_was_sent_and_is_saved_unchanged_makes_no_version(
    by: Actor, survey: Survey
) -> None:
    version_freeze(version_newest(survey), now=NOW)
    assert rewrite(survey, by) == (1, False)
    assert survey.versions.count() == 1


def test_nobodys_words_are_overwritten_unseen(by: Actor, survey: Survey) -> None:
    seen = wording_digest(words(survey))
    rewrite(survey, by, question="Theirs")
    with pytest.raises(UnableToSaveUnseenWording):
        wording_save(survey=survey, content=Content("en"), seen=seen, by=by, now=NOW)
    assert words(survey).texts["en"].question == "Theirs"


def test_versions_know_their_people(by: Actor, survey: Survey, ana: User) -> None:
    version = version_newest(survey)
    customer = world.make_customer(owner=ana)
    for number in range(3):
        world.invite(
            customer,
            contact=world.person(customer, f"P{number}", is_primary=False),
            survey=survey,
            version=version,
            **({"state": "dropped", "drop": "new"} if number == 2 else {}),
        )
    answer = world.answer(customer, days=1, score=9)
    answer.version = version
    answer.save()
    world.answer(customer, days=2, score=3)
    (line,) = version_lines(survey)
    assert (line.asked, line.answers) == (2, 1)


# Starting and ending


def test_a_survey_runs_pauses_and_closes(by: Actor, survey: Survey, ana: User) -> None:
    survey_start(survey=survey, by=by, now=NOW)
    survey.refresh_from_db()
    assert (survey.state, survey.starts_on, survey.started_at) == (
        SurveyState.RUNNING,
        TODAY,
        NOW,
    )
    survey_pause(survey=survey, by=by, now=NOW)
    survey.refresh_from_db()
    assert survey.state == SurveyState.PAUSED
    survey_resume(survey=survey, by=by, now=NOW)
    customer = world.make_customer(owner=ana)
    version = version_newest(survey)
    states = {
        state: world.invite(
            customer,
            contact=world.person(customer, state, is_primary=False),
            survey=survey, version=version, state=state,
            drop="new" if state == "dropped" else "",
        )
        for state in ("asked", "answered", "expired", "dropped")
    }  # fmt: skip
    other = world.invite(customer)
    assert survey_close(survey=survey, by=by, now=NOW) == 1
    survey.refresh_from_db()
    assert (survey.state, survey.closed_at) == (SurveyState.CLOSED, NOW)
    for row in states.values():
        row.refresh_from_db()
    assert [row.state for row in states.values()] == [
        "expired",
        "answered",
        "expired",
        "dropped",
    ]
    assert states["asked"].expires_at == NOW
    assert states["answered"].expires_at == NOW + dt.timedelta(days=30)
    other.refresh_from_db()
    assert other.state == "asked"
    assert [one.action for one in entries()] == [
        "surveys.survey_created",
        "surveys.survey_started",
        "surveys.survey_paused",
        "surveys.survey_resumed",
        "surveys.survey_closed",
    ]
    assert entry().after == {"invitations": 1}


def test_the_first_day_is_kept(by: Actor, survey: Survey) -> None:
    later = TODAY + dt.timedelta(days=3)
    change(survey, by, starts_on=later)
    survey_start(survey=survey, by=by, now=NOW)
    survey.refresh_from_db()
    assert survey.starts_on == later


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("running", survey_start),
        ("closed", survey_start),
        ("imported", survey_start),
        ("draft", survey_pause),
        ("closed", survey_pause),
        ("draft", survey_resume),
        ("running", survey_resume),
        ("closed", survey_resume),
        ("draft", survey_close),
        ("closed", survey_close),
        ("imported", survey_close),
    ],
)
def test_there_is_no_other_way(
    by: Actor, survey: Survey, state: str, move: Any
) -> None:
    Survey.objects.update(state=state)
    with pytest.raises(UnableToMoveSurvey):
        move(survey=survey, by=by, now=NOW)
    survey.refresh_from_db()
    assert survey.state == state


def test_what_is_missing_keeps_it_from_starting(by: Actor, survey: Survey) -> None:
    rewrite(survey, by, question="", thanks_low=" ")
    Survey.objects.update(
        ends_on=TODAY - dt.timedelta(1), schedule=Schedule.EVENT, trigger=""
    )
    survey.refresh_from_db()
    assert [(flaw.text, flaw.page) for flaw in start_flaws(survey, today=TODAY)] == [
        (
            MISSING % "Question, Thank-you: Detractors (0–6)",
            "survey_wording",
        ),
        ("The last day is past. Choose a later one, or none.", "survey_setup"),
        ("Choose what the question follows.", "survey_setup"),
    ]
    with pytest.raises(UnableToStartSurvey):
        survey_start(survey=survey, by=by, now=NOW)
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT


def test_mail_that_leaves_the_house_needs_a_sender(by: Actor, survey: Survey) -> None:
    def flaws() -> list[str]:
        survey.refresh_from_db()
        return [flaw.page for flaw in start_flaws(survey, today=TODAY)]

    assert flaws() == []
    MailServer.objects.create(id=1, kind="smtp", host="mail.example.org")
    assert flaws() == ["settings_mail"]
    sender = Sender.objects.create(name="S", email="s@example.org")
    assert flaws() == ["settings_mail"]
    Survey.objects.update(sender=sender)
    assert flaws() == []
    Sender.objects.update(retired_at=NOW)
    assert flaws() == ["settings_mail"]
    Sender.objects.create(name="D", email="d@example.org", is_default=True)
    assert flaws() == []


# Copying and deleting


def test_a_copy_is_a_draft_of_the_newest_words(by: Actor, survey: Survey) -> None:
    change(survey, by, roles=["CFO"], starts_on=TODAY, every_days=60)
    version_freeze(version_newest(survey), now=NOW)
    rewrite(survey, by, question="Well?")
    Survey.objects.update(state=SurveyState.CLOSED)
    survey.refresh_from_db()
    copy = survey_copy(survey=survey, by=by, now=NOW)
    assert (copy.name, copy.state, copy.roles, copy.every_days, copy.starts_on) == (
        "Copy of Relationship",
        SurveyState.DRAFT,
        ["CFO"],
        60,
        None,
    )
    version = copy.versions.get()
    assert (version.number, version.frozen_at) == (1, None)
    assert words(copy) == words(survey)
    assert entry().after == {"name": "Copy of Relationship", "source": survey.pk}


def test_a_draft_is_deleted(by: Actor, survey: Survey) -> None:
    other = survey_create(name="Other", kind="ces", by=by, now=NOW)
    survey_delete(survey=survey, by=by, now=NOW)
    assert Survey.objects.get() == other
    found = entry()
    assert (found.action, found.before) == (
        "surveys.survey_deleted",
        {"name": "Relationship", "kind": "nps"},
    )


def test_what_asked_somebody_is_not_deleted(
    by: Actor, survey: Survey, ana: User
) -> None:
    customer = world.make_customer(owner=ana)
    world.invite(customer, survey=survey, version=version_newest(survey))
    with pytest.raises(UnableToDeleteSurvey):
        survey_delete(survey=survey, by=by, now=NOW)
    survey_delete_of_running(by)
    assert Survey.objects.filter(pk=survey.pk).exists()


def survey_delete_of_running(by: Actor) -> None:
    running = survey_create(name="Running", kind="nps", by=by, now=NOW)
    survey_start(survey=running, by=by, now=NOW)
    with pytest.raises(UnableToDeleteSurvey):
        survey_delete(survey=running, by=by, now=NOW)


# The list


def test_the_list_counts_what_the_person_sees(
    by: Actor, survey: Survey, ana: User, charlie: User, admin: User, company: Company
) -> None:
    company.csm_sees = "own"
    company.csm_changes = "own"
    company.save()
    version = version_newest(survey)
    for owner, score in ((ana, 9), (charlie, 2), (charlie, 3)):
        customer = world.make_customer(owner=owner)
        world.invite(customer, survey=survey, version=version)
        answer = world.answer(customer, days=1, score=score)
        answer.version = version
        answer.save()
    # What the builders of rows make along.
    SurveyVersion.objects.exclude(survey=survey).delete()
    Survey.objects.exclude(pk=survey.pk).delete()

    def counts(user: User) -> list[tuple[int, int]]:
        return [(line.asked, line.answered) for line in survey_lines(user)]

    assert counts(admin) == [(3, 3)]
    assert counts(charlie) == [(2, 2)]
    assert counts(ana) == [(1, 1)]


def test_the_list_begins_with_what_runs(by: Actor, admin: User) -> None:
    for state in ("imported", "closed", "paused", "draft", "running"):
        survey_create(name=state, kind="nps", by=by, now=NOW)
        Survey.objects.filter(name=state).update(state=state)
    survey_create(name="newer draft", kind="nps", by=by, now=NOW)
    assert [line.survey.name for line in survey_lines(admin)] == [
        "running", "newer draft", "draft", "paused", "closed", "imported",
    ]  # fmt: skip


# Rules


def test_rules_are_defaults_until_they_are_changed(by: Actor) -> None:
    rules = survey_rules()
    assert (rules.throttle_days, rules.new_contact_days) == (90, 30)
    assert (rules.reply_hours, rules.keep_days) == (48, 365)
    assert SurveyRules.objects.count() == 0
    seen = digest_of(rules, RULES)
    assert rules_change(
        values={"throttle_days": 60, "reply_hours": 48}, seen=seen, by=by, now=NOW
    ) == ["throttle_days"]
    assert survey_rules().throttle_days == 60
    found = entry()
    assert (found.action, found.before, found.after) == (
        "surveys.rules_changed",
        {"throttle_days": 90},
        {"throttle_days": 60},
    )
    with pytest.raises(UnableToSaveUnseenRules):
        rules_change(values={"throttle_days": 1}, seen=seen, by=by, now=NOW)
    seen = digest_of(survey_rules(), RULES)
    assert rules_change(values={"throttle_days": 60}, seen=seen, by=by, now=NOW) == []
    with pytest.raises(ValidationError):
        rules_change(values={"keep_days": 29}, seen=seen, by=by, now=NOW)
    assert survey_rules().keep_days == 365
