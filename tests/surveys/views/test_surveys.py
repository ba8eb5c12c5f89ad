"""The pages on which a survey is built: who may, what is shown, and what is saved."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Company, User
from mail.models import OutboxMessage, Sender
from surveys.calculations.content import content_read
from surveys.enums import SurveyState
from surveys.models import Survey, SurveyRules
from surveys.selectors.versions import version_newest
from surveys.services.states import survey_start
from surveys.services.surveys import survey_create
from surveys.services.versions import version_freeze
from tests import world
from tests.pages import main_of, messages, part, queries, rows, words
from tests.world import NOW

LIST = "/surveys/"


@pytest.fixture(autouse=True)
def our_company(company: Company) -> Company:
    return company


@pytest.fixture
def survey(admin: User) -> Survey:
    return survey_create(name="Relationship", kind="nps", by=Actor(admin), now=NOW)


def place(survey: Survey, rest: str) -> str:
    return f"{LIST}{survey.pk}/{rest}/"


def typed(page: HttpResponse) -> dict[str, Any]:
    """This will return what a browser would send of the page's largest form."""
    html = main_of(page)
    forms = re.findall(r"<form\b.*?</form>", html, re.DOTALL)
    form = max(forms, key=len)
    data: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form, re.DOTALL):
        got = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" not in got or got["name"] == "csrfmiddlewaretoken":
            continue
        if got.get("type") in {"radio", "checkbox"} and not re.search(
            r"\bchecked\b", tag
        ):
            continue
        data.setdefault(got["name"], []).append(unescape(got.get("value", "")))
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        data[name] = [unescape(text)]
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected\b', options)
        first = re.search(r'<option value="([^"]*)"', options)
        found = chosen or first
        data[name] = [found[1] if found else ""]
    return data


def errors(page: HttpResponse) -> str:
    found = re.search(r'<div class="error-summary".*?</div>', main_of(page), re.DOTALL)
    assert found is not None
    return words(found[0]).removeprefix("Please check what you entered ")


# The list and a new one


def test_an_empty_list_leads_to_a_new_survey(
    admin_client: Client, ana_client: Client
) -> None:
    page = admin_client.get(LIST)
    assert "No survey yet" in part(page, "h-surveys")
    assert 'href="/surveys/new/"' in main_of(page)
    hers = ana_client.get(LIST)
    assert "An administrator can make the first one." in part(hers, "h-surveys")
    assert "/surveys/new/" not in main_of(hers)


def test_an_administrator_makes_a_draft(admin_client: Client) -> None:
    assert "Would they recommend us?" in words(main_of(admin_client.get(LIST + "new/")))
    page = admin_client.post(
        LIST + "new/", {"name": "Support", "kind": "csat"}, follow=True
    )
    survey = Survey.objects.get()
    assert page.redirect_chain[-1][0] == place(survey, "wording")
    assert messages(page) == [
        "“Support” is a draft. Nobody is asked before you start it."
    ]
    wrong = admin_client.post(LIST + "new/", {"name": "", "kind": "stars"})
    assert wrong.status_code == 422
    assert Survey.objects.count() == 1


@pytest.mark.usefixtures("at_noon")
def test_the_list_says_when_and_how_many(
    admin_client: Client, ana_client: Client, survey: Survey, ana: User, charlie: User,
    admin: User, company: Company,
) -> None:  # fmt: skip
    company.csm_sees = company.csm_changes = "own"
    company.save()
    event = survey_create(name="Support", kind="csat", by=Actor(admin), now=NOW)
    survey_start(survey=event, by=Actor(admin), now=NOW)
    for owner in (ana, charlie):
        customer = world.make_customer(owner=owner)
        world.invite(customer, survey=survey, version=version_newest(survey))
    # What the builder of rows makes along.
    Survey.objects.filter(key="asked").update(state=SurveyState.IMPORTED)
    assert rows(admin_client.get(LIST))[:2] == [
        (
            "Support Customer satisfaction (1–5) Running after: a support ticket was"
            " resolved, 24 hours later from 30 Jun on 0 0 Wording : Support Setup : Support"
        ),
        (
            "Relationship Net Promoter Score (0–10) Draft every 182 days 2 0"
            " Wording : Relationship Setup : Relationship"
        ),
    ]
    assert rows(ana_client.get(LIST))[1] == (
        "Relationship Net Promoter Score (0–10) Draft every 182 days 1 0"
    )


def test_more_surveys_cost_no_more_queries(
    admin_client: Client, admin: User, survey: Survey
) -> None:
    pages = [LIST, place(survey, "wording"), place(survey, "setup")]
    one = [queries(admin_client, url) for url in pages]
    for number in range(2):
        survey_create(name=f"S{number}", kind="nps", by=Actor(admin), now=NOW)
    for number in (2, 3):
        version_freeze(version_newest(survey), now=NOW)
        data = typed(admin_client.get(place(survey, "wording")))
        data["en-question"] = [f"Question {number}?"]
        admin_client.post(place(survey, "wording"), {**data, "do": "save"})
    assert survey.versions.count() == 3
    assert [queries(admin_client, url) for url in pages] == one


# Words


def test_words_are_changed(admin_client: Client, survey: Survey) -> None:
    page = admin_client.get(place(survey, "wording"))
    assert page.headers["Content-Security-Policy"].count("frame-src 'self'") == 1
    assert "English default complete" in part(page, "h-en")
    assert "Detractors (0–6)" in part(page, "h-de")
    data = typed(page)
    assert data["languages"] == ["en", "de", "ro"]
    data["de-question"] = ["Wie wahrscheinlich?"]
    data["accent"] = ["#ABC"]
    data["company_name"] = ["Fleetlane Support"]
    saved = admin_client.post(
        place(survey, "wording"), {**data, "do": "save"}, follow=True
    )
    assert messages(saved) == ["Version 1 is saved."]
    content = content_read(survey.versions.get().content)
    assert content.texts["de"].question == "Wie wahrscheinlich?"
    assert (content.accent, content.company_name) == ("#aabbcc", "Fleetlane Support")
    again = admin_client.post(
        place(survey, "wording"), {**typed(saved), "do": "save"}, follow=True
    )
    assert messages(again) == ["Nothing was changed."]


def test_a_picked_colour_is_taken(admin_client: Client, survey: Survey) -> None:
    data = typed(admin_client.get(place(survey, "wording")))
    assert (data["accent"], data["picked"]) == ([""], ["#0e6b62"])
    admin_client.post(place(survey, "wording"), {**data, "do": "save"})
    assert content_read(survey.versions.get().content).accent == ""
    data["picked"] = ["#123456"]
    admin_client.post(place(survey, "wording"), {**data, "do": "save"})
    assert content_read(survey.versions.get().content).accent == "#123456"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            {"en-question": "How do you like {contact.email}?"},
            (
                "Question: {contact.email} is no field. There are: {contact.first_name},"
                " {contact.name}, {contact.title}, {customer.name}, {owner.name},"
                " {owner.first_name}, {company.name}"
            ),
        ),
        (
            {"de-thanks_low": "Danke {{ contact.name }}"},
            "Thank-you: Write {{ contact.name }} with one pair of braces.",
        ),
        ({"accent": "red"}, "Accent colour: Write the colour like #0e6b62."),
        (
            {"en-low": "x" * 61},
            (
                "Words at the low end: Ensure this value has at most 60 characters"
                " (it has 61)."
            ),
        ),
        (
            {"default_language": "fr"},
            (
                "Default language: Select a valid choice. fr is not one of the available"
                " choices."
            ),
        ),
    ],
)
def test_wrong_words_are_refused(
    admin_client: Client, survey: Survey, change: dict[str, str], error: str
) -> None:
    before = survey.versions.get().content
    data = typed(admin_client.get(place(survey, "wording")))
    page = admin_client.post(place(survey, "wording"), {**data, **change, "do": "save"})
    assert page.status_code == 422
    assert errors(page) == error
    assert survey.versions.get().content == before


def test_a_language_is_added_and_removed_without_losing_words(
    admin_client: Client, survey: Survey
) -> None:
    url = place(survey, "wording")
    data = typed(admin_client.get(url))
    data["en-question"] = ["Unsaved?"]
    page = admin_client.post(url, {**data, "do": "add", "add": "PT_br"})
    assert page.status_code == 200
    data = typed(page)
    assert data["languages"] == ["en", "de", "ro", "pt-BR"]
    assert data["en-question"] == ["Unsaved?"]
    shown = part(page, "h-pt-BR")
    assert shown.startswith("Portuguese (Brazil) 10 texts missing Missing: Subject")
    assert "People of this language read these in: English." in shown
    page = admin_client.post(url, {**data, "do": "remove:ro"})
    data = typed(page)
    assert data["languages"] == ["en", "de", "pt-BR"]
    assert content_read(survey.versions.get().content).texts.keys() == {
        "en", "de", "ro",
    }  # fmt: skip
    data["pt-BR-question"] = ["Você recomendaria?"]
    admin_client.post(url, {**data, "do": "save"})
    content = content_read(survey.versions.get().content)
    assert list(content.texts) == ["de", "en", "pt-BR"]
    assert content.chosen("pt-BR")[1].question == "Você recomendaria?"
    assert content.chosen("pt-BR")[1].subject == "One question about {company.name}"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", "Another language: Write the code of a language, such as fr or pt-BR."),
        (
            "french",
            "Another language: Write the code of a language, such as fr or pt-BR.",
        ),
        ("xq", "Another language: There is no language “xq”."),
        ("DE", "Another language: This language is there already."),
    ],
)
def test_no_language_is_added(
    admin_client: Client, survey: Survey, code: str, error: str
) -> None:
    data = typed(admin_client.get(place(survey, "wording")))
    page = admin_client.post(
        place(survey, "wording"), {**data, "do": "add", "add": code}
    )
    assert errors(page) == error
    assert typed(page)["languages"] == ["en", "de", "ro"]


def test_the_default_language_is_not_removed(
    admin_client: Client, survey: Survey
) -> None:
    data = typed(admin_client.get(place(survey, "wording")))
    page = admin_client.post(place(survey, "wording"), {**data, "do": "remove:en"})
    assert errors(page) == (
        "Default language: Choose another default language before you remove this one."
    )


@pytest.mark.usefixtures("at_noon")
def test_what_was_sent_becomes_a_version(
    admin_client: Client, survey: Survey, ana: User
) -> None:
    version = version_newest(survey)
    version_freeze(version, now=NOW)
    customer = world.make_customer(owner=ana)
    for number in range(2):
        contact = world.person(customer, f"P{number}", is_primary=False)
        world.invite(customer, contact=contact, survey=survey, version=version)
    page = admin_client.get(place(survey, "wording"))
    told = (
        "Version 1 was sent to 2 people and stays as it is. Saving other words makes"
        " version 2; whoever is asked from then on reads those."
    )
    assert told in words(main_of(page))
    assert "Save as version 2" in words(main_of(page))
    data = {**typed(page), "en-question": "Well?", "de-thanks_high": "Schön."}
    page = admin_client.post(
        place(survey, "wording"), {**data, "do": "save"}, follow=True
    )
    assert messages(page) == ["Version 2 is saved."]
    assert part(page, "h-versions") == (
        "Versions Version 2 Not sent yet German: Thank-you: Promoters (9–10) English:"
        " Question Version 1 first sent 30 Jun, 12:00 · 2 people asked · 0 answers"
    )


def test_two_people_write_at_once(admin_client: Client, survey: Survey) -> None:
    url = place(survey, "wording")
    mine = typed(admin_client.get(url))
    theirs = {**mine, "en-question": "Theirs?", "do": "save"}
    admin_client.post(url, theirs)
    page = admin_client.post(url, {**mine, "en-question": "Mine?", "do": "save"})
    assert page.status_code == 409
    assert "English: Question Stored now: Theirs?. Yours: Mine?." in words(
        main_of(page)
    )
    assert content_read(survey.versions.get().content).texts["en"].question == "Theirs?"
    admin_client.post(url, {**typed(page), "do": "save"})
    assert content_read(survey.versions.get().content).texts["en"].question == "Mine?"


# Setup


def test_the_setup_is_changed(admin_client: Client, survey: Survey, ana: User) -> None:
    customer = world.make_customer(owner=ana)
    world.subscribe(customer)
    world.person(customer, role="CFO")
    sender = Sender.objects.create(name="Ada", email="ada@example.org")
    page = admin_client.get(place(survey, "setup"))
    data = typed(page)
    assert (data["schedule"], data["contacts"]) == (["every"], ["one"])
    data |= {
        "sender_id": sender.pk, "segments": ["mid-market"], "stages": ["adoption"],
        "plans": ["team"], "roles": ["CFO"], "contacts": "some", "contacts_limit": "4",
        "schedule": "renewal", "days_before": "90", "every_days": "nonsense",
        "counting": "sent", "reminders": "2", "reminder_days": "3", "expires_days": "20",
    }  # fmt: skip
    page = admin_client.post(place(survey, "setup"), data, follow=True)
    assert messages(page) == ["Saved."]
    survey.refresh_from_db()
    assert survey.sender == sender
    assert (survey.segments, survey.stages, survey.plans, survey.roles) == (
        ["mid-market"],
        ["adoption"],
        ["team"],
        ["CFO"],
    )
    assert (survey.contacts_limit, survey.schedule, survey.days_before) == (
        4,
        "renewal",
        90,
    )
    # Of another schedule, so it stays as it was.
    assert survey.every_days == 182
    assert (survey.counting, survey.reminders, survey.expires_days) == ("sent", 2, 20)
    again = admin_client.post(place(survey, "setup"), typed(page), follow=True)
    assert messages(again) == ["Nothing was changed."]


@pytest.mark.parametrize(("chosen", "limit"), [("one", 1), ("all", None), ("some", 2)])
def test_contacts_per_customer(
    admin_client: Client, survey: Survey, chosen: str, limit: int | None
) -> None:
    data = typed(admin_client.get(place(survey, "setup")))
    data |= {"contacts": chosen, "contacts_limit": "2"}
    admin_client.post(place(survey, "setup"), data)
    survey.refresh_from_db()
    assert survey.contacts_limit == limit
    shown = typed(admin_client.get(place(survey, "setup")))
    assert shown["contacts"] == [chosen]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": ""}, "Name: This field is required."),
        ({"every_days": ""}, "Every so many days: This field is required."),
        (
            {"every_days": "3"},
            "Every so many days: Ensure this value is greater than or equal to 7.",
        ),
        (
            {"contacts": "some", "contacts_limit": ""},
            "At most: This field is required.",
        ),
        (
            {"schedule": "event", "trigger": ""},
            "After: Choose what the question follows.",
        ),
        (
            {"starts_on": "2020-01-01"},
            "First day: This day is past. Choose today or a later one.",
        ),
        (
            {"starts_on": "2990-01-02", "ends_on": "2990-01-01"},
            "Last day: The last day lies before the first one.",
        ),
        (
            {"reminders": "2", "reminder_days": "10", "expires_days": "20"},
            (
                "Days between them: The last reminder would go out on day 20, but answers"
                " are taken for 20 days only. Remind sooner, or give more time."
            ),
        ),
    ],
)
def test_a_setup_that_does_not_fit_is_refused(
    admin_client: Client, survey: Survey, change: dict[str, str], error: str
) -> None:
    data = typed(admin_client.get(place(survey, "setup")))
    page = admin_client.post(place(survey, "setup"), {**data, **change})
    assert page.status_code == 422
    assert errors(page) == error


def test_two_people_set_up_at_once(admin_client: Client, survey: Survey) -> None:
    url = place(survey, "setup")
    mine = typed(admin_client.get(url))
    admin_client.post(url, {**mine, "every_days": "60"})
    page = admin_client.post(url, {**mine, "every_days": "90"})
    assert page.status_code == 409
    assert "Stored now: 60. Yours: 90." in words(main_of(page))
    survey.refresh_from_db()
    assert survey.every_days == 60
    admin_client.post(url, typed(page))
    survey.refresh_from_db()
    assert survey.every_days == 90


# States


def test_a_survey_is_started_paused_and_closed(
    admin_client: Client, survey: Survey, ana: User
) -> None:
    shown = words(main_of(admin_client.get(place(survey, "start"))))
    assert "Relationship, Net Promoter Score (0–10) When every 182 days" in shown
    page = admin_client.post(place(survey, "start"), follow=True)
    assert messages(page) == ["“Relationship” is running."]
    page = admin_client.post(place(survey, "pause"), follow=True)
    assert messages(page) == [
        "“Relationship” asks nobody for now. Answers are still taken. Undo"
    ]
    page = admin_client.post(place(survey, "resume"), follow=True)
    assert messages(page) == ["“Relationship” is running again."]
    customer = world.make_customer(owner=ana)
    world.invite(customer, survey=survey, version=version_newest(survey))
    question = words(main_of(admin_client.get(place(survey, "close"))))
    assert (
        "1 person was asked and has not answered; that invitation ends now." in question
    )
    assert "Closing cannot be undone" in question
    survey.refresh_from_db()
    assert survey.state == SurveyState.RUNNING
    page = admin_client.post(place(survey, "close"), follow=True)
    assert messages(page) == ["“Relationship” is closed. 1 invitation ended with it."]
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    for rest, text in (
        ("start", "This survey was started already."),
        ("close", "Only a survey that was started can be closed."),
        ("pause", "Nothing was done. By now the survey’s state is: Closed."),
        ("resume", "Nothing was done. By now the survey’s state is: Closed."),
        ("delete", "Only a draft can be deleted."),
    ):
        page = admin_client.post(place(survey, rest), follow=True)
        assert messages(page) == [text]
    assert "its setup stays as it was" in words(main_of(page))
    shown = admin_client.get(place(survey, "wording"))
    assert "its words stay as they were" in words(main_of(shown))
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED


def test_the_start_says_how_many_are_coming(
    admin_client: Client, survey: Survey, ana: User
) -> None:
    for number in range(2):
        world.person(world.make_customer(f"C{number}", owner=ana))
    Survey.objects.update(schedule="once")
    shown = words(main_of(admin_client.get(place(survey, "start"))))
    assert "Next 30 days the turn of 2 customers comes" in shown
    Survey.objects.update(schedule="event", trigger="ticket_resolved")
    shown = words(main_of(admin_client.get(place(survey, "start"))))
    assert "Next 30 days" not in shown


def test_what_is_missing_is_listed_before_the_start(
    admin_client: Client, survey: Survey
) -> None:
    data = {**typed(admin_client.get(place(survey, "wording"))), "en-question": ""}
    admin_client.post(place(survey, "wording"), {**data, "do": "save"})
    page = admin_client.get(place(survey, "start"))
    shown = words(main_of(page))
    assert "In the default language these texts are missing: Question." in shown
    assert "Start asking" not in shown
    page = admin_client.post(place(survey, "start"), follow=True)
    assert messages(page) == [
        "In the default language these texts are missing: Question."
    ]
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT


def test_a_survey_is_copied_and_a_draft_deleted(
    admin_client: Client, survey: Survey
) -> None:
    page = admin_client.post(place(survey, "copy"), follow=True)
    copy = Survey.objects.get(name="Copy of Relationship")
    assert page.redirect_chain[-1][0] == place(copy, "setup")
    assert "cannot be undone" in words(main_of(admin_client.get(place(copy, "delete"))))
    page = admin_client.post(place(copy, "delete"), follow=True)
    assert messages(page) == ["Deleted: Copy of Relationship"]
    assert Survey.objects.get() == survey


def test_what_was_imported_is_not_built(admin_client: Client, survey: Survey) -> None:
    Survey.objects.update(state=SurveyState.IMPORTED)
    for rest in ("wording", "setup", "start", "close", "delete"):
        assert admin_client.get(place(survey, rest)).status_code == 404
    for rest in ("pause", "resume", "copy", "test"):
        assert admin_client.post(place(survey, rest)).status_code == 404
    assert "asked elsewhere" in rows(admin_client.get(LIST))[0]


# Rules


def test_the_rules_are_changed(admin_client: Client) -> None:
    page = admin_client.get(LIST + "rules/")
    data = typed(page)
    assert data["throttle_days"] == ["90"]
    page = admin_client.post(
        LIST + "rules/", {**data, "throttle_days": "60"}, follow=True
    )
    assert messages(page) == ["Saved."]
    assert SurveyRules.objects.get().throttle_days == 60
    late = admin_client.post(LIST + "rules/", {**data, "throttle_days": "30"})
    assert late.status_code == 409
    assert "Stored now: 60. Yours: 30." in words(main_of(late))
    wrong = admin_client.post(LIST + "rules/", {**typed(page), "keep_days": "1"})
    assert wrong.status_code == 422
    same = admin_client.post(LIST + "rules/", typed(page), follow=True)
    assert messages(same) == ["Nothing was changed."]


# Who may


def test_everybody_reads_the_list_and_administrators_build(
    ana_client: Client, mara_client: Client, viewer_client: Client, survey: Survey
) -> None:
    for client in (ana_client, mara_client, viewer_client):
        page = client.get(LIST)
        assert page.status_code == 200
        assert "Relationship" in words(main_of(page))
        assert "Setup" not in words(main_of(page))
        for rest in ("wording", "setup", "start", "close", "delete"):
            assert client.get(place(survey, rest)).status_code == 403
            assert client.post(place(survey, rest)).status_code == 403
        for rest in ("pause", "resume", "copy", "test"):
            assert client.post(place(survey, rest)).status_code == 403
        for name in ("survey_preview_mail", "survey_preview_page"):
            assert client.get(reverse(name, args=[survey.pk])).status_code == 403
            assert client.post(reverse(name, args=[survey.pk])).status_code == 403
        for rest in ("new/", "rules/"):
            assert client.get(LIST + rest).status_code == 403
            assert client.post(LIST + rest, {"name": "X"}).status_code == 403
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT
    assert OutboxMessage.objects.count() == 0


def test_strangers_are_asked_to_sign_in(client: Client, survey: Survey) -> None:
    for url in (LIST, LIST + "new/", place(survey, "wording"), place(survey, "setup")):
        assert client.get(url).status_code == 302
