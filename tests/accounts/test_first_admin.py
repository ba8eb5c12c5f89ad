"""The first administrator: in the browser once, at the console any time."""

import io
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.actor import Actor
from accounts.management.commands import createadmin
from accounts.models import Company, User
from accounts.services.first_admin import UnableToSetUp, installation_set_up
from tests.accounts.entries import entries, entry, last_number
from tests.accounts.test_people import at_once
from tests.world import NOW, PASSWORD

NEW = {
    "company_name": "Fleetlane",
    "base_url": "https://keepwell.example.org",
    "time_zone": "Europe/Bucharest",
    "currency": "RON",
    "name": "Ada Admin",
    "email": "ada@example.org",
    "password": PASSWORD,
    "language": "ro",
}


def set_up(**fields: Any) -> User:
    visitor = Actor(None, "192.0.2.7", "a browser")
    return installation_set_up(**{**NEW, **fields}, by=visitor, now=NOW)


class TestSetUp:
    def test_names_the_company_and_makes_the_administrator(self, db: None) -> None:
        made = set_up()
        ours = Company.objects.get()
        assert (ours.name, ours.base_url, ours.time_zone, ours.currency) == (
            "Fleetlane",
            "https://keepwell.example.org",
            "Europe/Bucharest",
            "RON",
        )
        assert (made.email, made.role, made.language) == (
            "ada@example.org",
            "admin",
            "ro",
        )
        assert made.check_password(PASSWORD)
        found = entry()
        assert (found.action, found.actor_id, found.after) == (
            "accounts.administrator_created",
            made.pk,
            {"role": "admin"},
        )
        assert found.detail.data["address"] == "192.0.2.7"
        assert found.detail.data["subject"]["email"] == "ada@example.org"

    def test_is_over_when_anybody_exists(self, company: Company, viewer: User) -> None:
        """Even if nobody there is an administrator, or may still sign in."""
        User.objects.update(is_active=False)
        with pytest.raises(UnableToSetUp):
            set_up(company_name="Mine now")
        company.refresh_from_db()
        assert company.name == "Fleetlane"
        assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_first_visitors_make_one_administrator() -> None:
    before = last_number()
    results = at_once(
        *(lambda n=n: set_up(email=f"{n}@example.org") for n in range(20))
    )
    made = [result for result in results if isinstance(result, User)]
    refused = [result for result in results if isinstance(result, UnableToSetUp)]
    assert (len(made), len(refused)) == (1, 19)
    assert list(User.objects.values_list("pk", flat=True)) == [made[0].pk]
    assert len(entries(after=before)) == 1


class TestCommand:
    @pytest.fixture
    def typed(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """This will be somebody at a terminal who types the lines given."""

        def sit_down(*lines: str) -> None:
            queue = list(lines)
            terminal = io.StringIO()
            terminal.isatty = lambda: True  # type: ignore[method-assign]
            monkeypatch.setattr(sys, "stdin", terminal)
            monkeypatch.setattr("builtins.input", lambda _prompt: queue.pop(0))
            monkeypatch.setattr(createadmin, "getpass", lambda _prompt: queue.pop(0))

        return sit_down

    @pytest.fixture
    def piped(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))

    def test_asks_for_everything(self, db: None, typed: Any, capsys: Any) -> None:
        typed(" Ada@Example.org ", " Ada  Admin ", PASSWORD, PASSWORD)
        call_command("createadmin")
        made = User.objects.get()
        assert (made.email, made.name, made.role) == (
            "ada@example.org",
            "Ada Admin",
            "admin",
        )
        assert PASSWORD not in capsys.readouterr().out
        client = Client()
        client.post("/sign-in/", {"login": made.email, "password": PASSWORD})
        assert "_auth_user_id" in client.session

    def test_asks_again_until_the_password_is_good(
        self, db: None, typed: Any, capsys: Any
    ) -> None:
        typed("ada@example.org", "Ada", "short", PASSWORD, "another", *[PASSWORD] * 2)
        call_command("createadmin")
        assert User.objects.get().check_password(PASSWORD)
        said = capsys.readouterr().err
        assert "at least 12 characters" in said
        assert "differ" in said

    def test_takes_all_from_a_script(self, db: None, piped: Any) -> None:
        piped(f"{PASSWORD}\r\nmore\n")
        call_command(
            "createadmin", "--email=a@example.org", "--name=A", "--password-stdin"
        )
        assert User.objects.get().check_password(PASSWORD)
        found = entry()
        assert (found.action, found.actor_id) == (
            "accounts.administrator_created",
            None,
        )
        assert found.detail.data["agent"] == "console"

    @pytest.mark.parametrize(
        ("options", "text", "complaint"),
        [
            ([], "", "give --email and --name"),
            (["--email=a@example.org", "--name=A"], "", "--password-stdin"),
            (["--email=nobody", "--name=A"], "x", "not an email address"),
            (["--email=a@example.org", "--name= "], "x", "1 to 150 letters"),
            (["--email=a@example.org", "--name=A"], "short\n", "at least 12"),
            (["--email=ANA@example.org", "--name=A"], PASSWORD, "exists already"),
            (
                ["--email=password@example.org", "--name=A"],
                "password@example.org",
                "too similar",
            ),
        ],
    )
    def test_says_what_is_amiss(
        self, ana: User, piped: Any, options: list[str], text: str, complaint: str
    ) -> None:
        piped(text)
        with pytest.raises(CommandError, match=complaint):
            call_command(
                "createadmin", *options, *(["--password-stdin"] if text else [])
            )
        assert User.objects.count() == 1
        assert entries() == []

    def test_makes_a_second_one_too(self, admin: User, piped: Any) -> None:
        piped(PASSWORD)
        call_command(
            "createadmin", "--email=b@example.org", "--name=B", "--password-stdin"
        )
        assert User.objects.filter(role="admin").count() == 2
