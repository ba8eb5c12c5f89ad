"""The company's settings: company, working time, access."""

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Company, Holiday, User
from tests.accounts.entries import entries, last_number
from tests.accounts.views.settings_forms import fill, form_of, only_form
from tests.pages import main_of, messages, queries, words

COMPANY = "/settings/company/"
CALENDAR = "/settings/working-time/"
ACCESS = "/settings/access/"
PAGES = [COMPANY, CALENDAR, "/settings/money/", ACCESS, "/settings/mail/"]


class TestWho:
    @pytest.mark.parametrize("url", ["/settings/", *PAGES])
    @pytest.mark.parametrize("person", ["ana", "mara", "viewer"])
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_nobody_but_administrators(
        self,
        person: str,
        url: str,
        method: str,
        request: pytest.FixtureRequest,
        company: Company,
    ) -> None:
        client = request.getfixturevalue(f"{person}_client")
        response = getattr(client, method)(url)
        wanted = 405 if (url, method) == ("/settings/", "post") else 403
        assert response.status_code == wanted
        assert company.name not in response.content.decode()

    @pytest.mark.parametrize("url", PAGES)
    def test_strangers_sign_in_first(self, client: Client, db: None, url: str) -> None:
        assert client.get(url)["Location"].startswith("/sign-in/")

    def test_the_first_page(self, admin_client: Client, company: Company) -> None:
        assert admin_client.get("/settings/")["Location"] == COMPANY

    @pytest.mark.parametrize("url", PAGES)
    def test_every_page_leads_to_the_others(
        self, admin_client: Client, company: Company, url: str
    ) -> None:
        html = main_of(admin_client.get(url))
        nav = html[html.index('<nav class="subnav') :].partition("</nav>")[0]
        assert [page for page in PAGES if f'href="{page}"' in nav] == PAGES
        assert nav.count("aria-current") == 1

    @pytest.mark.parametrize("url", PAGES)
    def test_no_page_asks_much(
        self, admin_client: Client, company: Company, url: str
    ) -> None:
        assert queries(admin_client, url) <= 13


class TestCompany:
    def test_saves_everything(self, admin_client: Client, company: Company) -> None:
        response = fill(
            admin_client,
            COMPANY,
            name="Brightwater",
            base_url="HTTPS://Keepwell.Example.com/",
            accent="#ABC",
            time_zone="new york",
            nightly_at="03:30",
            horizon_months="24",
        )
        assert response["Location"] == COMPANY
        company.refresh_from_db()
        assert (
            company.name,
            company.base_url,
            company.accent,
            company.time_zone,
            company.nightly_at,
            company.horizon_months,
        ) == (
            "Brightwater",
            "https://keepwell.example.com",
            "#aabbcc",
            "America/New_York",
            dt.time(3, 30),
            24,
        )
        assert messages(admin_client.get(COMPANY)) == ["Saved."]

    def test_saving_unchanged_says_so(
        self, admin_client: Client, company: Company
    ) -> None:
        fill(admin_client, COMPANY)
        assert messages(admin_client.get(COMPANY)) == ["Nothing was changed."]
        assert entries() == []

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 151),
            ("base_url", "keepwell"),
            ("base_url", "ftp://keepwell.example.com"),
            ("base_url", "https://keepwell.example.com/path"),
            ("base_url", "https://keepwell.example.com?x=1"),
            ("base_url", "https://keepwell.example.com#x"),
            ("base_url", "https://me:secret@keepwell.example.com"),
            ("base_url", "https://keepwell.example.com:99999"),
            ("accent", "teal"),
            ("accent", "#12345"),
            ("accent", '#000000" onload="x'),
            ("time_zone", "Mars/Olympus"),
            ("time_zone", "../etc/passwd"),
            ("time_zone", ""),
            ("nightly_at", "25:00"),
            ("horizon_months", "11"),
            ("horizon_months", "121"),
            ("horizon_months", "1.5"),
        ],
    )
    def test_keeps_what_was_typed_when_it_is_wrong(
        self, admin_client: Client, company: Company, field: str, value: str
    ) -> None:
        typed = {"name": "Typed name", field: value}
        response = fill(admin_client, COMPANY, **typed)
        assert response.status_code == 422
        again = only_form(response)
        assert (again["name"], again[field]) == (typed["name"], value)
        assert f'<a href="#id_{field}">' in main_of(response)
        assert Company.objects.get().name == "Fleetlane"
        assert entries() == []

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("http://localhost:8000", "http://localhost:8000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("", ""),
        ],
    )
    def test_addresses(
        self, admin_client: Client, company: Company, typed: str, stored: str
    ) -> None:
        fill(admin_client, COMPANY, base_url=typed)
        assert Company.objects.get().base_url == stored

    @pytest.mark.parametrize(
        ("text", "picked", "stored"),
        [
            ("#0e6b62", "#aa0000", "#aa0000"),
            ("#00aa00", "#0e6b62", "#00aa00"),
            ("#00aa00", "#aa0000", "#00aa00"),
        ],
    )
    def test_a_colour_is_typed_or_chosen(
        self,
        admin_client: Client,
        company: Company,
        text: str,
        picked: str,
        stored: str,
    ) -> None:
        fill(admin_client, COMPANY, accent=text, picked=picked)
        assert Company.objects.get().accent == stored

    @pytest.mark.parametrize(
        ("accent", "ink", "said"),
        [
            ("#0e6b62", "#ffffff", "carries white words well: contrast 6.4 to 1"),
            ("#ffee00", "#000000", "too light for white words (contrast 1.2 to 1"),
        ],
    )
    def test_says_whether_words_can_be_read_on_it(
        self, admin_client: Client, company: Company, accent: str, ink: str, said: str
    ) -> None:
        Company.objects.update(accent=accent)
        html = main_of(admin_client.get(COMPANY))
        assert f'fill="{accent}"' in html
        assert f'fill="{ink}"' in html
        assert said in words(html)

    @pytest.mark.parametrize(
        ("stored", "doubts"),
        [
            ("", ["is not stored yet"]),
            ("http://testserver", ["is not protected"]),
            ("http://localhost", ["is another one"]),
            ("https://testserver", ["is another one"]),
            (
                "http://keepwell.example.com",
                ["does not answer", "is not protected", "is another one"],
            ),
        ],
    )
    def test_doubts_an_address(
        self,
        admin_client: Client,
        company: Company,
        settings: Settings,
        stored: str,
        doubts: list[str],
    ) -> None:
        settings.ALLOWED_HOSTS = ["testserver", "localhost"]
        Company.objects.update(base_url=stored)
        text = words(main_of(admin_client.get(COMPANY)))
        known = ["is not stored yet", "does not answer", "is not protected"]
        known.append("is another one")
        assert [doubt for doubt in known if doubt in text] == doubts

    def test_offers_all_time_zones(
        self, admin_client: Client, company: Company
    ) -> None:
        html = main_of(admin_client.get(COMPANY))
        for zone in ("Europe/Bucharest", "Asia/Kathmandu", "UTC", "US/Pacific"):
            assert f'<option value="{zone}">' in html

    def test_a_script_in_the_name_stays_a_name(
        self, admin_client: Client, company: Company
    ) -> None:
        fill(admin_client, COMPANY, name="<script>alert(1)</script>")
        html = admin_client.get(COMPANY).content.decode()
        assert "<script>alert" not in html


class TestMeanwhile:
    def test_both_are_shown_and_nothing_is_saved(
        self, admin_client: Client, company: Company
    ) -> None:
        form = only_form(admin_client.get(COMPANY))
        Company.objects.update(name="Theirs", horizon_months=48)
        response = admin_client.post(COMPANY, {**form, "name": "Mine"})
        assert response.status_code == 409
        text = words(main_of(response))
        assert "Somebody changed this meanwhile" in text
        assert "Stored now: Theirs. Yours: Mine." in text
        assert "Stored now: 48. Yours: 60." in text
        assert Company.objects.get().name == "Theirs"

    def test_saving_once_more_is_meant(
        self, admin_client: Client, company: Company
    ) -> None:
        form = only_form(admin_client.get(COMPANY))
        Company.objects.update(name="Theirs")
        response = admin_client.post(COMPANY, {**form, "name": "Mine"})
        admin_client.post(COMPANY, only_form(response))
        assert Company.objects.get().name == "Mine"

    def test_a_third_save_is_noticed_too(
        self, admin_client: Client, company: Company
    ) -> None:
        form = only_form(admin_client.get(COMPANY))
        for name in ("Theirs", "Also theirs"):
            Company.objects.update(name=name)
            response = admin_client.post(COMPANY, {**form, "name": "Mine"})
            assert response.status_code == 409
            form = only_form(response)
        assert Company.objects.get().name == "Also theirs"

    def test_a_page_without_the_mark_saves_nothing(
        self, admin_client: Client, company: Company
    ) -> None:
        form = only_form(admin_client.get(COMPANY))
        data = {**form, "name": "Mine", "seen": ""}
        assert admin_client.post(COMPANY, data).status_code == 409
        assert Company.objects.get().name == "Fleetlane"

    def test_lists_are_shown_in_words(
        self, admin_client: Client, company: Company
    ) -> None:
        form = form_of(admin_client.get(CALENDAR), CALENDAR)
        Company.objects.update(working_days=[1, 2])
        response = admin_client.post(CALENDAR, {**form, "working_days": [6, 7]})
        said = "Stored now: Monday, Tuesday. Yours: Saturday, Sunday."
        assert said in words(main_of(response))


class TestAccess:
    def test_saves(self, admin_client: Client, company: Company) -> None:
        typed = {
            "csm_sees": "all",
            "csm_changes": "team",
            "second_factor_roles": ["viewer", "manager"],
        }
        fill(admin_client, ACCESS, **typed)
        company.refresh_from_db()
        assert (company.csm_sees, company.csm_changes) == ("all", "team")
        assert company.second_factor_roles == ["manager", "viewer"]

    def test_roles_can_be_unticked(
        self, admin_client: Client, company: Company
    ) -> None:
        Company.objects.update(second_factor_roles=["csm"])
        fill(admin_client, ACCESS, second_factor_roles=[])
        assert Company.objects.get().second_factor_roles == []

    def test_nobody_changes_what_they_do_not_see(
        self, admin_client: Client, company: Company
    ) -> None:
        response = fill(admin_client, ACCESS, csm_sees="own", csm_changes="all")
        assert response.status_code == 422
        assert "Nobody can change what they do not see." in words(main_of(response))
        assert only_form(response)["csm_changes"] == "all"
        assert Company.objects.get().csm_changes == "own"

    @pytest.mark.parametrize(
        "typed", [{"csm_sees": "everything"}, {"second_factor_roles": ["root"]}]
    )
    def test_refuses_what_does_not_exist(
        self, admin_client: Client, company: Company, typed: dict[str, Any]
    ) -> None:
        assert fill(admin_client, ACCESS, **typed).status_code == 422

    def test_warns_administrators_without_a_second_factor(
        self, admin_client: Client, admin: User, company: Company
    ) -> None:
        warning = "You have no second factor yet."
        assert warning in words(main_of(admin_client.get(ACCESS)))
        Authenticator.objects.create(user=admin, type=Authenticator.Type.TOTP, data={})
        assert warning not in words(main_of(admin_client.get(ACCESS)))


class TestCalendar:
    def test_saves(self, admin_client: Client, company: Company) -> None:
        form = form_of(admin_client.get(CALENDAR), CALENDAR)
        assert form["working_days"] == ["1", "2", "3", "4", "5"]
        typed = {"working_days": [7, 1], "opens_at": "08:00", "closes_at": "16:30"}
        admin_client.post(CALENDAR, {**form, **typed})
        company.refresh_from_db()
        assert company.working_days == [1, 7]
        assert (company.opens_at, company.closes_at) == (dt.time(8), dt.time(16, 30))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"working_days": []}, "Choose at least one day."),
            ({"working_days": [8]}, "Select a valid choice"),
            ({"opens_at": "18:00"}, "Work must end later than it begins."),
            ({"closes_at": ""}, "This field is required."),
        ],
    )
    def test_refuses(
        self, admin_client: Client, company: Company, typed: dict[str, Any], said: str
    ) -> None:
        form = form_of(admin_client.get(CALENDAR), CALENDAR)
        response = admin_client.post(CALENDAR, {**form, **typed})
        assert response.status_code == 422
        assert said in words(main_of(response))

    def test_holidays_of_a_year(self, admin_client: Client, company: Company) -> None:
        for day, name in ((dt.date(2025, 1, 1), "Past"), (dt.date(2030, 1, 1), "Far")):
            Holiday.objects.create(day=day, name=name)
        html = main_of(admin_client.get(CALENDAR + "?year=2030"))
        assert "Far" in html
        assert "Past" not in html
        chips = [int(year) for year in (2025, 2030) if f"?year={year}#" in html]
        assert chips == [2025, 2030]

    def test_a_year_without_holidays_says_so(
        self, admin_client: Client, company: Company
    ) -> None:
        html = main_of(admin_client.get(CALENDAR + "?year=2031"))
        assert "No holiday in 2031 yet" in html

    @pytest.mark.parametrize("year", ["x", "99999", "²027", "-1", "0000"])
    def test_other_years_are_this_year(
        self, admin_client: Client, company: Company, year: str
    ) -> None:
        html = main_of(admin_client.get(CALENDAR, {"year": year}))
        assert f"No holiday in {timezone.localdate().year} yet" in html

    def test_add_one(self, admin_client: Client, company: Company) -> None:
        data = {"day": "2027-01-01", "name": "New Year"}
        response = admin_client.post(reverse("holiday_add"), data)
        assert response["Location"] == CALENDAR + "?year=2027#holidays"
        text = words(main_of(admin_client.get(response["Location"])))
        assert "1 holiday was added." in text
        assert "Friday, 1 January" in text

    def test_add_one_that_is_there(
        self, admin_client: Client, company: Company
    ) -> None:
        Holiday.objects.create(day=dt.date(2031, 1, 1), name="There")
        data = {"day": "2031-01-01", "name": "New Year"}
        response = admin_client.post(reverse("holiday_add"), data)
        assert response.status_code == 422
        text = words(main_of(response))
        assert "This day is a holiday already." in text
        assert "There Wednesday, 1 January" in text

    def test_add_one_that_is_wrong(
        self, admin_client: Client, company: Company
    ) -> None:
        data = {"day": "2027-02-30", "name": "Never"}
        response = admin_client.post(reverse("holiday_add"), data)
        assert response.status_code == 422
        assert form_of(response, reverse("holiday_add")) == data

    def test_paste_several(self, admin_client: Client, company: Company) -> None:
        Holiday.objects.create(day=dt.date(2027, 5, 1), name="May Day")
        lines = "2027-01-01 New Year\r\n\r\n2027-05-01 Labour Day\r\n2027-12-25 Xmas"
        admin_client.post(reverse("holidays_paste"), {"lines": lines})
        assert [day.name for day in Holiday.objects.all()] == [
            "New Year",
            "May Day",
            "Xmas",
        ]
        text = words(main_of(admin_client.get(CALENDAR)))
        assert "2 holidays were added." in text
        assert "1 day was there already." in text

    def test_paste_all_or_nothing(self, admin_client: Client, company: Company) -> None:
        lines = "2027-01-01 New Year\nsoon"
        response = admin_client.post(reverse("holidays_paste"), {"lines": lines})
        assert response.status_code == 422
        html = main_of(response)
        assert "Line 2 is not a day and a name: soon" in html
        assert "2027-01-01 New Year\nsoon</textarea>" in html
        assert not Holiday.objects.exists()

    def test_delete_and_take_it_back(
        self, admin_client: Client, company: Company
    ) -> None:
        holiday = Holiday.objects.create(day=dt.date(2020, 1, 1), name="New Year")
        before = last_number()
        response = admin_client.post(reverse("holiday_remove", args=[holiday.pk]))
        assert not Holiday.objects.exists()
        html = main_of(admin_client.get(response["Location"]))
        assert "Deleted: New Year" in html
        undo = html.partition('formaction="')[2].partition("?")[0]
        admin_client.post(undo)
        assert str(Holiday.objects.get()) == "2020-01-01: New Year"
        assert [found.action for found in entries(after=before)] == [
            "accounts.holiday_deleted",
            "accounts.holidays_added",
        ]

    def test_a_forged_undo_does_nothing(
        self, admin_client: Client, company: Company
    ) -> None:
        admin_client.post(reverse("holiday_restore", args=["W10:x:y"]))
        assert not Holiday.objects.exists()
        assert "too late" in messages(admin_client.get(CALENDAR))[0]

    @pytest.mark.parametrize("count", [1, 3])
    def test_every_holiday_costs_nothing_more(
        self, admin_client: Client, company: Company, count: int
    ) -> None:
        url = CALENDAR + "?year=2027"
        empty = queries(admin_client, url)
        for day in range(count):
            Holiday.objects.create(day=dt.date(2027, 1, day + 1), name="Day")
        assert queries(admin_client, url) == empty


ACTIONS = [
    ("holiday_add", []),
    ("holidays_paste", []),
    ("holiday_remove", [1]),
    ("holiday_restore", ["x"]),
    ("currency_change", []),
    ("rate_create", []),
    ("rates_preview", []),
    ("rates_keep", []),
    ("rate_remove", [1]),
    ("rate_restore", ["x"]),
]


@pytest.mark.parametrize(("name", "arguments"), ACTIONS)
def test_actions_are_for_posts_of_administrators(
    name: str, arguments: list[Any], ana_client: Client, admin_client: Client
) -> None:
    url = reverse(name, args=arguments)
    assert admin_client.get(url).status_code == 405
    assert ana_client.post(url).status_code == 403
    assert Client().post(url)["Location"].startswith(reverse(django_settings.LOGIN_URL))
