"""The mail and the page in their frames, and the test to oneself."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from accounts.models import Company, User
from mail.models import OutboxMessage
from mail.rendering.bodies import message_render
from surveys.calculations.content import content_read
from surveys.calculations.parts import PARTS, flat
from surveys.calculations.scales import group_of
from surveys.models import Invitation, Survey
from surveys.selectors.versions import version_newest
from surveys.services.surveys import survey_create
from tests.pages import main_of, messages, words
from tests.world import NOW


@pytest.fixture(autouse=True)
def our_company(company: Company) -> Company:
    return company


@pytest.fixture
def survey(admin: User) -> Survey:
    return survey_create(name="Relationship", kind="nps", by=Actor(admin), now=NOW)


def frame(survey: Survey, part: str) -> str:
    return f"/surveys/{survey.pk}/preview/{part}.html"


def unsaved(survey: Survey, **changes: str) -> dict[str, Any]:
    """This will return the form of a survey's words, changed and not saved."""
    content = content_read(version_newest(survey).content)
    data = {name.replace(":", "-"): text for name, text in flat(content).items()}
    return {**data, "languages": list(content.texts), **changes}


def text_of(response: Any) -> str:
    return words(response.content.decode())


@pytest.mark.parametrize("part", ["mail", "page"])
def test_the_saved_words_are_shown(
    admin_client: Client, survey: Survey, part: str
) -> None:
    shown = admin_client.get(frame(survey, part))
    assert shown.status_code == 200
    assert "How likely are you to recommend Fleetlane" in text_of(shown)
    assert "not at all likely" in text_of(shown)
    german = text_of(admin_client.get(frame(survey, part) + "?language=de"))
    assert "Wie wahrscheinlich ist es, dass Sie Fleetlane" in german
    nonsense = text_of(admin_client.get(frame(survey, part) + "?language=xx&look=x"))
    assert "How likely are you to recommend Fleetlane" in nonsense


@pytest.mark.parametrize("part", ["mail", "page"])
def test_the_frame_can_do_nothing(
    admin_client: Client, survey: Survey, part: str
) -> None:
    shown = admin_client.get(frame(survey, part))
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["mail", "page"])
def test_words_are_shown_before_they_are_saved(
    admin_client: Client, survey: Survey, part: str
) -> None:
    before = survey.versions.get().content
    data = unsaved(survey, **{"en-question": "Is {company.name} <b>any</b> good?"})
    data["company_name"] = "Acme\x00 Ltd"
    shown = admin_client.post(frame(survey, part), data)
    assert shown.status_code == 200
    assert "Is Acme Ltd <b>any</b> good?" in text_of(shown)
    assert "<b>any</b>" not in shown.content.decode()
    assert survey.versions.get().content == before
    assert OutboxMessage.objects.count() == 0
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("part", ["mail", "page"])
def test_what_is_wrong_is_shown_all_the_same(
    admin_client: Client, survey: Survey, part: str
) -> None:
    data = unsaved(
        survey, accent="red", language="ro", default_language="zz",
        **{"ro-question": "", "en-question": "{nonsense} {{ contact.name }}"},
    )  # fmt: skip
    assert admin_client.post(frame(survey, part), data).status_code == 200
    assert admin_client.post(frame(survey, part), {}).status_code == 200
    huge = unsaved(survey, **{"en-question": "x" * 100_000})
    shown = admin_client.post(frame(survey, part), huge)
    assert len(shown.content) < 60_000


@pytest.mark.parametrize("part", ["mail", "page"])
def test_a_language_without_words_shows_the_default_one(
    admin_client: Client, survey: Survey, part: str
) -> None:
    data = unsaved(survey, language="ro")
    data["languages"] = ["en", "de"]
    shown = text_of(admin_client.post(frame(survey, part), data))
    assert "How likely are you to recommend Fleetlane" in shown
    data = unsaved(survey, language="de", **{"de-question": ""})
    shown = text_of(admin_client.post(frame(survey, part), data))
    assert "How likely are you to recommend Fleetlane" in shown
    assert "überhaupt nicht wahrscheinlich" in shown


def test_every_kind_has_its_scale(admin_client: Client, admin: User) -> None:
    for kind, last in (("csat", "5"), ("ces", "7")):
        survey = survey_create(name=kind, kind=kind, by=Actor(admin), now=NOW)
        for part in ("mail", "page"):
            html = admin_client.get(frame(survey, part)).content.decode()
            numbers = re.findall(r">\s*(\d+)\s*<", html)
            assert max(numbers, key=int) == last


def test_the_page_names_what_is_missing(admin_client: Client, survey: Survey) -> None:
    data = unsaved(survey, do="remove:ro", language="ro")
    page = admin_client.post(f"/surveys/{survey.pk}/wording/", data)
    shown = words(main_of(page))
    assert "Romanian is not written. People of this language read: English." in shown
    data = unsaved(survey, do="save", **{f"de-{part}": "" for part in PARTS})
    page = admin_client.post(f"/surveys/{survey.pk}/wording/", data, follow=True)
    assert "German 10 texts missing" in words(main_of(page))


def test_a_test_goes_to_oneself_once(
    admin_client: Client, admin: User, survey: Survey
) -> None:
    place = f"/surveys/{survey.pk}/"
    data = {"language": "de", "effect": uuid.uuid4().hex}
    page = admin_client.post(place + "test/", data, follow=True)
    message = OutboxMessage.objects.get()
    assert messages(page) == [
        "A test is on its way to admin@example.org. See it in the outbox"
    ]
    assert f'href="/mail/outbox/{message.pk}/"' in main_of(page)
    assert (message.to_email, message.language) == (admin.email, "de")
    made = message_render(message)
    assert made.subject == "Test: Eine Frage zu Fleetlane"
    page = admin_client.post(place + "test/", data, follow=True)
    assert messages(page) == ["This test was asked for already."]
    assert OutboxMessage.objects.count() == 1
    admin_client.post(place + "test/", {"language": "xx", "effect": "nonsense"})
    assert OutboxMessage.objects.order_by("-pk")[0].language == "en"
    assert survey.versions.get().frozen_at is None
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("kind", ["nps", "csat", "ces"])
def test_every_page_of_every_group_is_shown(
    admin_client: Client, admin: User, kind: str
) -> None:
    survey = survey_create(name=kind, kind=kind, by=Actor(admin), now=NOW)
    texts = content_read(version_newest(survey).content).texts["en"]
    for group in ("low", "middle", "high"):
        url = frame(survey, "page") + f"?step=follow_up_{group}"
        html = admin_client.get(url).content.decode()
        assert texts.follow_up[group] in words(html)
        (checked,) = re.findall(r'value="(\d+)"[^>]*checked', html)
        assert group_of(kind, int(checked)) == group
        url = frame(survey, "page") + f"?step=thanks_{group}"
        shown = text_of(admin_client.get(url))
        assert texts.thanks[group].partition(".")[0] in shown


def test_the_look_is_chosen(admin_client: Client, survey: Survey) -> None:
    page = frame(survey, "page")
    assert ":root{color-scheme:light}" in admin_client.get(page).content.decode()
    dark = admin_client.get(page + "?look=dark").content.decode()
    assert ":root{color-scheme:dark}" in dark
