"""Nobody gets more than a form offers: mass assignment (I4) and privilege (I15)."""

from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import models
from django.forms import BaseForm, ModelForm
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Company, Holiday, Invitation, Team, User
from mail.models import MailServer, Sender
from tests import world
from tests.access.harness import undone
from tests.access.matrix import MATRIX
from tests.access.objects import OBJECTS, Cast
from tests.test_repository import APPS

pytestmark = pytest.mark.usefixtures("at_noon")

ROWS = {name: row for group in MATRIX.values() for name, row in group.items()}
# What decides what a person may do, and who the person is.
POWER = (
    "email", "password", "role", "team_id", "is_active", "is_superuser", "is_demo",
    "session_epoch",
)  # fmt: skip
# What only an administrator sets up.
GOVERNING = (Company, Team, Invitation, MailServer, Sender, Holiday)
# Columns of the own row that a person may end: signing out elsewhere raises the epoch.
OWN_DOING = {"me_sign_out": {"session_epoch"}}
# Written once; forms take it as they take one with files.
FORM = "application/x-www-form-urlencoded"


def hostile(field: "models.Field[Any, Any]", cast: Cast) -> Any:
    """This will make a value that would show if it were taken."""
    if field.name == "role":
        return "admin"
    if field.is_relation:
        return cast.people["admin"].pk
    if isinstance(field, models.BooleanField):
        return "on"
    if field.choices:
        return [value for value, _label in field.flatchoices][-1]
    if isinstance(field, models.DateField):
        return (
            world.NOW.isoformat()
            if isinstance(field, models.DateTimeField)
            else "2020-01-01"
        )
    if isinstance(field, models.TimeField):
        return "03:33"
    if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField):
        return "1"
    if isinstance(field, models.EmailField):
        return "mallory@example.org"
    return "mallory"


def poison(cast: Cast) -> dict[str, Any]:
    """This will fill in every field of every model, by name and by column."""
    body: dict[str, Any] = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                body[field.name] = body[field.attname] = hostile(field, cast)
    body |= {"is_superuser": "on", "is_staff": "on", "role": "admin", "pk": "1"}
    # Without these the forms themselves would be refused.
    for name in ("csrfmiddlewaretoken", "next"):
        body.pop(name, None)
    return body


def power() -> dict[int, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in User.objects.values_list("pk", *POWER)}


def governing() -> dict[str, list[Any]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in GOVERNING
    }


@pytest.mark.parametrize("column", ["anonymous", "manager", "owner", "other", "viewer"])
def test_no_form_makes_anybody_more_than_they_are(column: str, everybody: Cast) -> None:
    """Every address takes every field, and nobody but an administrator rules."""
    client, body = everybody.clients[column], urlencode(poison(everybody))
    client.raise_request_exception = False
    before, ruled = power(), governing()
    wrong = []
    for name, row in ROWS.items():
        with undone():
            url = reverse(name, args=OBJECTS[row.on](everybody))
            known, cookies = governing(), deepcopy(client.cookies)
            answer = client.post(url, body, content_type=FORM)
            client.cookies = cookies
            after = power()
            for pk, values in after.items():
                changed = {
                    key
                    for key, old, new in zip(POWER, before[pk], values, strict=True)
                    if old != new
                }
                if changed - OWN_DOING.get(name, set()):
                    wrong.append(f"{name}: {sorted(changed)} of {pk}")
            if set(after) != set(before):
                wrong.append(f"{name}: a person more or less")
            if governing() != known:
                wrong.append(
                    f"{name}: what only administrators set ({answer.status_code})"
                )
    assert wrong == []
    assert (power(), governing()) == (before, ruled)


# Forms over a row: the address, the row, and all that it may change.
FORMS: dict[str, tuple[str, type[models.Model], set[str]]] = {
    "me": ("owner", User, {"name", "language", "time_zone", "theme"}),
    "settings_access": (
        "admin", Company, {"csm_sees", "csm_changes", "second_factor_roles"},
    ),
    "settings_company": (
        "admin", Company, {"name", "base_url", "time_zone", "nightly_at", "accent"},
    ),
    "settings_calendar": (
        "admin", Company, {"working_days", "opens_at", "closes_at"},
    ),
    "settings_money": (
        "admin", Company,
        {
            "gross_margin", "support_cost", "discount_rate", "horizon_months",
            "gone_below",
        },
    ),
    "value_settings": (
        "admin", Company,
        {"gross_margin", "support_cost", "discount_rate", "horizon_months"},
    ),
    "sender_edit": ("admin", Sender, {"name", "email", "reply_to"}),
    "person": ("admin", User, {"name", "email", "role", "team_id"}),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_changes_what_it_shows_and_nothing_else(
    name: str, everybody: Cast
) -> None:
    column, model, allowed = FORMS[name]
    client = everybody.clients[column]
    url = reverse(name, args=OBJECTS[ROWS[name].on](everybody))
    form = shown_form(client, url)
    typed = {key: form[key].value() for key in form.fields}
    body = {key: value for key, value in poison(everybody).items() if key not in typed}
    body |= {key: value for key, value in typed.items() if value not in (None, "")}
    if "name" in form.fields:
        body["name"] = "Somebody Else"
    before = list(model._default_manager.order_by("pk").values())
    answer: Any = client.post(url, body)
    assert answer.status_code == 302, getattr(answer.context.get("form"), "errors", "")
    after = list(model._default_manager.order_by("pk").values())
    changed = {
        key
        for old, new in zip(before, after, strict=True)
        for key in old
        if old[key] != new[key]
    }
    assert changed <= allowed
    if "name" in form.fields:
        assert "name" in changed, "the form was not saved, so this proves nothing"


def shown_form(client: Client, url: str) -> BaseForm:
    page: Any = client.get(url)
    form: BaseForm = page.context["form"]
    return form


def test_every_model_form_names_its_fields() -> None:
    # Without the addresses loaded only what another test imported would be looked at.
    get_resolver().url_patterns  # noqa: B018
    forms = list(subclasses(ModelForm))
    ours = [form for form in forms if form.__module__.split(".")[0] in APPS]
    assert len(ours) >= 8
    loose = [
        form.__name__
        for form in ours
        if getattr(form, "_meta", None)
        and form._meta.model
        and (form._meta.fields in (None, "__all__") or form._meta.exclude)
    ]
    assert loose == []


def subclasses(base: type[Any]) -> set[type[Any]]:
    found = set()
    for child in base.__subclasses__():
        found |= {child} | subclasses(child)
    return found
