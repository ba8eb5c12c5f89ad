"""The list of failed payments."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, ExchangeRate, User
from billing.enums import CaseState, DeclineGroup
from billing.models import DunningAction, DunningCase, PaymentAttempt, PaymentMethod
from customers.models import Customer
from tests import world
from tests.billing.dunning_world import FAILED, charged, opened
from tests.pages import part, queries, rows, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]
URL = "/failed-payments/"


def failing(name: str, owner: User | None, **fields: Any) -> DunningCase:
    """This will save an open case of a new customer; `code` is the last refusal."""
    code, group = fields.pop("code", ""), fields.pop("group", "")
    wanted = {key: fields.pop(key) for key in list(fields) if hasattr(DunningCase, key)}
    at = fields.pop("failed_at", FAILED)
    invoice = charged(world.make_customer(name, owner=owner), **fields)
    case = opened(invoice, failed_at=at)
    if code:
        PaymentAttempt.objects.filter(invoice=case.invoice).update(
            decline_code=code, decline_group=group
        )
    DunningCase.objects.filter(pk=case.pk).update(**wanted)
    case.refresh_from_db()
    return case


def closed(case: DunningCase, state: str, **fields: Any) -> None:
    values = {"state": state, "closed_at": world.NOW, "next_at": None, **fields}
    DunningCase.objects.filter(pk=case.pk).update(**values)


def names(client: Client, query: str = "") -> list[str]:
    """This will list the customers of the page, in its order."""
    return [row.case.customer.name for row in client.get(URL + query).context["rows"]]


def chips(client: Client, kind: str, query: str = "") -> dict[str, int]:
    found = client.get(URL + query).context[kind]
    return {str(chip.label): chip.count for chip in found}


def test_a_row_says_what_failed_why_and_what_comes(
    ana: User, ana_client: Client
) -> None:
    case = failing("Acme", ana, failed_at=world.NOW)
    [row] = rows(ana_client.get(URL))
    for said in (
        "Acme", "Ana Popescu", "€100.00", "failed today",
        "There was not enough money in the account.",
        "Tried again on Wednesday, 1 July", "Service is paused on Tuesday, 21 July",
        "Visa •••• 4242", "valid until Jan 2028",
    ):  # fmt: skip
        assert said in row
    link = reverse("dunning_case", args=[case.pk])
    assert f'href="{link}"' in ana_client.get(URL).content.decode()


def test_nobody_else_sees_it_and_viewers_get_no_button(
    ana: User, charlie_client: Client, viewer_client: Client
) -> None:
    failing("Acme", ana)
    page = charlie_client.get(URL).content.decode()
    assert "Acme" not in page
    assert "€100.00" not in page
    assert "No payment" in page
    [row] = rows(viewer_client.get(URL))
    assert "Look at it" not in row
    assert names(charlie_client, "?state=all&q=Acme") == []


def test_most_at_stake_comes_first_and_the_nearer_end_before_the_later(
    ana: User, ana_client: Client
) -> None:
    ExchangeRate.objects.create(currency="USD", valid_on=world.days_ago(9), rate="0.5")
    failing("Small", ana, total="50")
    failing("Dollars", ana, total="150", currency="USD")
    failing("Even", ana, total="100")
    failing("Ending", ana, total="100", began_on=world.days_ago(20))
    assert names(ana_client) == ["Ending", "Even", "Dollars", "Small"]


def test_states_are_links_with_counts(ana: User, ana_client: Client) -> None:
    failing("Open", ana)
    closed(failing("Back", ana), CaseState.RECOVERED, recovered=100, cause="retry")
    closed(failing("Gone", ana), CaseState.LOST)
    closed(failing("Halted", ana), CaseState.STOPPED)
    assert chips(ana_client, "states") == {
        "Open": 1, "Recovered": 1, "Not recovered": 1, "Stopped": 1, "All": 4,
    }  # fmt: skip
    assert names(ana_client) == ["Open"]
    assert names(ana_client, "?state=lost") == ["Gone"]
    assert len(names(ana_client, "?state=all")) == 4
    [row] = rows(ana_client.get(URL + "?state=recovered"))
    assert "Recovered A retry, 30 Jun" in row
    assert "1 payment came in after all: €100.00" in part(
        ana_client.get(URL + "?state=recovered"), "h-failed"
    )


def test_who_must_do_something_narrows_the_list(ana: User, ana_client: Client) -> None:
    failing("Soft", ana)
    failing("Hard", ana, code="stolen_card", group=DeclineGroup.HARD)
    failing("Confirm", ana, code="authentication_required", group=DeclineGroup.ACTION)
    failing("Stuck", ana, next_at=None)
    tasked = failing("Tasked", ana, held_out=True)
    DunningAction.objects.create(
        case=tasked, customer=tasked.customer, kind="task", step="task:0",
        due_at=world.NOW, done_at=world.NOW, reason="task_day",
    )  # fmt: skip
    assert chips(ana_client, "needs") == {
        "Needs a person": 3, "May work later": 3, "Needs another payment method": 1,
        "The customer must confirm": 1, "Mine": 5, "Left alone": 1,
    }  # fmt: skip
    assert sorted(names(ana_client, "?need=person")) == ["Hard", "Stuck", "Tasked"]
    assert names(ana_client, "?need=hard") == ["Hard"]
    assert names(ana_client, "?need=action") == ["Confirm"]
    assert names(ana_client, "?held_out=1") == ["Tasked"]


def test_reasons_are_counted_and_filter(ana: User, ana_client: Client) -> None:
    failing("Poor", ana)
    failing("Old", ana, code="expired_card", group=DeclineGroup.HARD)
    failing("Odd", ana, code="never_heard_of", group=DeclineGroup.SOFT)
    assert chips(ana_client, "reasons") == {
        "Expired": 1, "Not enough money": 1, "Other reasons": 1,
    }  # fmt: skip
    assert names(ana_client, "?reason=expired") == ["Old"]
    assert names(ana_client, "?reason=other") == ["Odd"]
    assert names(ana_client, "?reason=lost") == []


def test_other_pages_ask_for_causes_and_months(ana: User, ana_client: Client) -> None:
    closed(failing("June", ana), CaseState.RECOVERED, recovered=100, cause="mail")
    failing("May", ana, began_on=dt.date(2026, 5, 31))
    assert names(ana_client, "?cause=mail") == ["June"]
    assert names(ana_client, "?cohort=2026-05") == ["May"]
    assert names(ana_client, "?cohort=2026-06") == ["June"]
    page = words(ana_client.get(URL + "?cohort=2026-05").content.decode())
    assert "Failed in May 2026" in page


@pytest.mark.parametrize(
    "query",
    ["?state=nonsense", "?need=x", "?cause=x", "?cohort=2026-13", "?cohort=20266",
     "?reason=%00", "?at=garbage", "?at=nan~1", "?at=1e999~1", "?at=1~x", "?mine=2"],
)  # fmt: skip
def test_a_bad_address_shows_the_open_ones(
    query: str, ana: User, ana_client: Client
) -> None:
    failing("Acme", ana)
    assert names(ana_client, query) == ["Acme"]


def test_customers_and_invoices_are_found(ana: User, ana_client: Client) -> None:
    case = failing("Brightwater", ana)
    failing("Kestrel", ana)
    assert names(ana_client, "?q=water") == ["Brightwater"]
    assert names(ana_client, f"?q={case.invoice.external_id}") == ["Brightwater"]
    assert names(ana_client, "?q=nobody") == []
    assert "No failed payment of “nobody”" in words(
        ana_client.get(URL + "?q=nobody").content.decode()
    )


def test_pages_meet_without_a_gap(
    ana: User, ana_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.selectors.dunning.lists.PAGE_SIZE", 2)
    for total in ("500", "300", "300", "100", "90"):
        failing(f"C{total}", ana, total=total)
    seen: list[int] = []
    query = ""
    for _page in range(3):
        context = ana_client.get(URL + query).context
        seen += [row.case.pk for row in context["rows"]]
        query = context["next_url"]
    assert query == ""
    assert len(seen) == len(set(seen)) == 5
    closed_ones = DunningCase.objects.all()
    for case in closed_ones:
        closed(case, CaseState.LOST)
    context = ana_client.get(URL + "?state=lost").context
    behind = ana_client.get(URL + context["next_url"]).context
    assert len(behind["rows"]) == 2


def test_sums_are_by_currency(ana: User, ana_client: Client) -> None:
    failing("A", ana, total="100")
    failing("B", ana, total="50.50")
    failing("C", ana, total="70", currency="USD")
    said = part(ana_client.get(URL), "h-failed")
    assert "2 payments are failing: €150.50; 1 payment is failing: $70.00" in said


def test_what_nobody_knows_stands_on_top(
    ana: User, ana_client: Client, charlie_client: Client
) -> None:
    case = failing("Acme", ana)
    PaymentAttempt.objects.filter(invoice=case.invoice).update(
        state="unknown", decline_code="", decline_group="", look_at=world.NOW
    )
    said = part(ana_client.get(URL), "h-unknown")
    assert "Of 1 try nobody knows yet whether it worked" in said
    assert "Nothing is charged again" in said
    assert "Acme , €100.00" in said
    assert "h-unknown" not in charlie_client.get(URL).content.decode()


def test_a_dead_card_is_told(ana: User, ana_client: Client) -> None:
    invoice = charged(world.make_customer("Acme", owner=ana))
    PaymentMethod.objects.update(expires_on=dt.date(2026, 5, 31))
    opened(invoice)
    [row] = rows(ana_client.get(URL))
    assert "expired in May 2026" in row


def test_empty_says_that_it_is_good_news(ana_client: Client, ana: User) -> None:
    page = ana_client.get(URL).content.decode()
    assert "as far as we know" in words(page)
    assert 'class="chips"' not in page
    case = failing("Acme", ana)
    closed(case, CaseState.RECOVERED, recovered=Decimal(100))
    assert "No payment is failing" in words(ana_client.get(URL).content.decode())


def test_the_menu_counts_what_a_person_sees(
    ana: User, ana_client: Client, charlie_client: Client
) -> None:
    failing("Acme", ana)
    failing("Bolt", ana)
    entry = '<span class="count">2</span>'
    assert entry in ana_client.get(URL).content.decode()
    assert 'class="count"' not in charlie_client.get(URL).content.decode()


def test_queries_do_not_grow_with_rows(ana: User, ana_client: Client) -> None:
    failing("A", ana)
    few = queries(ana_client, URL)
    failing("B", ana)
    failing("C", ana)
    assert queries(ana_client, URL) == few


def test_the_whole_company_is_a_managers(
    ana: User, charlie: User, mara_client: Client, company: Company
) -> None:
    failing("A", ana)
    failing("B", charlie)
    nobodys: Customer = world.make_customer("Nobody's")
    opened(charged(nobodys))
    assert sorted(names(mara_client)) == ["A", "B", "Nobody's"]
    assert "Nobody looks after them" in words(mara_client.get(URL).content.decode())
