"""Reading pages the way a person does."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company, User
from customers.models import Customer
from tests import world


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings, tmp_path: Path) -> None:
    """This will render pages without a collected, hashed copy of the static files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    # WhiteNoise warns about a folder that is not there.
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """This will stop the clock at noon of the tests' day."""
    monkeypatch.setattr(timezone, "now", lambda: world.NOW)


@pytest.fixture
def scored_world(
    company: Company, ana: User, charlie: User, at_noon: None
) -> dict[str, Customer]:
    """This will score a failing and a healthy customer of Ana's, and one of Charlie's."""
    customers = {
        "failing": world.failing_customer("Brightwater Logistics", owner=ana),
        "healthy": world.healthy_customer("Kestrel Foods", owner=ana),
        "charlie": world.failing_customer("Secret Ltd", owner=charlie),
    }
    world.score()
    return customers


def words(html: str) -> str:
    """This will return the text of a piece of HTML, spaces folded."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def main_of(response: HttpResponse) -> str:
    """This will return the page's main part."""
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def part(response: HttpResponse, heading_id: str) -> str:
    """This will return the text of the section with a heading of this id."""
    html = main_of(response)
    pattern = rf'<section[^>]*aria-labelledby="{heading_id}".*?</section>'
    found = re.search(pattern, html, flags=re.DOTALL)
    assert found, f"there is no section {heading_id!r}"
    return words(found[0])


def rows(response: HttpResponse) -> list[str]:
    """This will return the text of each row of the list."""
    return [
        words(row)
        for row in re.findall(
            r"<tr class=\"row\".*?</tr>", main_of(response), flags=re.DOTALL
        )
    ]


def facts(response: HttpResponse) -> list[str]:
    """This will return the figures at the top of the page."""
    found = re.search(
        r'<dl class="facts">(.*?)</dl>', main_of(response), flags=re.DOTALL
    )
    assert found, "there are no facts"
    return [
        words(fact)
        for fact in re.findall(r"<div>(.*?)</div>", found[1], flags=re.DOTALL)
    ]


def messages(response: HttpResponse) -> list[str]:
    """This will return what the page says was done."""
    found = re.search(
        r'<ul class="messages".*?</ul>', main_of(response), flags=re.DOTALL
    )
    assert found
    return [
        words(line) for line in re.findall(r"<li.*?</li>", found[0], flags=re.DOTALL)
    ]


def queries(client: Client, url: str) -> int:
    """This will count the queries of a page, asked for a second time."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response: Any = client.get(url)
    assert response.status_code == 200
    return len(captured)
