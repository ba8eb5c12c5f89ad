"""Sources: whether they speak, and how often they should."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from customers.models import Customer
from health.models import Run, SourceRhythm
from health.selectors.sources import rhythms
from health.services.sources import (
    UnableToSaveUnseenRhythms,
    rhythms_change,
    rhythms_digest,
)
from health.wording import late_words
from tests import world
from tests.pages import main_of, messages, part, queries, rows, words

URL = "/operations/sources/"
RHYTHM = "/operations/sources/rhythm/"


@pytest.fixture
def silent(company: Company, ana: User, charlie: User, at_noon: None) -> Customer:
    """Usage has been silent for ten days, tickets for fifty; invoices never came."""
    customer = world.make_customer("Kestrel Foods", owner=ana)
    world.subscribe(customer)
    world.use(customer, first=100, last=10)
    world.open_ticket(customer, days=50)
    world.answer(customer, days=20, score=9)
    other = world.make_customer("Secret Ltd", owner=charlie)
    world.subscribe(other)
    world.score()
    return customer


def test_sources_beside_their_rhythms(admin_client: Client, silent: Customer) -> None:
    world.use(silent, first=1, last=1)  # The file has come since.
    page = part(admin_client.get(URL), "h-sources")
    assert "Usage 29 Jun every 3 days Late since 24 Jun On time" in page
    assert (
        "Support tickets 11 May every 14 days Late since 26 May Late since 26 May"
        in page
    )
    assert (
        "Invoices and payments never seen every 45 days Never seen Never seen" in page
    )
    assert "The latest run found sources late." in page
    # No ticket counts too, and says little while tickets are late.
    assert "The scores of 2 customers rest on late data, of whichever source." in page


def test_the_machine_room_asks_for_the_present_later(
    admin_client: Client, silent: Customer
) -> None:
    page = admin_client.get("/operations/")
    shown = part(page, "h-sources")
    assert "Usage 20 Jun every 3 days Late since 24 Jun –" in shown
    assert "The newest rows are being looked up. Look at the sources now" in shown
    assert f'hx-get="{URL}"' in main_of(page)
    assert f'hx-get="{URL}"' not in main_of(admin_client.get(URL))


def test_before_the_first_run(
    admin_client: Client, company: Company, at_noon: None
) -> None:
    page = part(admin_client.get(URL), "h-sources")
    assert "Usage never seen every 3 days – Never seen" in page
    assert "Late" not in page


def test_sources_are_for_leaders(
    ana_client: Client, viewer_client: Client, mara_client: Client, silent: Customer
) -> None:
    assert ana_client.get(URL).status_code == 404
    assert viewer_client.get(URL).status_code == 404
    page = mara_client.get(URL)
    assert page.status_code == 200
    assert RHYTHM not in main_of(page)
    assert mara_client.get(RHYTHM).status_code == 403


def test_the_number_of_queries_is_fixed(
    admin_client: Client, silent: Customer, company: Company
) -> None:
    one = queries(admin_client, URL)
    for _ in range(2):
        world.subscribe(world.make_customer())
    world.score(now=world.NOW + dt.timedelta(minutes=1))
    assert queries(admin_client, URL) == one


class TestRhythms:
    def test_an_administrator_changes_them(
        self, admin_client: Client, admin: User, company: Company
    ) -> None:
        page = words(main_of(admin_client.get(RHYTHM)))
        assert "Days without invoices and payments" in page
        values = {"usage": "5", "tickets": "", "invoices": "45"}
        seen = rhythms_digest({"usage": 3, "tickets": 14, "invoices": 45})
        done = admin_client.post(RHYTHM, {**values, "seen": seen}, follow=True)
        assert done.redirect_chain == [("/operations/", 302)]
        assert messages(done) == ["Saved. It holds from the next run on."]
        assert rhythms() == {"usage": 5, "tickets": None, "invoices": 45}
        assert "Support tickets never seen never late" in part(
            admin_client.get(URL), "h-sources"
        )
        entry = AuditEntry.objects.get(action="health.rhythms_changed")
        assert entry.actor_id == admin.pk
        assert entry.before == {"usage": 3, "tickets": 14}
        assert entry.after == {"usage": 5, "tickets": None}

    def test_nothing_changed_is_not_written_down(
        self, admin_client: Client, company: Company
    ) -> None:
        values = {"usage": "3", "tickets": "14", "invoices": "45"}
        seen = rhythms_digest(rhythms())
        done = admin_client.post(RHYTHM, {**values, "seen": seen}, follow=True)
        assert messages(done) == ["Nothing was changed."]
        assert not SourceRhythm.objects.exists()
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("days", ["0", "367", "-1", "many"])
    def test_days_that_make_no_sense(
        self, days: str, admin_client: Client, company: Company
    ) -> None:
        values = {"usage": days, "tickets": "14", "invoices": "45"}
        answer = admin_client.post(RHYTHM, values)
        assert answer.status_code == 422
        assert rhythms()["usage"] == 3

    def test_somebody_else_was_faster(
        self, admin_client: Client, company: Company
    ) -> None:
        seen = rhythms_digest(rhythms())
        SourceRhythm.objects.create(source="usage", days=9)
        values = {"usage": "5", "tickets": "14", "invoices": "45"}
        answer = admin_client.post(RHYTHM, {**values, "seen": seen})
        assert answer.status_code == 409
        assert 'value="9"' in main_of(answer)
        assert rhythms()["usage"] == 9
        with pytest.raises(UnableToSaveUnseenRhythms):
            rhythms_change(values={"usage": 5}, seen=seen, by=Actor(), now=world.NOW)

    def test_a_changed_rhythm_holds_from_the_next_run_on(
        self, admin_client: Client, silent: Customer
    ) -> None:
        SourceRhythm.objects.create(source="usage", days=30)
        assert set(Run.objects.get().parameters["late"]) == {"usage", "tickets"}
        run = world.score(now=world.NOW + dt.timedelta(minutes=1))
        assert set(run.parameters["late"]) == {"tickets"}


class TestUsualSilence:
    def tickets(self, customer: Customer) -> None:
        """Twelve silences of a week, one of thirty days, and one that is still on."""
        for days in [*range(50, 141, 7), 20]:
            world.open_ticket(customer, days=days)

    def test_the_longest_that_is_usual_is_said(
        self, admin_client: Client, company: Company, ana: User, at_noon: None
    ) -> None:
        customer = world.make_customer("Kestrel Foods", owner=ana)
        self.tickets(customer)
        world.open_ticket(customer, days=50)  # A second one on a day makes no silence.
        late = world.open_ticket(customer, days=35)
        late.recorded_at = world.NOW + dt.timedelta(days=1)  # Nobody knows of it yet.
        late.save()
        world.open_ticket(customer, days=400)
        said = "In the last year 99 of 100 silences lasted 30 days at most."
        assert words(main_of(admin_client.get(URL))).count(said) == 1
        form = admin_client.get(RHYTHM).context["form"]
        assert form["tickets"].help_text == said
        assert form["usage"].help_text == ""

    def test_nothing_is_said_of_too_few(
        self, admin_client: Client, silent: Customer
    ) -> None:
        assert "silences" not in main_of(admin_client.get(URL))
        assert admin_client.get(RHYTHM).context["form"]["tickets"].help_text == ""


class TestNotices:
    def test_words_for_late_sources(self) -> None:
        assert late_words({}) == ""
        assert late_words({"usage": 1}) == (
            "Late data: usage (1 day). What rests on it stands still, and nobody turns"
            " red or green because of it."
        )
        assert late_words({"payments": 4, "invoices": 4, "usage": 2}).startswith(
            "Late data: usage (2 days), invoices and payments (4 days)."
        )

    def test_lists_say_so_once_and_mark_the_rows(
        self, ana_client: Client, charlie_client: Client, silent: Customer
    ) -> None:
        SourceRhythm.objects.create(source="tickets", days=None)
        world.score(now=world.NOW + dt.timedelta(minutes=1))
        page = ana_client.get("/customers/")
        text = words(main_of(page))
        assert text.count("Late data: usage (7 days).") == 1
        [row] = rows(page)
        assert "late data" in row
        today = words(main_of(ana_client.get("/")))
        assert today.count("Late data: usage (7 days)") == 1
        # Nothing of Charlie's customer was ever known from usage.
        [theirs] = rows(charlie_client.get("/customers/"))
        assert "late data" not in theirs

    def test_on_time_nothing_is_said(
        self, ana_client: Client, scored_world: dict[str, Customer]
    ) -> None:
        run = Run.objects.get()
        assert run.parameters["late"].get("usage") is None
        run.parameters["late"] = {}
        run.save()
        for url in ("/", "/customers/", reverse("portfolio"), reverse("healthiest")):
            assert "Late data" not in main_of(ana_client.get(url))
