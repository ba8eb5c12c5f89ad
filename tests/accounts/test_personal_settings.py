"""Language, time zone, theme and navigation of the person who asks."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.backends import DemoGuard
from accounts.context_processors import face, navigation
from accounts.enums import Role
from accounts.middleware import PersonalSettingsMiddleware
from accounts.models import Company, User
from tests.world import make_user

PAGE = "/styleguide/"


def zone_seen(user: User) -> str:
    """This will return the time zone that a view sees for a person."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    PersonalSettingsMiddleware(view)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("own", "of_company", "seen"),
    [
        ("Europe/Berlin", "Europe/Bucharest", "Europe/Berlin"),
        ("", "Europe/Bucharest", "Europe/Bucharest"),
        ("Mars/Olympus", "Europe/Bucharest", "Europe/Bucharest"),
        ("", "../etc/passwd", "UTC"),
    ],
)
def test_time_is_the_persons_then_the_companys_then_utc(
    company: Company, ana: User, own: str, of_company: str, seen: str
) -> None:
    company.time_zone = of_company
    company.save()
    ana.time_zone = own
    assert zone_seen(ana) == seen
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_language_ends_with_the_request(company: Company, ana: User) -> None:
    ana.language = "ro"
    with translation.override("de"):
        zone_seen(ana)
        assert translation.get_language() == "de"


def test_a_zone_of_ones_own_costs_no_query(
    ana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ana.time_zone = "Europe/Berlin"
    with django_assert_num_queries(0):
        zone_seen(ana)


@pytest.mark.parametrize(
    ("own", "browser", "page"),
    [
        ("de", "ro", "de"),
        ("", "ro", "ro"),
        ("tlh", "de", "de"),
        ("ro", "", "ro"),
    ],
)
def test_language_is_the_persons_then_the_browsers(
    ana: User, ana_client: Client, company: Company, own: str, browser: str, page: str
) -> None:
    User.objects.filter(pk=ana.pk).update(language=own)
    response = ana_client.get(PAGE, headers={"accept-language": browser})
    assert f'<html lang="{page}"' in response.content.decode()
    assert response["Content-Language"] == page


def test_strangers_read_their_browsers_language(client: Client, ana: User) -> None:
    response = client.get("/sign-in/", headers={"accept-language": "de"})
    assert "Anmelden" in response.content.decode()


@pytest.mark.parametrize(("theme", "marked"), [("dark", True), ("system", False)])
def test_the_theme_marks_the_page(
    ana: User, ana_client: Client, company: Company, theme: str, *, marked: bool
) -> None:
    User.objects.filter(pk=ana.pk).update(theme=theme)
    html = ana_client.get(PAGE).content.decode()
    assert ('data-theme="dark"' in html) is marked


class TestAppearance:
    ADDRESS = "/me/appearance/"

    def test_saves_and_goes_back(self, ana: User, ana_client: Client) -> None:
        data = {"language": "ro", "theme": "dark", "next": "/customers/?f=at-risk"}
        assert ana_client.post(self.ADDRESS, data)["Location"] == data["next"]
        ana.refresh_from_db()
        assert (ana.language, ana.theme) == ("ro", "dark")

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)"]
    )
    def test_goes_nowhere_else(self, ana_client: Client, target: str) -> None:
        data = {"language": "ro", "theme": "dark", "next": target}
        assert ana_client.post(self.ADDRESS, data)["Location"] == reverse("today")

    def test_refuses_what_does_not_exist(
        self, ana: User, ana_client: Client, company: Company
    ) -> None:
        data = {"language": "tlh", "theme": "dark", "next": PAGE}
        response = ana_client.post(self.ADDRESS, data, follow=True)
        assert "does not exist" in response.content.decode()
        ana.refresh_from_db()
        assert (ana.language, ana.theme) == ("", "system")

    def test_changes_nothing_else(self, ana: User, ana_client: Client) -> None:
        data = {"language": "de", "theme": "light", "role": "admin", "is_demo": "1"}
        ana_client.post(self.ADDRESS, data)
        ana.refresh_from_db()
        assert (ana.role, ana.is_demo) == ("csm", False)

    def test_is_for_posts_of_people_inside(self, client: Client, db: None) -> None:
        response = client.post(self.ADDRESS, {"language": "de", "theme": "dark"})
        assert response["Location"].startswith("/sign-in/")

    def test_a_link_changes_nothing(self, ana_client: Client) -> None:
        assert ana_client.get(self.ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (
            Role.ADMIN,
            [
                "Today",
                "Customers",
                "Portfolio",
                "Revenue",
                "Renewals",
                "Failed payments",
                "Forecasts",
                "Surveys",
                "Scorecards",
                "People",
                "Mail",
                "Operations",
                "Settings",
            ],
        ),
        (
            Role.MANAGER,
            [
                "Today",
                "Customers",
                "Portfolio",
                "Revenue",
                "Renewals",
                "Failed payments",
                "Forecasts",
                "Surveys",
                "Scorecards",
                "People",
                "Mail",
                "Operations",
            ],
        ),
        (
            Role.CSM,
            [
                "Today",
                "Customers",
                "Portfolio",
                "Revenue",
                "Renewals",
                "Failed payments",
                "Forecasts",
                "Surveys",
                "Scorecards",
                "Mail",
            ],
        ),
        (
            Role.VIEWER,
            [
                "Today",
                "Customers",
                "Portfolio",
                "Revenue",
                "Renewals",
                "Failed payments",
                "Forecasts",
                "Surveys",
                "Scorecards",
            ],
        ),
    ],
)
def test_navigation_shows_what_a_role_may_visit(role: str, labels: list[str]) -> None:
    assert [entry.label for entry in navigation(User(role=role), "/")] == labels


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Today"]),
        ("/customers/", ["Customers"]),
        ("/customers/7/", ["Customers"]),
        ("/people/teams/", ["People"]),
        ("/accuracy/values/", ["Forecasts"]),
        ("/what-if/", ["Forecasts"]),
        ("/churn/ahead/", ["Revenue"]),
        ("/renewals/record/", ["Renewals"]),
        ("/failed-payments/7/", ["Failed payments"]),
        ("/elsewhere/", []),
    ],
)
def test_navigation_marks_where_one_is(path: str, current: list[str]) -> None:
    entries = navigation(User(role=Role.ADMIN), path)
    assert [entry.label for entry in entries if entry.current] == current


def test_strangers_get_no_navigation(client: Client, ana: User) -> None:
    assert face(RequestFactory().get("/")) == {}
    page = client.get("/sign-in/").content.decode()
    assert "<main" in page
    assert "<nav" not in page


def test_the_menu_names_person_role_and_company(company: Company) -> None:
    person = make_user("dora@example.org", name="Dora Ionescu", role="manager")
    client = Client()
    client.force_login(
        person, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    html = client.get(PAGE).content.decode()
    for words in ("Dora Ionescu", "Manager", company.name, "dora@example.org"):
        assert words in html


def test_the_guard_has_nothing_to_say_without_an_email() -> None:
    assert DemoGuard().authenticate(None, username="x") is None
