"""Health addresses, the style guide, error pages."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import server_error
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Company, User

FORBIDDEN = re.compile(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:")


def test_live_needs_no_database(client: Client) -> None:
    # Without the db fixture any query would fail here.
    client.cookies["sessionid"] = "somebody"
    response = client.get("/healthz/live")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_asks_the_database(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert client.get("/healthz/ready").status_code == 200


@pytest.mark.django_db
def test_not_ready_says_why_without_an_address(client: Client) -> None:
    def away(*_: object) -> None:
        msg = "connection to server at db.internal failed"
        raise OperationalError(msg)

    with connection.execute_wrapper(away):
        response = client.get("/healthz/ready")
    assert response.status_code == 503
    assert response.content == b"The database does not answer (OperationalError).\n"


def test_the_style_guide_is_for_people_who_signed_in(client: Client, db: None) -> None:
    assert client.get("/styleguide/").status_code == 302


def test_the_style_guide_shows_everything(
    admin_client: Client, company: Company
) -> None:
    response = admin_client.get("/styleguide/")
    html = response.content.decode()
    assert response.status_code == 200
    for part in (
        "fact",
        "chip",
        "tag crit",
        "tag unknown",
        "risk",
        "timeline",
        "spark",
    ):
        assert f'class="{part}' in html, part
    assert "data-theme" not in html


@pytest.mark.parametrize(
    ("asked", "shown"), [("dark", True), ("light", True), ('"><b>', False)]
)
def test_the_style_guide_can_be_shown_dark(
    admin_client: Client, company: Company, asked: str, *, shown: bool
) -> None:
    html = admin_client.get("/styleguide/", {"theme": asked}).content.decode()
    assert (f'data-theme="{asked}"' in html) is shown


@pytest.mark.parametrize("language", ["en", "de", "ro"])
def test_pages_obey_the_content_security_policy(
    admin_client: Client, admin: User, company: Company, language: str
) -> None:
    admin.language = language
    admin.save()
    response = admin_client.get("/styleguide/")
    assert FORBIDDEN.search(response.content.decode()) is None
    policy = response["Content-Security-Policy"]
    assert "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy


def test_no_template_has_inline_script_or_style() -> None:
    pages = sorted(Path(django_settings.BASE_DIR / "templates").rglob("*.html"))
    assert pages
    found = [
        page.name
        for page in pages
        if "emails" not in page.parts and FORBIDDEN.search(page.read_text())
    ]
    assert found == []


def test_htmx_neither_evaluates_nor_styles(
    admin_client: Client, company: Company
) -> None:
    html = admin_client.get("/styleguide/").content.decode()
    for part in (
        '"includeIndicatorStyles":false',
        '"allowEval":false',
        '"selfRequestsOnly":true',
        '{"code":"422","swap":true}',
    ):
        assert part in html
    assert re.search(r"hx-headers='\{\"X-CSRFToken\": \"\w{64}\"\}'", html)


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_missing_page_says_where_to_go(
    client: Client, admin: User, company: Company, *, signed_in: bool
) -> None:
    if signed_in:
        client.force_login(admin, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "Go to Today" in response.content.decode()


def test_an_error_page_needs_neither_context_nor_database() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"Something went wrong" in response.content


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html"])
def test_other_errors_stand_alone(name: str) -> None:
    assert "Go to Today" in render_to_string(name)


def test_an_unknown_host_is_told_what_to_set(
    client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["keepwell.example"]
    response = client.get("/healthz/live", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"KEEPWELL_ALLOWED_HOSTS" in response.content


def test_a_stale_form_is_explained(admin: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    response = strict.post("/me/appearance/", {"language": "de", "theme": "dark"})
    assert response.status_code == 403
    assert b"This form is too old" in response.content
