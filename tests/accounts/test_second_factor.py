"""Second factors: set up, asked for, guessed at, demanded by a role, taken away."""

import time
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.adapter import ClosedDoor, SecondFactorAdapter
from accounts.middleware import SETTING_UP, must_set_up
from accounts.models import AuditEntry, Company, User
from accounts.selectors.passwords import password_token
from accounts.services.second_factor import code_take
from mail.models import OutboxMessage
from mail.rendering.bodies import message_render
from tests.conftest import signed_in
from tests.pages import main_of, part, queries, words
from tests.world import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LIMIT = django_settings.AXES_FAILURE_LIMIT
INDEX = "/me/second-factor/"
APP = "/me/second-factor/app/"
CODE = "/sign-in/code/"


@pytest.fixture(autouse=True)
def real_outbox(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "mail.backends.OutboxBackend"


def code_now(step: int = 0, secret: str = SECRET) -> str:
    """This will return what an app shows now, or some half minutes earlier or later."""
    counter = int(time.time()) // 30 + step
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def add_app(user: User) -> Authenticator:
    made: Authenticator = totp.TOTP.activate(user, SECRET).instance
    return made


def add_passkey(user: User, name: str = "Key") -> Authenticator:
    data = {"name": name, "credential": {}}
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data
    )


def codes_of(user: User) -> list[str]:
    found: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return found


def sign_in(client: Client, user: User, password: str = PASSWORD) -> HttpResponse:
    data = {"login": user.email, "password": password}
    return client.post("/sign-in/", data)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    entries = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    return [action for action in entries if action != "accounts.signed_in"]


@pytest.fixture
def inside(ana: User, company: Company) -> Client:
    """Ana, signed in a moment ago with her password."""
    client = Client()
    sign_in(client, ana)
    return client


class TestSettingUp:
    def secret(self, client: Client) -> str:
        html = client.get(APP).content.decode()
        assert 'src="data:image/svg+xml;base64,' in html
        found: str = client.session[totp.SECRET_SESSION_KEY]
        assert found in html
        return found

    def test_an_app(self, ana: User, inside: Client) -> None:
        secret = self.secret(inside)
        answer = inside.post(APP, {"code": code_now(secret=secret)})
        assert answer["Location"] == reverse("mfa_view_recovery_codes")
        kinds = Authenticator.objects.order_by("type").values_list("type", flat=True)
        assert list(kinds) == ["recovery_codes", "totp"]
        assert actions() == ["accounts.second_factor_app_added"]
        (mail,) = OutboxMessage.objects.all()
        assert (mail.kind, mail.data["change"]) == (
            "accounts.second_factor_changed",
            "app_added",
        )
        rendered = message_render(mail)
        assert rendered.subject == "An authenticator app was added to your account"
        assert "/me/" in rendered.text

    def test_secrets_are_sealed_in_the_database(
        self, ana: User, inside: Client
    ) -> None:
        secret = self.secret(inside)
        inside.post(APP, {"code": code_now(secret=secret)})
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in stored
        app = Authenticator.objects.get(type=Authenticator.Type.TOTP)
        assert SecondFactorAdapter().decrypt(app.data["secret"]) == secret

    def test_a_wrong_code_sets_nothing_up(self, ana: User, inside: Client) -> None:
        self.secret(inside)
        answer = inside.post(APP, {"code": "000000x"})
        assert "This code does not work." in words(main_of(answer))
        assert not Authenticator.objects.exists()
        assert OutboxMessage.objects.count() == 0

    def test_asks_who_it_is_when_the_sign_in_is_long_ago(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        again = "/sign-in/again/"
        where = f"{again}?next={quote(APP, safe='')}"
        assert ana_client.get(APP)["Location"] == where
        data = {"password": "wrong", "next": APP}
        answer = ana_client.post(again, data)
        assert "This is not your password." in words(main_of(answer))
        assert AccessAttempt.objects.get().username == ana.email
        answer = ana_client.post(again, {**data, "password": PASSWORD})
        assert answer["Location"] == APP
        assert ana_client.get(APP).status_code == 200

    def test_guesses_there_are_counted_too(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        data = {"password": "wrong", "next": APP}
        answers = [
            ana_client.post("/sign-in/again/", data).status_code
            for _ in range(LIMIT + 2)
        ]
        assert answers == [200] * (LIMIT - 1) + [429] * 3

    def test_recovery_codes_are_shown_and_fetched(
        self, ana: User, inside: Client
    ) -> None:
        add_app(ana)
        codes = codes_of(ana)
        html = main_of(inside.get("/me/second-factor/codes/"))
        assert [code in html for code in codes] == [True] * 10
        file = inside.get("/me/second-factor/codes/download/")
        text = file.content.decode()
        assert [line for line in text.splitlines() if line in codes] == codes
        assert ana.email in text

    def test_new_recovery_codes_end_the_old(self, ana: User, inside: Client) -> None:
        add_app(ana)
        old = codes_of(ana)
        answer = inside.post("/me/second-factor/codes/new/")
        assert answer["Location"] == "/me/second-factor/codes/"
        assert set(codes_of(ana)).isdisjoint(old)
        assert actions() == ["accounts.second_factor_codes_renewed"]
        assert OutboxMessage.objects.get().data["change"] == "codes_renewed"

    def test_a_passkey_nobody_made_is_refused(self, inside: Client) -> None:
        url = "/me/second-factor/passkeys/add/"
        assert inside.get(url).status_code == 200
        for forged in ("{}", '{"id": 1}', "[]", '{"id": "x", "response": {}}', "no"):
            data = {"name": "x", "credential": forged}
            assert inside.post(url, data).status_code == 200
        assert not Authenticator.objects.exists()

    def test_a_passkey_gets_another_name(self, ana: User, inside: Client) -> None:
        passkey = add_passkey(ana)
        url = f"/me/second-factor/passkeys/{passkey.pk}/"
        assert inside.get(url).status_code == 200
        inside.post(url, {"name": "Blue key"})
        passkey.refresh_from_db()
        assert passkey.data["name"] == "Blue key"

    def test_of_others_nothing_is_seen(
        self, ana: User, charlie: User, inside: Client
    ) -> None:
        his = add_passkey(charlie, "Charlie's key")
        add_passkey(ana, "Ana's key")
        for end in ("", "remove/"):
            url = f"/me/second-factor/passkeys/{his.pk}/{end}"
            assert inside.get(url).status_code == 404
            assert inside.post(url, {"name": "x"}).status_code == 404
        for url in (INDEX, "/me/second-factor/passkeys/"):
            text = words(main_of(inside.get(url)))
            assert ("Ana's key" in text, "Charlie's key" in text) == (True, False)
        assert Authenticator.objects.filter(user=charlie).exists()


class TestSecondStep:
    def begin(self, ana: User) -> Client:
        client = Client()
        assert sign_in(client, ana)["Location"] == CODE
        assert not is_in(client)
        return client

    def test_the_password_alone_does_not_open(self, ana: User) -> None:
        add_app(ana)
        client = self.begin(ana)
        assert client.get("/me/")["Location"].startswith("/sign-in/")
        assert "Second step" in words(main_of(client.get(CODE)))

    def test_a_code_opens_once(self, ana: User, company: Company) -> None:
        add_app(ana)
        code = code_now()
        client = self.begin(ana)
        assert client.post(CODE, {"code": code})["Location"] == reverse("today")
        assert is_in(client)
        entry = AuditEntry.objects.get(action="accounts.signed_in")
        assert entry.after == {"methods": ["password", "mfa"]}
        other = self.begin(ana)
        # As after a wiped cache, or in another process.
        cache.clear()
        answer = other.post(CODE, {"code": code})
        assert "This code does not work." in words(main_of(answer))
        assert not is_in(other)
        assert other.post(CODE, {"code": code_now(1)}).status_code == 302
        assert is_in(other)

    @pytest.mark.parametrize(("step", "opens"), [(-2, False), (-1, True), (2, False)])
    def test_a_code_is_good_for_a_moment(
        self, ana: User, company: Company, step: int, *, opens: bool
    ) -> None:
        add_app(ana)
        client = self.begin(ana)
        client.post(CODE, {"code": code_now(step)})
        assert is_in(client) is opens

    def test_an_older_code_is_no_use_after_a_newer(self, ana: User) -> None:
        app = add_app(ana)
        assert code_take(authenticator=app, code=code_now(0))
        assert not code_take(authenticator=app, code=code_now(-1))
        assert code_take(authenticator=app, code=code_now(1))

    def test_a_recovery_code_opens_once(self, ana: User, company: Company) -> None:
        add_app(ana)
        code = codes_of(ana)[3]
        client = self.begin(ana)
        client.post(CODE, {"code": code})
        assert is_in(client)
        other = self.begin(ana)
        other.post(CODE, {"code": code})
        assert not is_in(other)
        assert len(codes_of(ana)) == 9
        text = part(client.get("/me/"), "h-second-factor")
        assert "Recovery codes left 9" in text

    def test_wrong_codes_are_counted_with_wrong_passwords(self, ana: User) -> None:
        add_app(ana)
        for _ in range(3):
            sign_in(Client(), ana, "wrong")
        client = self.begin(ana)
        answers = [
            client.post(
                CODE,
                {"code": "1"},
                headers={"x-forwarded-for": f"10.0.0.{number}"},
            ).status_code
            for number in range(LIMIT)
        ]
        assert answers == [200] * (LIMIT - 4) + [429] * 4
        assert client.post(CODE, {"code": code_now()}).status_code == 429
        assert not is_in(client)
        # The password is not asked for either; somewhere else both are.
        assert sign_in(Client(), ana).status_code == 429
        elsewhere = Client(REMOTE_ADDR="192.0.2.7")
        sign_in(elsewhere, ana)
        elsewhere.post(CODE, {"code": code_now()})
        assert is_in(elsewhere)

    def test_the_right_password_again_gives_no_new_guesses(self, ana: User) -> None:
        add_app(ana)
        answers = []
        for _ in range(LIMIT + 2):
            client = Client()
            sign_in(client, ana)
            answers.append(client.post(CODE, {"code": "1"}).status_code)
        # Once it is locked the first step is refused, so there is no second one.
        assert answers == [200] * (LIMIT - 1) + [429, 302, 302]
        tried = AccessAttempt.objects.values_list("failures_since_start", flat=True)
        assert sum(tried) == LIMIT

    def test_the_page_says_when_to_try_again(self, ana: User) -> None:
        add_app(ana)
        client = self.begin(ana)
        for _ in range(LIMIT):
            answer = client.post(CODE, {"code": "1"})
        assert answer["Retry-After"] == "900"
        assert "Try again in 15 minutes" in words(main_of(answer))
        assert actions() == ["accounts.locked_out"]

    def test_a_mistyped_code_is_not_kept(self, ana: User) -> None:
        add_app(ana)
        self.begin(ana).post(CODE, {"code": "98765432"})
        assert "98765432" not in AccessAttempt.objects.get().post_data

    def test_a_mails_link_does_not_pass_it_by(self, ana: User) -> None:
        add_app(ana)
        client = Client()
        new = "another long enough password"
        data = {"new_password": new, "new_password_again": new}
        answer = client.post(f"/sign-in/reset/{password_token(ana)}/", data)
        assert answer["Location"] == CODE
        assert not is_in(client)
        client.post(CODE, {"code": code_now()})
        assert is_in(client)

    def test_a_lost_secret_key_says_whom_to_ask(self, ana: User) -> None:
        app = add_app(ana)
        app.data["secret"] = "sealed under another key"
        app.save()
        answer = self.begin(ana).post(CODE, {"code": code_now()})
        assert "Ask an administrator" in words(main_of(answer))
        assert not AccessAttempt.objects.exists()

    def test_a_passkey_signs_in_nobody_without_being_one(
        self, client: Client, ana: User
    ) -> None:
        add_passkey(ana)
        url = "/sign-in/passkey/"
        options = client.get(url, headers={"accept": "application/json"}).json()
        assert options["request_options"]["publicKey"]["rpId"] == "testserver"
        handle = f'{{"response": {{"userHandle": "{quote(str(ana.pk))}"}}}}'
        for forged in ("{}", '{"id": 1}', "[]", "7", "null", "x", handle):
            answer = client.post(url, {"credential": forged})
            assert answer["Location"] == "/sign-in/"
        assert not is_in(client)
        assert "This passkey opens nothing here" in words(
            main_of(client.get("/sign-in/"))
        )

    def test_nor_does_nonsense_pass_the_second_step(self, ana: User) -> None:
        add_app(ana)
        step = self.begin(ana)
        for forged in ("{}", '{"id": 1}', "[]", "7", "null", "x"):
            assert step.post(CODE, {"credential": forged}).status_code == 200
            assert not is_in(step)


class TestDemanded:
    @pytest.fixture
    def strict(self, company: Company) -> Company:
        company.second_factor_roles = ["csm", "admin"]
        company.save()
        return company

    def test_who_has_none_is_led_to_setting_one_up(
        self, strict: Company, ana_client: Client
    ) -> None:
        for path in ("/", "/customers/", "/me/", "/styleguide/"):
            answer = ana_client.get(path)
            assert (answer.status_code, answer["Location"]) == (302, INDEX)
        assert ana_client.post("/me/digest/", {"digest": "daily"})["Location"] == INDEX
        html = ana_client.get(INDEX).content.decode()
        assert "One more step" in html
        assert "<nav" not in html

    def test_parts_of_pages_lead_there_too(
        self, strict: Company, ana_client: Client
    ) -> None:
        answer = ana_client.get("/customers/", headers={"hx-request": "true"})
        assert (answer["HX-Redirect"], answer.content) == (INDEX, b"")

    def test_the_way_to_it_and_out_stay_open(
        self, strict: Company, ana: User, company: Company
    ) -> None:
        client = Client()
        sign_in(client, ana)
        for path in (APP, "/me/second-factor/passkeys/add/", "/sign-in/again/"):
            assert client.get(path).status_code == 200
        assert client.get("/healthz/ready").status_code == 200
        assert client.get("/sign-in/reset/").status_code == 200
        assert client.post("/sign-out/")["Location"] == "/sign-in/"
        assert not is_in(client)

    def test_setting_one_up_opens_the_rest(self, strict: Company, ana: User) -> None:
        client = Client()
        sign_in(client, ana)
        client.get(APP)
        secret = client.session[totp.SECRET_SESSION_KEY]
        client.post(APP, {"code": code_now(secret=secret)})
        assert client.get("/me/second-factor/codes/").status_code == 200
        assert client.get("/me/").status_code == 200

    def test_other_roles_do_not_notice(
        self, strict: Company, mara_client: Client
    ) -> None:
        assert mara_client.get("/me/").status_code == 200

    def test_switching_it_on_reaches_people_who_are_inside(
        self, company: Company, ana_client: Client
    ) -> None:
        assert ana_client.get("/me/").status_code == 200
        Company.objects.update(second_factor_roles=["csm"])
        assert ana_client.get("/me/")["Location"] == INDEX
        Company.objects.update(second_factor_roles=[])
        assert ana_client.get("/me/").status_code == 200

    def test_recovery_codes_alone_are_none(
        self, strict: Company, ana: User, ana_client: Client
    ) -> None:
        codes_of(ana)
        assert ana_client.get("/me/")["Location"] == INDEX

    def test_costs_nothing_where_it_is_not_demanded(
        self, company: Company, ana_client: Client, mara_client: Client
    ) -> None:
        before = queries(mara_client, "/me/")
        Company.objects.update(second_factor_roles=["csm"])
        assert queries(mara_client, "/me/") == before

    def test_asks_once_per_session_where_it_is(
        self,
        ana: User,
        strict: Company,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        add_app(ana)
        request: Any = RequestFactory().get("/me/")
        request.user, request.company, request.session = ana, strict, {}
        request.resolver_match = resolve("/me/")
        view = request.resolver_match.func
        with django_assert_num_queries(1):
            assert not must_set_up(request, view)
        with django_assert_num_queries(0):
            assert not must_set_up(request, view)
        # Somebody else in the same session is somebody else.
        request.session = {"has_second_factor": ana.pk + 1}
        with django_assert_num_queries(1):
            assert not must_set_up(request, view)
        request.user = AnonymousUser()
        with django_assert_num_queries(0):
            assert not must_set_up(request, view)

    def test_the_allowed_pages_exist(self) -> None:
        """A misspelt name would lock people out, or in."""
        paths = {reverse(name) for name in SETTING_UP}
        assert {resolve(path).url_name for path in paths} == SETTING_UP


class TestTakingAway:
    REMOVE = "/me/second-factor/app/remove/"

    def test_an_app(self, ana: User, inside: Client) -> None:
        add_app(ana)
        codes_of(ana)
        other = signed_in(ana)
        assert inside.get(self.REMOVE).status_code == 200
        assert Authenticator.objects.count() == 2
        assert inside.post(self.REMOVE)["Location"] == INDEX
        # Recovery codes go with the last factor.
        assert not Authenticator.objects.exists()
        assert actions() == ["accounts.second_factor_app_removed"]
        mail = OutboxMessage.objects.get()
        assert message_render(mail).subject == "The authenticator app was removed"
        assert inside.get("/me/").status_code == 200
        assert other.get("/me/").status_code == 302

    def test_a_passkey(self, ana: User, inside: Client) -> None:
        add_app(ana)
        passkey = add_passkey(ana)
        url = f"/me/second-factor/passkeys/{passkey.pk}/remove/"
        assert inside.get(url).status_code == 200
        inside.post(url)
        kinds = Authenticator.objects.values_list("type", flat=True)
        assert list(kinds) == ["totp"]
        assert actions() == ["accounts.second_factor_passkey_removed"]

    @pytest.mark.parametrize("kind", ["app", "passkey"])
    def test_the_last_one_stays_where_it_is_demanded(
        self, ana: User, inside: Client, company: Company, kind: str
    ) -> None:
        if kind == "app":
            add_app(ana)
            url = self.REMOVE
        else:
            url = f"/me/second-factor/passkeys/{add_passkey(ana).pk}/remove/"
        codes_of(ana)
        Company.objects.update(second_factor_roles=["csm"])
        page = inside.get(url)
        assert "this is your last one" in words(main_of(page))
        assert "Remove</button>" not in page.content.decode()
        inside.post(url)
        assert Authenticator.objects.count() == 2
        assert (actions(), OutboxMessage.objects.count()) == ([], 0)
        add_passkey(ana, "Another")
        inside.post(url)
        assert Authenticator.objects.count() == 2
        assert len(actions()) == 1

    def test_a_session_that_remembers_is_asked_again(
        self, ana: User, inside: Client, company: Company
    ) -> None:
        add_app(ana)
        Company.objects.update(second_factor_roles=["csm"])
        assert inside.get("/me/").status_code == 200
        Company.objects.update(second_factor_roles=[])
        inside.post(self.REMOVE)
        Company.objects.update(second_factor_roles=["csm"])
        assert inside.get("/me/")["Location"] == INDEX

    def test_asks_who_it_is_first(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        add_app(ana)
        answer = ana_client.post(self.REMOVE)
        assert answer["Location"].startswith("/sign-in/again/")
        assert Authenticator.objects.count() == 1

    def test_a_code_or_a_passkey_is_proof_too(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        add_app(ana)
        text = words(main_of(ana_client.get("/sign-in/again/")))
        assert "Use a code" in text
        url = "/sign-in/again/code/"
        assert "Code" in words(main_of(ana_client.get(f"{url}?next={self.REMOVE}")))
        data = {"code": code_now(), "next": self.REMOVE}
        assert ana_client.post(url, {**data, "code": "1"}).status_code == 200
        assert AccessAttempt.objects.get().username == ana.email
        assert ana_client.post(url, data)["Location"] == self.REMOVE
        assert ana_client.get(self.REMOVE).status_code == 200


def test_every_page_asks_strangers_to_sign_in(client: Client, ana: User) -> None:
    passkey = add_passkey(ana)
    for name, arguments in (
        ("mfa_index", []),
        ("mfa_activate_totp", []),
        ("mfa_deactivate_totp", []),
        ("mfa_view_recovery_codes", []),
        ("mfa_generate_recovery_codes", []),
        ("mfa_download_recovery_codes", []),
        ("mfa_list_webauthn", []),
        ("mfa_add_webauthn", []),
        ("mfa_edit_webauthn", [passkey.pk]),
        ("mfa_remove_webauthn", [passkey.pk]),
        ("account_reauthenticate", []),
        ("mfa_reauthenticate", []),
        ("mfa_reauthenticate_webauthn", []),
    ):
        url = reverse(name, args=arguments)
        for answer in (client.get(url), client.post(url)):
            assert answer["Location"] == f"/sign-in/?next={url}"


def test_allauth_sends_no_mail_of_its_own(ana: User, settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    adapter = ClosedDoor(RequestFactory().get("/"))
    adapter.send_mail("account/email/password_reset_key", ana.email, {})
    adapter.send_notification_mail("mfa/email/totp_deactivated", ana)
    assert not OutboxMessage.objects.exists()
