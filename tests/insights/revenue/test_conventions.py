"""The conventions of revenue: read, tried, put in force and compared."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import AuditEntry, Company
from billing.calculations.conventions import PRESETS, Conventions
from billing.models import Conventions as ConventionsRow
from billing.models import LedgerState
from billing.services.ledger import ledger_build
from insights.convention_words import LABELS, switch_words
from tests import world
from tests.insights.revenue.conftest import Sold, day
from tests.pages import main_of, messages, part, queries, words

URL = "/revenue/conventions/"
EDIT = f"{URL}change/"
COMPARE = f"{URL}compare/"


def typed(client: Client, preset: str, **other: object) -> dict[str, object]:
    """This will fill the form with a preset, with what was in force seen."""
    seen = client.get(EDIT).context["form"].initial["seen"]
    values = {**PRESETS[preset].as_json(), "seen": seen, **other}
    return {name: "" if value is None else value for name, value in values.items()}


def test_everybody_reads_what_is_in_force(ana_client: Client, company: Company) -> None:
    page = part(ana_client.get(URL), "h-sets")
    assert "In force: Keepwell like ChartMogul like ProfitWell like Stripe" in page
    assert "When somebody leaves counts on the day the subscription ends" in page
    assert "Change the switches" not in page


@pytest.mark.parametrize("name", LABELS)
def test_every_switch_has_words_for_every_position(name: str) -> None:
    values = {getattr(preset, name) for preset in PRESETS.values()}
    values |= {"reactivation_days": {90}, "group_minutes": {0, 60}}.get(name, set())
    said = {switch_words(name, value) for value in values}
    assert len(said) == len(values)
    assert all(said)


def test_only_an_administrator_changes_them(
    mara_client: Client, company: Company
) -> None:
    assert mara_client.get(EDIT).status_code == 403
    assert mara_client.post(EDIT, {}).status_code == 403


def test_a_preset_is_tried_and_put_in_force(admin_client: Client, sold: Sold) -> None:
    tried = admin_client.get(f"{EDIT}?preset=chartmogul")
    assert "The last twelve months, were it like ChartMogul" in part(tried, "h-tried")
    assert len(tried.context["beside"]) == 12
    data = typed(admin_client, "chartmogul")
    assert admin_client.post(EDIT, {**data, "try": "1"}).status_code == 200
    assert not ConventionsRow.objects.filter(preset="chartmogul").exists()
    before = LedgerState.objects.get().changed
    response = admin_client.post(EDIT, data, follow=True)
    assert messages(response) == [
        "Saved. The ledger and all its sums are made anew in the background."
    ]
    row = ConventionsRow.objects.get()
    assert (row.preset, row.switches) == ("chartmogul", PRESETS["chartmogul"].as_json())
    assert LedgerState.objects.get().changed > before
    entry = AuditEntry.objects.get(action="billing.conventions_changed")
    assert entry.before == {"churn_on": "period_end"}
    assert entry.after == {"churn_on": "cancellation"}
    assert "Something has changed since" in words(main_of(response))


def test_the_same_again_changes_nothing(admin_client: Client, company: Company) -> None:
    response = admin_client.post(EDIT, typed(admin_client, "keepwell"), follow=True)
    assert messages(response) == ["Nothing was changed."]
    assert not AuditEntry.objects.filter(action="billing.conventions_changed").exists()


def test_a_mixture_has_no_preview(admin_client: Client, sold: Sold) -> None:
    data = typed(admin_client, "keepwell", paused="unchanged")
    response = admin_client.post(EDIT, {**data, "try": "1"})
    assert "Only the presets are reckoned in advance" in part(response, "h-tried")
    admin_client.post(EDIT, data)
    assert ConventionsRow.objects.get().preset == "own"
    same = admin_client.post(EDIT, {**data, "try": "1"})
    assert "This is what is in force already." in part(same, "h-tried")


def test_what_makes_no_sense_is_refused(admin_client: Client, company: Company) -> None:
    data = typed(admin_client, "keepwell", past_due_days="0", churn_on="never")
    response = admin_client.post(EDIT, data)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"past_due_days", "churn_on"}


def test_somebody_else_was_faster(admin_client: Client, sold: Sold) -> None:
    data = typed(admin_client, "stripe")
    admin_client.post(EDIT, typed(admin_client, "chartmogul"))
    response = admin_client.post(EDIT, data)
    assert response.status_code == 409
    assert "Somebody else has changed the conventions meanwhile" in words(main_of(response))  # fmt: skip
    assert ConventionsRow.objects.get().preset == "chartmogul"
    # Seen now, they are put in the place of the other's.
    again = {**data, "seen": response.context["form"].data["seen"]}
    assert admin_client.post(EDIT, again).status_code == 302
    assert ConventionsRow.objects.get().preset == "stripe"
    assert admin_client.post(EDIT, {**data, "seen": "forged"}).status_code == 409


@pytest.fixture
def early(sold: Sold) -> Sold:
    """Heron has cancelled on 20 June for the end of July; a discount of Kestrel's ends."""
    from billing.models import Subscription

    heron = Subscription.objects.get(customer=sold["heron"])
    world.change_subscription(
        heron, on=day(7, 31), mrr="0", kind="end", recorded_at=world.noon(day(6, 20))
    )
    kestrel = Subscription.objects.get(customer=sold["kestrel"])
    world.change_subscription(
        kestrel, on=day(6, 10), mrr="1200", list_mrr=Decimal(1500),
        discount=Decimal("0.2"), discount_until=day(9, 10), seats=30,
    )  # fmt: skip
    ledger_build(now=world.NOW)
    return sold


def test_two_conventions_are_itemised_with_reasons(
    mara_client: Client, early: Sold
) -> None:
    response = mara_client.get(f"{COMPARE}?a=stripe&b=live&month=2026-06")
    found = {
        line.compared.customer: (
            line.compared.amounts["contraction"],
            line.compared.amounts["churn"],
            line.closing,
            [reason.words for reason in line.reasons],
        )
        for line in response.context["lines"]
    }
    assert found == {
        "Heron Labs": (
            0, -200, -200,
            ["A cancellation counts on another day than the end of the subscription."],
        ),
        "Kestrel Foods": (300, 0, 300, ["A discount that ends counts in only one."]),
    }  # fmt: skip
    sums = {line.name: line.more for line in response.context["beside"]}
    assert (sums["contraction"], sums["churn"], sums["closing"]) == (300, -200, 100)


def test_two_presets_of_which_none_is_in_force(
    mara_client: Client, early: Sold
) -> None:
    response = mara_client.get(f"{COMPARE}?a=chartmogul&b=stripe&month=2026-06")
    [line] = response.context["lines"]
    assert line.compared.customer == "Kestrel Foods"
    assert line.compared.amounts["contraction"] == -300
    assert line.reasons[0].amounts == "Contraction −€300, at the end −€300"


def test_a_set_with_itself_does_not_differ(mara_client: Client, early: Sold) -> None:
    response = mara_client.get(f"{COMPARE}?a=stripe&b=stripe&at=x")
    assert "No differences" in part(response, "h-differ")


def test_the_comparison_asks_as_often_each_time(
    mara_client: Client, early: Sold
) -> None:
    one = queries(mara_client, f"{COMPARE}?a=chartmogul&b=live&month=2026-06")
    assert one == queries(mara_client, f"{COMPARE}?a=stripe&b=live&month=2026-06")


def test_switches_of_the_form_are_all_there_are() -> None:
    assert set(LABELS) == set(Conventions().as_json())
