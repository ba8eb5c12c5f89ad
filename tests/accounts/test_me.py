"""One's own account."""

import datetime as dt

import pytest
from django.test import Client

from accounts.enums import Digest
from accounts.models import AuditDetail, AuditEntry, Company, User
from tests.conftest import signed_in
from tests.pages import main_of, messages, part, queries, words
from tests.world import PASSWORD

PROFILE = {
    "name": "Ana Maria Popescu",
    "language": "de",
    "time_zone": "Europe/Bucharest",
    "theme": "dark",
}


def sign_in(user: User, agent: str) -> Client:
    client = Client()
    client.post(
        "/sign-in/",
        {"login": user.email, "password": PASSWORD},
        headers={"user-agent": agent},
    )
    return client


class TestProfile:
    def test_keeps_what_was_typed(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        assert ana_client.post("/me/", PROFILE)["Location"] == "/me/"
        ana.refresh_from_db()
        assert {name: getattr(ana, name) for name in PROFILE} == PROFILE
        # The answer speaks the language that was just chosen.
        assert messages(ana_client.get("/me/")) == ["Gespeichert."]

    def test_is_written_down_with_the_name_apart(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        ana_client.post("/me/", PROFILE)
        (entry,) = AuditEntry.objects.select_related("detail")
        assert entry.action == "accounts.profile_changed"
        assert entry.before == {"language": "", "time_zone": ""}
        assert entry.after == {"language": "de", "time_zone": "Europe/Bucharest"}
        assert entry.detail.data["before"] == {"name": "Ana Popescu"}
        assert entry.detail.data["after"] == {"name": PROFILE["name"]}
        ana_client.post("/me/", {**PROFILE, "theme": "light"})
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize(
        "bad",
        [
            {"name": ""},
            {"time_zone": "Mars/Olympus"},
            {"language": "tlh"},
            {"theme": "pink"},
        ],
    )
    def test_refuses_what_does_not_exist_and_keeps_the_typed_text(
        self, ana: User, ana_client: Client, company: Company, bad: dict[str, str]
    ) -> None:
        response = ana_client.post("/me/", {**PROFILE, **bad})
        assert response.status_code == 422
        assert 'class="error-summary"' in response.content.decode()
        before = User.objects.get(pk=ana.pk)
        assert (before.name, before.theme) == ("Ana Popescu", "system")
        # The menu still shows who is signed in.
        assert "Ana Popescu" in response.content.decode()

    def test_changes_nothing_else(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        more = {"role": "admin", "email": "x@example.org", "is_superuser": "1"}
        ana_client.post("/me/", {**PROFILE, **more})
        ana.refresh_from_db()
        assert (ana.role, ana.email, ana.is_superuser) == (
            "csm",
            "ana@example.org",
            False,
        )

    def test_no_time_zone_means_the_companys(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        company.time_zone = "America/New_York"
        company.save()
        html = main_of(ana_client.get("/me/"))
        assert "The company’s (America/New York)" in words(html)


class TestDigest:
    ADDRESS = "/me/digest/"

    def test_keeps_when_it_comes(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        data = {"digest": "weekly", "digest_at": "06:30", "digest_weekday": "5"}
        assert ana_client.post(self.ADDRESS, data)["Location"] == "/me/#digest"
        ana.refresh_from_db()
        assert (ana.digest, ana.digest_at, ana.digest_weekday) == (
            Digest.WEEKLY,
            dt.time(6, 30),
            5,
        )
        (entry,) = AuditEntry.objects.all()
        assert entry.after == {
            "digest": "weekly",
            "digest_at": "06:30:00",
            "digest_weekday": 5,
        }

    @pytest.mark.parametrize(
        "bad", [{"digest": "hourly"}, {"digest_at": "25:00"}, {"digest_weekday": "8"}]
    )
    def test_refuses_what_does_not_exist(
        self, ana: User, ana_client: Client, company: Company, bad: dict[str, str]
    ) -> None:
        data = {"digest": "weekly", "digest_at": "06:30", "digest_weekday": "5", **bad}
        assert ana_client.post(self.ADDRESS, data).status_code == 422
        ana.refresh_from_db()
        assert ana.digest == Digest.OFF


class TestSessions:
    ADDRESS = "/me/sign-out-elsewhere/"

    def test_ends_all_but_this_one(
        self, ana: User, ana_client: Client, charlie_client: Client, company: Company
    ) -> None:
        other = signed_in(ana)
        assert ana_client.post(self.ADDRESS)["Location"] == "/me/"
        assert other.get("/me/").status_code == 302
        assert charlie_client.get("/me/").status_code == 200
        assert messages(ana_client.get("/me/")) == ["All other devices are signed out."]
        (entry,) = AuditEntry.objects.all()
        assert (entry.action, entry.actor_id) == (
            "accounts.signed_out_everywhere",
            ana.pk,
        )

    def test_shows_the_last_sign_ins_of_oneself_alone(
        self, ana: User, charlie: User, company: Company
    ) -> None:
        sign_in(charlie, "Mozilla/5.0 (Windows NT 10.0) Firefox/130.0")
        for _ in range(5):
            sign_in(ana, "curl/8")
        client = sign_in(ana, "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0")
        text = part(client.get("/me/"), "h-sessions")
        assert text.count("127.0.0.1") == 5
        assert (text.count("Firefox, Linux"), text.count("curl/8")) == (1, 4)
        assert "Windows" not in text

    def test_what_was_erased_from_the_log_is_missing(
        self, ana: User, company: Company
    ) -> None:
        client = sign_in(ana, "curl/8")
        AuditDetail.objects.all().delete()
        assert "curl/8" not in part(client.get("/me/"), "h-sessions")

    def test_a_link_ends_nothing(self, ana_client: Client) -> None:
        assert ana_client.get(self.ADDRESS).status_code == 405


def test_the_menu_leads_here(ana_client: Client, company: Company) -> None:
    assert 'href="/me/"' in ana_client.get("/styleguide/").content.decode()


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    for path in ("/me/", "/me/second-factor/"):
        assert client.get(path)["Location"] == f"/sign-in/?next={path}"


def test_more_sign_ins_cost_no_more_queries(ana: User, company: Company) -> None:
    client = sign_in(ana, "curl/8")
    one = queries(client, "/me/")
    for _ in range(2):
        sign_in(ana, "curl/8")
    assert queries(client, "/me/") == one
