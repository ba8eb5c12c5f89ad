"""Filling in a page of settings the way a browser does."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.pages import main_of

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
SELECT = re.compile(r"<select\b[^>]*name=\"([^\"]+)\"[^>]*>(.*?)</select>", re.DOTALL)
CHOSEN = re.compile(r"<option\b[^>]*value=\"([^\"]*)\"[^>]*\bselected")


def form_of(response: HttpResponse, action: str) -> dict[str, Any]:
    """This will return what the form with an address would send as it stands."""
    html = main_of(response)
    forms = re.findall(r"<form\b.*?</form>", html, flags=re.DOTALL)
    (form,) = (form for form in forms if f'action="{action}"' in form)
    return _values(form)


def only_form(response: HttpResponse) -> dict[str, Any]:
    """This will return what the form without an address would send."""
    forms = re.findall(r"<form\b.*?</form>", main_of(response), flags=re.DOTALL)
    tags = {form.split(">")[0]: form for form in forms}
    # The empty form of common/act.html carries nothing but the token.
    (form,) = (
        form
        for tag, form in tags.items()
        if "action=" not in tag and 'id="act"' not in tag
    )
    return _values(form)


def _values(form: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for tag in INPUT.findall(form):
        attributes = dict(ATTRIBUTE.findall(tag[6:-1]))
        name, kind = attributes.get("name"), attributes.get("type", "text")
        if not name or kind == "file" or name == "csrfmiddlewaretoken":
            continue
        value = unescape(attributes.get("value", ""))
        if kind == "checkbox":
            if "checked" in attributes:
                found.setdefault(name, []).append(value or "on")
        elif kind == "radio":
            if "checked" in attributes:
                found[name] = value
        else:
            found[name] = value
    for name, options in SELECT.findall(form):
        chosen = CHOSEN.search(options)
        found[name] = chosen[1] if chosen else ""
    return found


def fill(client: Client, url: str, **typed: Any) -> HttpResponse:
    """This will open a page with one form, change some fields and send it."""
    response = client.get(url)
    data = {**only_form(response), **typed}
    answer: Any = client.post(url, data)
    return answer
