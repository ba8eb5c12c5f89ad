"""The audit log's page: whom it lets in, what it says, and how it is narrowed."""

import csv
import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts.actor import CONSOLE, MACHINE, Actor
from accounts.audit_rows import action_label, action_words
from accounts.models import AuditDetail, AuditEntry, AuditHead, Company, Team, User
from accounts.selectors import audit as selectors
from accounts.services.audit import audit_record
from accounts.services.audit_erase import audit_details_erase
from accounts.views import audit as views
from tests.pages import main_of, messages, part, queries, words
from tests.world import NOW

ROOT = Path(__file__).resolve().parents[3]
PAGE = "/audit/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
URLS = [PAGE, "/audit/export/"]


def lines(response: HttpResponse) -> list[str]:
    """The entries on the page, without their numbers."""
    items = re.findall(r'<li id="entry-.*?</li>', main_of(response), flags=re.DOTALL)
    return [re.sub(r" \d+$", "", words(item)) for item in items]


def get(client: Client, **query: Any) -> HttpResponse:
    response: Any = client.get(PAGE, query)
    assert response.status_code == 200
    return response


@pytest.fixture
def from_here(company: Company, admin: User) -> Actor:
    return Actor(admin, "192.0.2.1", FIREFOX)


@pytest.fixture
def promoted(from_here: Actor, ana: User) -> AuditEntry:
    return audit_record(
        by=from_here,
        action="accounts.person_changed",
        now=NOW,
        subject=ana,
        person=ana,
        before={"role": "csm", "is_active": False, "team": None},
        after={"role": "admin", "is_active": True, "team": "North"},
        personal={
            "subject": {"name": "Ana Popescu"},
            "before": {"email": "old@example.org"},
            "after": {"email": "ana@example.org"},
        },
    )


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("who", ["ana_client", "mara_client", "viewer_client"])
def test_it_is_for_administrators(
    url: str, who: str, promoted: AuditEntry, request: pytest.FixtureRequest
) -> None:
    response = request.getfixturevalue(who).get(url)
    assert response.status_code == 403
    assert b"old@example.org" not in response.content


@pytest.mark.parametrize("who", ["ana_client", "mara_client", "viewer_client"])
def test_only_administrators_verify(
    who: str, promoted: AuditEntry, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    assert client.post("/audit/verify/").status_code == 403
    assert not AuditEntry.objects.filter(
        number__gt=promoted.number, action="audit.verified"
    ).exists()


@pytest.mark.parametrize("url", [*URLS, "/audit/verify/"])
def test_a_stranger_is_asked_to_sign_in(url: str, db: None, client: Client) -> None:
    response = client.post(url) if "verify" in url else client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_an_entry_in_words(promoted: AuditEntry, admin_client: Client) -> None:
    (line,) = lines(get(admin_client, about=f"accounts.user:{promoted.subject_id}"))
    assert line == (
        "Person changed Ana Popescu"
        " Role Customer success manager became Administrator"
        " Team – became North"
        " Active No became Yes"
        " Email address old@example.org became ana@example.org"
        " 30 Jun, 14:00 Ada Admin 192.0.2.1, Firefox, Linux"
    ).replace("14:00", "12:00")


def test_who_did_it(company: Company, admin_client: Client, admin: User) -> None:
    team = Team.objects.create(name="North")
    for by in (MACHINE, CONSOLE, Actor(None, "203.0.113.7", FIREFOX), Actor(admin)):
        audit_record(by=by, action="accounts.team_created", now=NOW, subject=team)
    gone = Actor(User(pk=99_999, name="", email=""))
    audit_record(by=gone, action="accounts.team_created", now=NOW, subject=team)
    found = lines(get(admin_client, about=f"accounts.team:{team.pk}"))
    assert found == [
        f"Team made North 30 Jun, 12:00 {who}"
        for who in (
            "A person who is gone",
            "Ada Admin",
            "Somebody not signed in 203.0.113.7, Firefox, Linux",
            "Somebody at the console",
            "Keepwell itself",
        )
    ]


def test_an_erased_person_has_no_name(
    promoted: AuditEntry, ana: User, admin_client: Client, from_here: Actor
) -> None:
    signed_in = Actor(ana, "198.51.100.3", FIREFOX)
    audit_record(by=signed_in, action="accounts.signed_in", now=NOW, subject=ana)
    audit_details_erase(person=ana, by=from_here, now=NOW)
    erased = (
        f"Entries {promoted.number}, {promoted.number + 1}"
        " 30 Jun, 12:00 Ada Admin 192.0.2.1, Firefox, Linux"
    )
    changed = (
        "Role Customer success manager became Administrator"
        " Team – became North Active No became Yes"
        " 30 Jun, 12:00 Ada Admin address erased"
    )
    response = get(admin_client, about=f"accounts.user:{ana.pk}")
    assert lines(response) == [
        f"Person erased from the audit log A person who was erased {erased}",
        "Signed in 30 Jun, 12:00 A person who was erased address erased",
        f"Person changed A person who was erased {changed}",
    ]
    log = main_of(response).partition('class="log"')[2]
    for told in ("Ana Popescu", "ana@example.org", "198.51.100.3"):
        assert told not in log
        exported = admin_client.get("/audit/export/")
        assert told.encode() not in b"".join(exported.streaming_content)  # type: ignore[attr-defined]


def test_it_is_narrowed(
    promoted: AuditEntry, from_here: Actor, ana: User, admin_client: Client
) -> None:
    def shown(**query: Any) -> list[str]:
        page = lines(get(admin_client, **query))
        return [line for line in page if line.startswith(("Team", "Person changed"))]

    tomorrow = NOW + dt.timedelta(days=1)
    audit_record(by=Actor(ana), action="accounts.team_created", now=tomorrow)
    audit_record(by=MACHINE, action="accounts.team_deleted", now=tomorrow)
    deleted, created, changed = shown()
    assert shown(who=ana.pk) == [created]
    assert shown(who="nobody") == [deleted]
    assert shown(kind="accounts.person_changed") == [changed]
    assert shown(about=f"accounts.user:{ana.pk}") == [changed]
    assert shown(until="2026-06-30") == [changed]
    assert shown(since="2026-07-01") == [deleted, created]
    assert shown(since="2026-06-30", until="2026-07-01") == [deleted, created, changed]
    assert shown(who=ana.pk, until="2026-06-30") == []


def test_a_day_is_the_persons_own(
    promoted: AuditEntry, admin: User, admin_client: Client
) -> None:
    admin.time_zone = "Pacific/Auckland"
    admin.save()
    about = f"accounts.user:{promoted.subject_id}"
    assert len(lines(get(admin_client, about=about, since="2026-07-01"))) == 1
    assert lines(get(admin_client, about=about, until="2026-06-30")) == []


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday", "until": "9999-12-31"},
        {"who": "ana' OR 1=1", "kind": "nothing", "about": ":"},
        {"about": "no.model:5"},
        {"below": "x", "above": "9" * 30},
        {"below": "0"},
        {"above": "999999999"},
    ],
)
def test_bad_addresses_do_no_harm(
    promoted: AuditEntry, admin_client: Client, query: dict[str, str]
) -> None:
    assert "What happened" in main_of(get(admin_client, **query))


def test_days_in_the_wrong_order_are_told(
    promoted: AuditEntry, admin_client: Client
) -> None:
    response = get(admin_client, since="2026-07-02", until="2026-07-01")
    assert "The last day lies before the first one." in words(main_of(response))


def test_pages(
    from_here: Actor, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 2)
    team = Team.objects.create(name="North")
    for n in range(5):
        audit_record(
            by=MACHINE,
            action="accounts.team_renamed",
            now=NOW,
            subject=team,
            after={"name": f"Name{n}"},
        )

    def names(response: HttpResponse) -> list[str]:
        return re.findall(r"Name\d", words(main_of(response)))

    def turn(response: HttpResponse, rel: str) -> HttpResponse:
        found = re.search(rf'rel="{rel}" href="([^"]+)"', main_of(response))
        assert found
        return admin_client.get(found[1].replace("&amp;", "&"))  # type: ignore[return-value]

    first = get(admin_client, about=f"accounts.team:{team.pk}")
    second = turn(first, "next")
    third = turn(second, "next")
    assert [names(page) for page in (first, second, third)] == [
        ["Name4", "Name3"],
        ["Name2", "Name1"],
        ["Name0"],
    ]
    assert 'rel="next"' not in main_of(third)
    assert 'rel="prev"' not in main_of(first)
    assert names(turn(third, "prev")) == ["Name2", "Name1"]
    assert names(turn(turn(third, "prev"), "prev")) == ["Name4", "Name3"]


def test_queries_do_not_grow(from_here: Actor, ana: User, admin_client: Client) -> None:
    def more(count: int) -> None:
        for n in range(count):
            team = Team.objects.create(name=f"Team {n} of {count}")
            audit_record(
                by=Actor(ana), action="accounts.team_created", now=NOW, subject=team
            )

    more(1)
    one = queries(admin_client, f"{PAGE}?kind=accounts.team_created")
    more(2)
    assert queries(admin_client, f"{PAGE}?kind=accounts.team_created") == one


def test_before_anything_was_recorded(
    promoted: AuditEntry, admin_client: Client
) -> None:
    nothing = get(admin_client, about="accounts.team:0")
    assert "Nothing fits" in words(main_of(nothing))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "audit_length", lambda: 0)
        empty = get(admin_client, about="accounts.team:0")
    assert "Nothing was recorded yet" in words(main_of(empty))
    assert re.search(r'type="submit" class="btn" disabled', main_of(empty))


class TestVerifying:
    def test_all_is_well(self, promoted: AuditEntry, admin_client: Client) -> None:
        n = AuditHead.objects.get().entries
        response: Any = admin_client.post("/audit/verify/", follow=True)
        read = "entry was read" if n == 1 else "entries were read"
        assert messages(response)[0].startswith(f"{n} {read}")
        assert f"{n} entr" in part(response, "h-verified")
        assert "as" in part(response, "h-verified")
        newest = AuditEntry.objects.order_by("number").last()
        assert newest is not None
        assert newest.after == {"entries": n, "faults": 0}

    def test_something_is_wrong(
        self, promoted: AuditEntry, admin_client: Client
    ) -> None:
        AuditDetail.objects.filter(entry=promoted).delete()
        response: Any = admin_client.post("/audit/verify/", follow=True)
        (told,) = messages(response)
        assert f"details of entry {promoted.number} are gone" in told
        assert "1 thing is not as it was written" in part(response, "h-verified")

    def test_a_long_log_is_for_the_command(
        self,
        promoted: AuditEntry,
        admin_client: Client,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(views, "AT_ONCE", 0)
        response: Any = admin_client.post("/audit/verify/", follow=True)
        assert "too long for this page" in messages(response)[0]
        assert "script/manage audit_verify" in part(response, "h-verified")
        assert "Verify now" not in part(response, "h-verified")
        newest = AuditEntry.objects.order_by("number").last()
        assert newest is not None
        assert newest.action != "audit.verified"

    def test_heads_that_are_not_to_be_read(
        self, promoted: AuditEntry, admin_client: Client, settings: Any, tmp_path: Path
    ) -> None:
        settings.AUDIT_HEADS = tmp_path
        response: Any = admin_client.post("/audit/verify/", follow=True)
        assert "can not be read" in messages(response)[0]


class TestExport:
    def rows(self, client: Client, **query: Any) -> list[dict[str, str]]:
        response = client.get("/audit/export/", query)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response["Content-Disposition"]
        text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def test_all_of_it(
        self,
        promoted: AuditEntry,
        admin_client: Client,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(selectors, "CHUNK", 1)
        audit_record(by=MACHINE, action="accounts.team_created", now=NOW)
        rows = self.rows(admin_client)
        assert len(rows) == AuditHead.objects.get().entries
        (row,) = [row for row in rows if row["number"] == str(promoted.number)]
        assert (row["at"], row["actor"]) == ("2026-06-30T12:00:00+00:00", "Ada Admin")
        assert (row["action"], row["words"]) == (promoted.action, "Person changed")
        assert row["digest"] == promoted.digest
        assert '"role": "admin"' in row["after"]

    def test_it_is_narrowed_like_the_page(
        self, promoted: AuditEntry, admin_client: Client
    ) -> None:
        rows = self.rows(admin_client, kind="accounts.person_changed")
        assert {row["action"] for row in rows} == {"accounts.person_changed"}

    def test_it_speaks_the_persons_language(
        self, promoted: AuditEntry, admin: User, admin_client: Client
    ) -> None:
        User.objects.filter(pk=admin.pk).update(language="de")
        rows = self.rows(admin_client, kind="accounts.person_changed")
        assert {row["words"] for row in rows} == {"Person geändert"}
        assert translation.get_language() == "en"

    def test_formulas_do_not_run(self, from_here: Actor, admin_client: Client) -> None:
        User.objects.filter(pk=from_here.user.pk).update(name="x")  # type: ignore[union-attr]
        evil = Actor(from_here.user, "192.0.2.1", '=HYPERLINK("http://evil.example")')
        entry = audit_record(by=evil, action="accounts.team_created", now=NOW)
        rows = self.rows(admin_client, kind="accounts.team_created")
        (row,) = [row for row in rows if row["number"] == str(entry.number)]
        assert row["browser"].startswith("'=HYPERLINK")


def test_every_action_has_words() -> None:
    """Whoever records a new action says it in the app's audit_words."""
    said = set(action_words())
    named = re.compile(r'"((?:accounts|audit|mail|customers|billing|health)\.\w+)"')
    used = {
        action
        for path in ROOT.glob("*/services/**/*.py")
        if "audit_record" in path.read_text()
        for action in named.findall(path.read_text())
    }
    others = {
        "billing.dunning_work", "billing.gateway_read", "billing.price_move_work",
        "mail.outbox_work", "mail.test",
    }  # fmt: skip
    assert used - others - said == set()
    assert action_label("accounts.something_new") == "something new"


def test_words_are_found_where_the_settings_say() -> None:
    assert len(django_settings.AUDIT_WORDS) >= 3
    with translation.override("ro"):
        assert action_label("accounts.signed_in") == "Autentificat"
