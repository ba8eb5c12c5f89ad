"""The page about what failed and what came back."""

import csv
import io

import pytest
from django.test import Client

from accounts.models import Company, User
from billing.enums import CaseState, Collection, MethodKind
from billing.models import DunningCase, DunningPolicy, DunningVersion, PaymentMethod
from customers.models import Customer
from tests import world
from tests.billing.dunning_world import account
from tests.billing.recovered_world import attempt, failed
from tests.pages import main_of, part, queries, words
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]
URL = "/failed-payments/recovered/"
LIST = "/failed-payments/"
CSV = URL + "attempts.csv"

OPEN, LOST = CaseState.OPEN, CaseState.LOST
RECOVERED, STOPPED = CaseState.RECOVERED, CaseState.STOPPED


@pytest.fixture
def acme(ana: User) -> Customer:
    return world.make_customer("Acme", owner=ana)


def many(customer: Customer) -> None:
    """This will save a dozen: eight came back by a retry, the others did not."""
    for place in range(12):
        back = place < 8
        failed(
            customer,
            days=40 if place % 2 else 10,
            state=RECOVERED if back else LOST,
            after=place,
            cause="retry" if back else "",
            code="insufficient_funds" if place % 2 else "expired_card",
        )


def test_what_came_back(acme: Customer, ana_client: Client) -> None:
    many(acme)
    failed(acme, amount="40", days=3)
    failed(acme, amount="999", state=STOPPED)
    page = ana_client.get(URL)
    whole = part(page, "h-whole")
    for said in (
        "Of €1,240 that failed, €800 came back: 65%.",
        "Failed €1,240 13 payments and 1 that was stopped",
        "Came back €800 65% of the money (37 to 92%) 62% of the payments (36 to 82%)",
        "Still open €40 1 payment",
        "Not recovered €400 4 payments",
    ):
        assert said in whole
    assert "A retry 8 €800" in part(page, "h-causes")
    cohorts = part(page, "h-cohorts")
    assert "May 2026 6 €600 €400 too few 0 2" in cohorts
    assert "June 2026 7 €640 €400 too few 1 2" in cohorts
    reasons = part(page, "h-reasons")
    assert "Expired 6 €600 €400" in reasons
    assert "Failed charges, version 1" in part(page, "h-versions")
    assert "Half of the payments are back after 6 days" in main_of(page)


def test_every_figure_opens_its_cases(acme: Customer, ana_client: Client) -> None:
    many(acme)
    failed(acme, days=700, state=RECOVERED, cause="retry")
    failed(acme, days=10, state=STOPPED)
    page = ana_client.get(URL).context["page"]

    def shown(url: str) -> int:
        return len(ana_client.get(url).context["rows"])

    whole = page.whole
    assert shown(whole.urls["recovered"]) == whole.group.recovered == 8
    assert shown(whole.urls["lost"]) == whole.group.lost == 4
    assert shown(whole.urls["stopped"]) == whole.group.stopped == 1
    assert shown(whole.url) == whole.group.cases == 13
    for line in (*page.causes, *page.cohorts, *page.reasons):
        assert shown(line.url) == line.group.cases
        assert shown(line.urls["recovered"]) == line.group.recovered
        assert shown(line.urls["lost"]) == line.group.lost


def test_what_failed_lately_is_in_no_picture_of_months(
    acme: Customer, ana_client: Client
) -> None:
    """Of June nothing came back so far, which says nothing of June."""
    for place in range(10):
        failed(acme, days=5, code="")
        failed(acme, days=40, state=RECOVERED, code="")
        failed(acme, days=80, state=RECOVERED if place < 6 else LOST, code="")
    figure = ana_client.get(URL).context["page"].cohorts_figure
    assert figure.headline == "Of what failed in April 2026 the least came back: 60%"
    assert [row[0] for row in figure.rows] == ["May 2026", "April 2026"]


def test_reasons_beside_each_other(acme: Customer, ana_client: Client) -> None:
    for place in range(12):
        for code, came in (("stolen_card", 2), ("lost_card", 12), ("try_again", 6)):
            failed(acme, state=RECOVERED if place < came else LOST, code=code)
    figure = ana_client.get(URL).context["page"].reasons_figure
    assert figure.headline == (
        "“Card stolen” comes back least often: 17% of the payments"
    )
    assert figure.rows == [
        ("Card stolen", "12", "17%", "5 to 45%"),
        ("Trouble at the bank or provider", "12", "50%", "25 to 75%"),
        ("Card lost", "12", "100%", "76 to 100%"),
    ]
    # Below the whole with all of its range.
    assert figure.wide.count('class="span crit"') == 1


def test_less_than_half(acme: Customer, ana_client: Client) -> None:
    failed(acme, state=RECOVERED, after=12, code="")
    for days in (45, 50, 55):
        failed(acme, state=LOST, days=days, code="")
    figure = ana_client.get(URL + "?months=0").context["page"].time_figure
    assert figure.headline == "Less than half comes back: 25% within 30 days"
    assert figure.rows == [("12", "4", "1", "25% (4 to 87%)")]


def test_only_what_was_stopped(acme: Customer, ana_client: Client) -> None:
    failed(acme, state=STOPPED)
    whole = part(ana_client.get(URL), "h-whole")
    assert "Nothing was to be collected in this time." in whole


def test_other_months(acme: Customer, ana_client: Client) -> None:
    failed(acme, days=700, amount="70")
    failed(acme, days=100, amount="30")

    def said(query: str) -> str:
        return words(main_of(ana_client.get(URL + query)))

    assert "No payment failed in this time" in said("?months=3")
    for query in ("", "?months=12", "?months=nonsense"):
        assert "Of €30 that failed" in said(query)
    assert "Of €100 that failed" in said("?months=0")


def test_nothing_has_failed_yet(ana_client: Client) -> None:
    page = ana_client.get(URL)
    assert "No payment has failed yet" in main_of(page)


def test_nobody_else_sees_it(
    acme: Customer, charlie: User, charlie_client: Client, mara_client: Client
) -> None:
    many(acme)
    failed(world.make_customer("Moss Ltd", owner=charlie), amount="70")
    assert "Of €70 that failed" in part(charlie_client.get(URL), "h-whole")
    assert "Of €1,270 that failed" in part(mara_client.get(URL), "h-whole")


def test_what_dunning_adds(acme: Customer, ana_client: Client) -> None:
    policy = DunningPolicy.objects.create(
        name="Compared", collection=Collection.CHARGE, from_amount=1
    )
    version = DunningVersion.objects.create(
        policy=policy, number=1, created_at=NOW, hold_out="0.2"
    )
    failed(acme, state=RECOVERED, version=version, held_out=True, code="")
    text = part(ana_client.get(URL), "h-causes")
    assert "1 payment was left alone for a comparison, too few: it takes 10" in text
    for place in range(10):
        failed(acme, state=RECOVERED, version=version, code="")
        if place:
            failed(acme, state=LOST, version=version, held_out=True, code="")
    text = part(ana_client.get(URL), "h-causes")
    assert "worked on 100% came back, of those left alone 10%." in text
    assert "more than chance" in text
    DunningCase.objects.filter(held_out=True, state=LOST).update(state=RECOVERED)
    text = part(ana_client.get(URL), "h-causes")
    assert "it could be chance" in text


def test_without_a_comparison_it_says_so(acme: Customer, ana_client: Client) -> None:
    failed(acme)
    text = part(ana_client.get(URL), "h-causes")
    assert "Nothing has come back yet" in text
    assert "Nobody knows what would have come back by itself." in text


def test_what_has_no_rate_is_told(
    acme: Customer, ana_client: Client, company: Company
) -> None:
    failed(acme, currency="CHF")
    whole = part(ana_client.get(URL), "h-whole")
    assert "1 payment failed, in a currency without an exchange rate." in whole
    assert "1 payment is in no amount" in whole
    failed(acme, amount="20")
    whole = part(ana_client.get(URL), "h-whole")
    assert "Of €20 that failed, €0 came back: 0%." in whole


def test_customers_lost_of_those_who_paid_at_the_beginning(
    acme: Customer, mara_client: Client
) -> None:
    failed(acme, state=LOST, reason="ended_unpaid")
    assert "Customers lost by it 1" in part(mara_client.get(URL), "h-whole")


def test_the_number_of_queries_is_fixed(acme: Customer, ana_client: Client) -> None:
    def count() -> int:
        return queries(ana_client, URL)

    failed(acme, state=RECOVERED, cause="mail")
    failed(acme, state=LOST, days=80)
    one = count()
    for days in (3, 20, 50, 90, 120):
        failed(acme, state=RECOVERED, cause="retry", days=days, code="stolen_card")
        failed(acme, days=days, code="lost_card")
    assert count() == one


def lines(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(CSV + query)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


class TestTries:
    def test_one_a_row(self, acme: Customer, ana_client: Client) -> None:
        case = failed(acme, days=10, state=RECOVERED, code="expired_card")
        card = PaymentMethod.objects.create(
            account=account("Other"),
            customer=acme,
            external_id="pm_1",
            kind=MethodKind.CARD,
            brand="visa",
            last4="4242",
            added_at=NOW,
            recorded_at=NOW,
            changed_at=NOW,
        )
        at = case.began_at + (NOW - case.began_at) / 10
        attempt(
            case, code="", state="succeeded", decline_group="", method=card,
            cause="method_changed", at=at,
        )  # fmt: skip
        first, second = lines(ana_client)
        assert first == {
            "Case": str(case.pk),
            "Invoice": case.invoice.external_id,
            "Customer id": acme.external_id,
            "Try": "1",
            "Cause": "gateway",
            "Planned": "2026-06-20T12:00:00+00:00",
            "Asked": "2026-06-20T12:00:00+00:00",
            "Answered": "2026-06-20T12:00:00+00:00",
            "State": "declined",
            "Decline code": "expired_card",
            "Decline group": "soft",
            "Reason": "expired",
            "Amount": "100.00",
            "Currency": "EUR",
            "Method": "",
            "Brand": "",
            "Last four": "",
            "Hours since the first failure": "0.0",
            "Outcome of the case": "recovered",
        }
        assert second["Try"] == "2"
        assert (second["Method"], second["Brand"], second["Last four"]) == (
            "card",
            "visa",
            "4242",
        )
        assert (second["Reason"], second["Hours since the first failure"]) == (
            "",
            "24.0",
        )

    def test_of_the_same_months_and_the_same_customers(
        self, acme: Customer, ana_client: Client, charlie_client: Client
    ) -> None:
        failed(acme, days=10)
        failed(acme, days=400)
        assert len(lines(ana_client)) == 1
        assert len(lines(ana_client, "?months=0")) == 2
        assert lines(charlie_client, "?months=0") == []

    def test_nothing_is_a_formula(self, acme: Customer, ana_client: Client) -> None:
        Customer.objects.filter(pk=acme.pk).update(external_id="=1+1")
        failed(acme)
        [row] = lines(ana_client)
        assert row["Customer id"] == "'=1+1"

    def test_it_is_read_in_pieces(
        self, acme: Customer, ana_client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("billing.selectors.dunning.attempts_export.AT_ONCE", 2)
        case = failed(acme)
        for _try in range(4):
            attempt(case, code="lost_card")
        assert [row["Try"] for row in lines(ana_client)] == ["1", "2", "3", "4", "5"]
        assert len(list(ana_client.get(CSV).streaming_content)) == 4
