"""What values rest on: what each setting changes, tried before it is saved."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, Company
from health.models import Run, ValuePath
from tests import world
from tests.health.values import ECONOMICS, done_run
from tests.pages import main_of, messages, part, queries, words

URL = "/forecasts/settings/"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]


@pytest.fixture
def foreseen(company: Company) -> None:
    """100 customers of 100 a month each; 70 of it are left."""
    world.make_customer()
    world.value_path(at_risk="7000")
    done_run()


def typed(client: Client, **fields: str) -> dict[str, str]:
    """This will return what a browser sends of the form as it is shown."""
    form = client.get(URL).context["form"]
    return {bound.html_name: str(bound.value()) for bound in form} | fields


@pytest.mark.parametrize("person", ["ana_client", "viewer_client", "mara_client"])
def test_it_is_for_administrators(
    person: str, request: pytest.FixtureRequest, foreseen: None
) -> None:
    client = request.getfixturevalue(person)
    assert client.get(URL).status_code == 403
    sent = {"gross_margin": "10", "support_cost": "1", "discount_rate": "1"}
    assert client.post(URL, sent | {"horizon_months": "24"}).status_code == 403
    assert Company.objects.get().gross_margin == Decimal("0.8")


def test_before_the_first_run(admin_client: Client) -> None:
    page = main_of(admin_client.get(URL))
    assert "There are no customers yet" in words(page)
    assert 'name="try"' not in page
    # The settings can be saved all the same.
    admin_client.post(URL, typed(admin_client, gross_margin="70"))
    assert Company.objects.get().gross_margin == Decimal("0.7")


def test_a_step_of_each(admin_client: Client, foreseen: None) -> None:
    """Of 70 a month 1 point of margin is 1, a tenth of the support 1."""
    table = part(admin_client.get(URL), "h-steps")
    assert table.startswith(
        "What each setting changes Today: €207K of margin still to come, €7K of it at "
        "risk, by the forecasts of 30 June 2026."
    )
    lines = admin_client.get(URL).context["lines"]
    assert [
        (line.name, line.now, [(s.words, s.expected, s.at_risk) for s in line.steps])
        for line in lines
    ] == [
        ("Gross margin", "80.0%", [("79.0%", "−€3K", "−€100"), ("81.0%", "+€3K", "+€100")]),
        ("Support cost per ticket", "€25", [("€22.50", "+€3K", "+€100"), ("€27.50", "−€3K", "−€100")]),
        ("Yearly discount rate", "10.0%", [("9.0%", "+€3.7K", "+€135"), ("11.0%", "−€3.5K", "−€131")]),
        ("Horizon", "60 months", [("48 months", "−€20K", "−€742")]),
    ]  # fmt: skip


def test_steps_stop_at_the_ends(admin_client: Client, foreseen: None) -> None:
    Company.objects.update(
        gross_margin=1, support_cost=0, discount_rate=0, horizon_months=12
    )
    lines = admin_client.get(URL).context["lines"]
    assert [[step.words for step in line.steps] for line in lines] == [
        ["99.0%"], [], ["1.0%"], ["24 months"],
    ]  # fmt: skip
    assert "Support cost per ticket €0 – – –" in part(admin_client.get(URL), "h-steps")


def test_the_run_may_have_reckoned_otherwise(
    admin_client: Client, foreseen: None
) -> None:
    """What is at risk was worked out at 40 %: twice the margin, less the same support."""
    done_run(economics=ECONOMICS | {"margin": 0.4})
    was = admin_client.get(URL).context["was"]
    assert was.at_risk == pytest.approx(7000 * 70 / 30)
    Run.objects.update(parameters={})
    assert admin_client.get(URL).context["was"].at_risk == 7000.0


def test_what_is_typed_is_tried_and_not_saved(
    admin_client: Client, foreseen: None
) -> None:
    sent = typed(admin_client, gross_margin="88", horizon_months="72")
    response = admin_client.post(URL, sent | {"try": "1"})
    assert response.status_code == 200
    tried = part(response, "h-tried")
    assert tried.startswith("With what you entered Nothing is saved yet.")
    assert "Margin still to come €231K €207K with what is stored: +11%" in tried
    assert "Value at risk €7.8K €7K with what is stored: +11%" in tried
    assert "The last run looked 60 months ahead; what lies beyond" in tried
    assert 'value="88"' in main_of(response)
    ours = Company.objects.get()
    assert (ours.gross_margin, ours.horizon_months) == (Decimal("0.8"), 60)
    assert not AuditEntry.objects.exists()


def test_saving_is_audited_and_can_be_undone(
    admin_client: Client, foreseen: None
) -> None:
    sent = typed(admin_client, gross_margin="82.5", horizon_months="48")
    response: Any = admin_client.post(URL, sent, follow=True)
    assert response.redirect_chain == [(URL, 302)]
    assert messages(response) == [
        "Saved. The new values count from the next run on. Undo"
    ]
    entry = AuditEntry.objects.get()
    assert entry.action == "accounts.company_changed"
    assert entry.before == {"gross_margin": "0.8000", "horizon_months": 60}
    undo = re.search(r'formaction="([^"]+)"', response.content.decode())
    assert undo
    response = admin_client.post(undo[1], follow=True)
    assert messages(response) == ["The settings are as they were before."]
    ours = Company.objects.get()
    assert (ours.gross_margin, ours.horizon_months) == (Decimal("0.8"), 60)
    assert AuditEntry.objects.count() == 2
    # A second time there is nothing to undo: the settings are others by now.
    response = admin_client.post(undo[1], follow=True)
    assert "have been changed since" in messages(response)[0]
    assert AuditEntry.objects.count() == 2


def test_an_undo_of_somebody_elses_making(admin_client: Client, foreseen: None) -> None:
    response = admin_client.post(f"{URL}undo/made-up/", follow=True)
    assert messages(response) == ["It is too late to undo this."]
    assert not AuditEntry.objects.exists()


def test_saving_the_same_says_so(admin_client: Client, foreseen: None) -> None:
    response = admin_client.post(URL, typed(admin_client), follow=True)
    assert messages(response) == ["Nothing was changed."]


def test_what_cannot_be_saved(admin_client: Client, foreseen: None) -> None:
    sent = typed(admin_client, gross_margin="101", horizon_months="11")
    for more in ({}, {"try": "1"}):
        response = admin_client.post(URL, sent | more)
        assert response.status_code == 422
        errors = {name: list(e) for name, e in response.context["form"].errors.items()}
        assert errors == {
            "gross_margin": [
                "Write a percentage from 0 to 100, with two decimals at most."
            ],
            "horizon_months": ["Ensure this value is greater than or equal to 12."],
        }
    assert not AuditEntry.objects.exists()


def test_somebody_else_has_saved_meanwhile(
    admin_client: Client, foreseen: None
) -> None:
    sent = typed(admin_client, gross_margin="70")
    Company.objects.update(gross_margin="0.6")
    response = admin_client.post(URL, sent)
    assert response.status_code == 409
    assert Company.objects.get().gross_margin == Decimal("0.6")
    assert 'value="70"' in main_of(response)


def test_both_pages_lead_to_each_other(admin_client: Client, foreseen: None) -> None:
    assert 'href="/settings/money/"' in main_of(admin_client.get(URL))
    assert f'href="{URL}"' in main_of(admin_client.get("/settings/money/"))


def test_the_number_of_queries_is_fixed(admin_client: Client, foreseen: None) -> None:
    few = queries(admin_client, URL)
    for plan in (7, 8, 9):
        world.value_path(plan=plan)
    assert ValuePath.objects.count() == 4
    assert queries(admin_client, URL) == few
