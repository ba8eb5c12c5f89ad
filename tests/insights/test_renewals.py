"""The pages of renewals: what they show, to whom, and at what cost."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, User
from billing.enums import ChangeKind
from billing.models import RenewalCheckpoint, YearlyCandidate, YearlyOffer
from insights.services.renewals import renewals_tick
from tests import world
from tests.billing.offered import monthly, offered
from tests.insights.renewal_world import checkpoint, fill, foreseen, renewing
from tests.pages import facts, main_of, messages, queries, rows, words

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.usefixtures("company", "at_noon")


def page(client: Client, address: str = "/renewals/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return words(main_of(response))


class TestList:
    """What comes up."""

    def test_before_anything_is_there_it_says_what_to_do(
        self, ana_client: Client
    ) -> None:
        assert "import" in page(ana_client).lower()
        world.make_customer("a")
        assert "Look in again in a minute." in page(ana_client)
        fill()
        assert "Nothing comes up" in page(ana_client)

    def test_a_row_says_what_is_known(self, ana_client: Client, ana: User) -> None:
        row = renewing("Brightwater", days=50, owner=ana, mrr="100")
        customer = row.customer
        row.notice_days = 30
        row.save()
        world.open_ticket(customer, days=3, hours=None)
        world.invoice(customer, days=40, paid_after=None)
        world.answer(customer, days=9, score=3)
        world.touch(customer, days=8)
        world.score()
        foreseen(customer, stays=0.7, band=2)
        fill()
        checkpoint(row, days=50, at=180, chance=0.8, view="renews", viewed_by=ana)
        checkpoint(row, days=50, chance=0.7, risky=True)
        [text] = rows(ana_client.get("/renewals/"))
        for part in (
            "Brightwater", "in 50 days", "must tell us by 20 Jul", "€1,200", "70%",
            "talked 8 days ago", "1 open ticket", "1 late invoice",
            "would not recommend us (3)", "Machine: 80% to stay", "We: Will renew",
            "Machine: warned: 70% to stay", "We: no opinion",
        ):  # fmt: skip
            assert part in text, part

    def test_a_cancellation_of_a_minute_ago_shows(
        self, ana_client: Client, ana: User
    ) -> None:
        row = renewing("a", days=50, owner=ana)
        fill()
        assert "Cancelled" not in page(ana_client)
        world.change_subscription(
            row, kind=ChangeKind.END, on=world.TODAY + 50 * DAY, mrr="0",
            recorded_at=world.NOW,
        )  # fmt: skip
        assert "Cancelled" in rows(ana_client.get("/renewals/"))[0]

    def test_the_window_and_the_order_are_a_choice(
        self, ana_client: Client, ana: User
    ) -> None:
        for name, days, mrr in (
            ("far", 80, "900"),
            ("near", 10, "1"),
            ("off", 170, "5"),
        ):
            renewing(name, days=days, owner=ana, mrr=mrr)
        fill()

        def names(address: str) -> list[str]:
            return [row.split()[0] for row in rows(ana_client.get(address))]

        assert names("/renewals/") == ["far", "near"]
        assert names("/renewals/?order=date") == ["near", "far"]
        assert names("/renewals/?days=30") == ["near"]
        assert names("/renewals/?days=180&order=date") == ["near", "far", "off"]
        # Whatever else is asked for is the usual.
        assert names("/renewals/?days=7&order=x&at=x~y&customer=x") == ["far", "near"]

    @pytest.mark.parametrize("order", ["risk", "date"])
    def test_pages_meet_without_a_gap(
        self, ana_client: Client, ana: User, order: str
    ) -> None:
        customer = world.make_customer("many", owner=ana, since=world.days_ago(360))
        for number in range(53):
            world.subscribe(
                customer, since=world.days_ago(360), mrr=str(100 + number % 3)
            )
        fill()
        first = ana_client.get(f"/renewals/?order={order}")
        assert len(rows(first)) == 50
        [following] = [
            part.split('"')[0] for part in main_of(first).split('rel="next" href="')[1:]
        ]
        second = ana_client.get("/renewals/" + following.replace("&amp;", "&"))
        assert len(rows(second)) == 3

    def test_the_forecast_is_that_of_ones_own_customers(
        self, ana_client: Client, mara_client: Client, ana: User, charlie: User
    ) -> None:
        mine = renewing("mine", days=50, owner=ana, mrr="100")
        theirs = renewing("Secret Ltd", days=51, owner=charlie, mrr="300")
        world.score()
        foreseen(mine.customer, stays=0.8)
        foreseen(theirs.customer, stays=0.5)
        fill()
        own, everybody = (
            facts(client.get("/renewals/")) for client in (ana_client, mara_client)
        )
        assert own[0] == "Due in 90 days €1.2K 1 renewal"
        assert own[1].startswith("Expected €960")
        assert everybody[0] == "Due in 90 days €4.8K 2 renewals"
        assert everybody[1].startswith("Expected €2.8K")
        assert "Secret" not in page(ana_client)
        assert "Secret" in page(mara_client)

    def test_one_customer_has_a_page_of_its_own(
        self, ana_client: Client, charlie_client: Client, ana: User
    ) -> None:
        row = renewing("Brightwater", days=150, owner=ana)
        renewing("other", days=20, owner=ana)
        fill()
        address = f"/renewals/?customer={row.customer_id}"
        assert len(rows(ana_client.get(address))) == 1
        assert charlie_client.get(address).status_code == 404

    def test_more_rows_cost_no_more_queries(
        self, ana_client: Client, mara_client: Client, ana: User
    ) -> None:
        def add(name: str) -> None:
            row = renewing(name, days=50, owner=ana)
            world.open_ticket(row.customer, days=3, hours=None)
            checkpoint(row, days=50, view="renews", viewed_by=ana)

        add("a")
        fill()
        one = queries(ana_client, "/renewals/"), queries(mara_client, "/renewals/")
        add("b")
        add("c")
        fill()
        three = queries(ana_client, "/renewals/"), queries(mara_client, "/renewals/")
        assert (len(rows(ana_client.get("/renewals/"))), three) == (3, one)
        # Everybody's sums are read, one's own are reckoned.
        assert one[0] - one[1] == 1


class TestViews:
    """Both views of a renewal."""

    def test_the_person_puts_a_view_on_record(
        self, ana_client: Client, ana: User
    ) -> None:
        found = checkpoint(renewing("a", days=50, owner=ana), days=50)
        address = f"/renewals/checkpoints/{found.pk}/"
        assert "no opinion" in page(ana_client, address)
        refused = ana_client.post(address, {"view": "at_risk"})
        assert refused.status_code == 422
        assert "Write what you will do about it." in words(main_of(refused))
        done = ana_client.post(
            address, {"view": "at_risk", "plan": "Visit them."}, follow=True
        )
        assert messages(done) == ["Your view is on record."]
        assert "Visit them." in page(ana_client, address)

    def test_it_is_nobody_elses(
        self, charlie_client: Client, viewer_client: Client, ana: User
    ) -> None:
        found = checkpoint(renewing("a", days=50, owner=ana), days=50)
        address, data = f"/renewals/checkpoints/{found.pk}/", {"view": "renews"}
        assert charlie_client.get(address).status_code == 404
        assert charlie_client.post(address, data).status_code == 404
        assert viewer_client.get(address).status_code == 200
        assert viewer_client.post(address, data).status_code == 403
        assert RenewalCheckpoint.objects.get().view == ""

    def test_after_the_renewal_nothing_is_taken(
        self, ana_client: Client, ana: User
    ) -> None:
        found = checkpoint(renewing("a", days=-3, owner=ana), days=-3)
        address = f"/renewals/checkpoints/{found.pk}/"
        assert "The renewal is over" in page(ana_client, address)
        assert ana_client.post(address, {"view": "renews"}).status_code == 422

    def test_leaders_settle_what_is_seen_differently(
        self, ana_client: Client, mara_client: Client, ana: User
    ) -> None:
        apart = checkpoint(
            renewing("apart", days=50, owner=ana), days=50, risky=True, view="renews",
            viewed_by=ana,
        )  # fmt: skip
        checkpoint(renewing("agreed", days=51, owner=ana), days=51, view="renews")
        assert ana_client.get("/renewals/disagreements/").status_code == 403
        listed = rows(mara_client.get("/renewals/disagreements/"))
        assert [row.split()[0] for row in listed] == ["apart"]
        address = f"/renewals/checkpoints/{apart.pk}/settle/"
        assert (
            ana_client.post(address, {"view": "renews", "note": "x"}).status_code == 403
        )
        assert mara_client.post(address, {"view": "renews"}).status_code == 422
        done = mara_client.post(
            address, {"view": "at_risk", "note": "The buyer left."}, follow=True
        )
        assert messages(done) == ["Settled. Both views stay on record."]
        assert "Mara Lindqvist" in rows(done)[0]
        both = page(ana_client, f"/renewals/checkpoints/{apart.pk}/")
        assert "Will renew" in both
        assert "The buyer left." in both

    def test_the_list_costs_the_same_whatever_its_length(
        self, mara_client: Client, ana: User
    ) -> None:
        def add(name: str) -> None:
            checkpoint(
                renewing(name, days=50, owner=ana), days=50, risky=True, view="renews",
                viewed_by=ana,
            )  # fmt: skip

        add("a")
        one = queries(mara_client, "/renewals/disagreements/")
        add("b")
        add("c")
        assert queries(mara_client, "/renewals/disagreements/") == one


class TestRecord:
    """Held to account."""

    def test_few_cases_say_nothing_and_ten_do(
        self, mara_client: Client, ana_client: Client, ana: User
    ) -> None:
        for client in (mara_client, ana_client):
            assert "Nothing to compare yet" in page(client, "/renewals/record/")
        row = renewing("a", days=-20, owner=ana)
        for number in range(10):
            RenewalCheckpoint.objects.create(
                customer=row.customer, subscription=row, days_before=90,
                renews_on=world.days_ago(70 + number), noted_at=world.NOW,
                chance=0.9, mrr=Decimal(100), kept=number > 0,
                kept_mrr=Decimal(100 if number else 0),
            )  # fmt: skip
        # One's own are reckoned, everybody's are what the last tick kept.
        world.score()
        renewals_tick(now=world.NOW)
        for client in (ana_client, mara_client):
            text = page(client, "/renewals/record/")
            assert "€900 a month renewed, €900 were forecast" in text
            assert "90%" in text
            assert "too few" in text
            # The ranges are Wilson's: 9 of 10 are 59.6 % to 98.2 %.
            assert "60 to 98%" in text


class TestYearly:
    """Who ought to pay by the year."""

    @pytest.fixture
    def candidate(self, ana: User) -> YearlyCandidate:
        row = monthly(owner=ana)
        world.score()
        foreseen(row.customer, stays=0.9, band=3, churn=0.15, at_risk=False)
        fill()
        return YearlyCandidate.objects.get()

    def test_candidates_are_shown_with_what_an_offer_brings(
        self, ana_client: Client, charlie_client: Client, candidate: YearlyCandidate
    ) -> None:
        [row] = rows(ana_client.get("/renewals/yearly/"))
        assert row.startswith("Brightwater Team · 3 months with us €100 48%")
        assert "as things are" in row
        [dear] = rows(ana_client.get("/renewals/yearly/?terms=d20"))
        assert dear != row
        assert rows(charlie_client.get("/renewals/yearly/")) == []

    def test_an_offer_is_made_once_and_withdrawn(
        self, ana_client: Client, candidate: YearlyCandidate
    ) -> None:
        address = f"/renewals/yearly/{candidate.pk}/"
        contact = candidate.customer.contacts.get()
        data = {"terms": "m2", "contact": contact.pk, "days": 14}
        assert ana_client.post(address, {}).status_code == 422
        done = ana_client.post(address, data, follow=True)
        assert messages(done) == ["The offer goes to Mara Ionescu."]
        offer = YearlyOffer.objects.get()
        assert (offer.free_months, offer.discount, offer.yearly) == (2, 0, 1000)
        again = ana_client.post(address, data)
        assert again.status_code == 422
        assert "open already" in words(main_of(again))
        withdraw = f"/renewals/offers/{offer.pk}/withdraw/"
        gone = ana_client.post(withdraw, follow=True)
        assert messages(gone) == ["The offer is withdrawn; its link opens nothing."]
        late = ana_client.post(withdraw, follow=True)
        assert messages(late) == ["The offer was answered or over before."]

    def test_outsiders_and_viewers_offer_nothing(
        self,
        charlie_client: Client,
        viewer_client: Client,
        candidate: YearlyCandidate,
        ana: User,
    ) -> None:
        offer = offered(candidate.subscription, by=ana)
        made, withdraw = (
            f"/renewals/yearly/{candidate.pk}/",
            f"/renewals/offers/{offer.pk}/withdraw/",
        )
        assert charlie_client.post(made, {}).status_code == 404
        assert charlie_client.post(withdraw).status_code == 404
        assert viewer_client.post(made, {}).status_code == 403
        assert viewer_client.post(withdraw).status_code == 403
        assert "Mara Ionescu" not in page(charlie_client, "/renewals/yearly/")
        assert YearlyOffer.objects.get().state == "open"

    def test_more_candidates_cost_no_more_queries(
        self, ana_client: Client, candidate: YearlyCandidate, ana: User
    ) -> None:
        offered(candidate.subscription, by=ana)
        one = queries(ana_client, "/renewals/yearly/")
        for _ in range(2):
            row = monthly(owner=ana)
            YearlyCandidate.objects.create(
                customer=row.customer, subscription=row, months=3, churn=0.1,
                currency="EUR", mrr=100, converted=100, gain=1,
            )  # fmt: skip
            offered(row, by=ana)
        assert queries(ana_client, "/renewals/yearly/") == one


class TestReminder:
    """The administrator's page."""

    def test_it_is_switched_on_and_tried(
        self, admin_client: Client, mara_client: Client
    ) -> None:
        address = "/renewals/reminder/"
        assert mara_client.get(address).status_code == 403
        assert "Switched off." in page(admin_client, address)
        html = admin_client.get(address).content.decode()
        seen = html.split('name="seen" value="')[1].split('"')[0]
        data = {"is_on": "on", "days_before": 21, "seen": seen}
        done = admin_client.post(address, data, follow=True)
        assert messages(done) == ["Saved."]
        assert "0 reminders are due within a week." in words(main_of(done))
        # Somebody else was faster.
        assert admin_client.post(address, data | {"days_before": 40}).status_code == 409
        assert admin_client.post(address, {"days_before": 2}).status_code == 422
        test = admin_client.post(f"{address}test/", {"effect": "x"}, follow=True)
        assert messages(test) == ["An example goes to admin@example.org."]


def test_the_day_is_the_companys(ana_client: Client, ana: User) -> None:
    # Noon in London is the next day in Kiritimati.
    Company.objects.update(time_zone="Pacific/Kiritimati")
    renewing("a", days=50, owner=ana)
    fill(world.TODAY + DAY)
    assert "in 49 days" in rows(ana_client.get("/renewals/"))[0]
