"""Settings: dunning policies, what a change would do, and their history."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from billing.enums import Collection
from billing.models import DunningPolicy, DunningVersion
from billing.services.dunning.policies import policies_ensure
from customers.models.customer import Segment
from tests.billing.dunning_world import charged, opened
from tests.pages import main_of, part, queries, words
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]
URL = "/settings/dunning/"
CHARGE: dict[str, Any] = {
    "name": "Large ones",
    "is_on": "on",
    "from_amount": "1000",
    "position": "1",
    "retry": "1, 3 7",
    "mail": "0; 3",
    "task": "",
    "limit": "",
    "final": "10",
    "final_action": "keep",
    "most_attempts": "6",
    "most_days": "14",
    "from_hour": "9",
    "until_hour": "18",
    "working_days_only": "on",
    "task_from": "5000",
    "notice_days": "30, 7",
    "hold_out": "10",
    "note": "First try",
}


@pytest.fixture
def charge(company: Any) -> DunningPolicy:
    policies_ensure(NOW)
    return DunningPolicy.objects.get(collection=Collection.CHARGE)


@pytest.fixture
def transfer(charge: DunningPolicy) -> DunningPolicy:
    return DunningPolicy.objects.get(collection=Collection.TRANSFER)


def typed(client: Client, url: str, **changes: Any) -> dict[str, Any]:
    """This will return what a browser would send of the form as it is shown."""
    form = client.get(url).context["form"]
    data = {
        bound.name: bound.field.prepare_value(bound.value())
        if bound.name != "segment"
        else bound.value()
        for bound in form
    }
    shown = {
        name: "on" if value is True else str(value)
        for name, value in data.items()
        if value not in (None, False)
    }
    return shown | changes


def wrong(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 422
    found: dict[str, list[str]] = response.context["form"].errors
    return {name: list(errors) for name, errors in found.items()}


def test_the_usual_two_are_there_from_the_first_look_on(admin_client: Client) -> None:
    text = words(main_of(admin_client.get(URL)))
    for said in (
        "Failed charges All others · 0 open payments",
        "Tries again on days 1, 3, 5, 7, 10 and 14, writes on days 0, 3, 7 and 12",
        ", limits access on day 14, pauses the subscription on day 21.",
        "Between 8 and 20 o’clock, at most 8 tries.",
        "Overdue transfers All others · 0 open payments Not in use",
        "Reminds on days 1, 5, 10 and 20, leaves it to a person on day 28.",
    ):
        assert said in text


def test_only_administrators(
    ana_client: Client, mara_client: Client, charge: DunningPolicy
) -> None:
    for client in (ana_client, mara_client):
        for url in (URL, f"{URL}new/charge/", f"{URL}{charge.pk}/"):
            assert client.get(url).status_code == 403
        assert client.post(f"{URL}{charge.pk}/", CHARGE).status_code == 403
        assert client.post(f"{URL}{charge.pk}/retire/").status_code == 403
    assert DunningVersion.objects.count() == 2


def test_a_new_one(admin_client: Client, admin: User) -> None:
    segment = Segment.objects.create(key="big", name="Enterprise")
    response = admin_client.post(
        f"{URL}new/charge/", CHARGE | {"segment": segment.pk}, follow=True
    )
    assert response.redirect_chain == [(URL, 302)]
    policy = DunningPolicy.objects.get(name="Large ones")
    assert (policy.segment, policy.from_amount, policy.position) == (segment, 1000, 1)
    version = policy.versions.get()
    assert [(one.kind, one.day) for one in version.steps.all()] == [
        ("mail", 0),
        ("retry", 1),
        ("mail", 3),
        ("retry", 3),
        ("retry", 7),
        ("final", 10),
    ]
    assert (version.most_attempts, version.most_days) == (6, 14)
    assert (version.from_hour, version.until_hour) == (9, 18)
    assert version.working_days_only
    assert version.task_from == 5000
    assert version.final_action == "keep"
    assert version.hold_out == Decimal("0.10")
    assert version.notice_days == [30, 7]
    assert (version.created_by, version.note) == (admin, "First try")
    text = words(main_of(response))
    assert "Enterprise, from €1,000" in text
    assert "a task at once from €5,000, 10% left alone for a comparison." in text
    assert text.index("Large ones") < text.index("Failed charges All")
    entry = AuditEntry.objects.get(action="billing.dunning_policy_added")
    assert entry.actor_id == admin.pk


def test_reminders_have_no_tries(admin_client: Client) -> None:
    data = CHARGE | {"letter": "2, 9", "final": ""}
    admin_client.post(f"{URL}new/transfer/", data)
    version = DunningVersion.objects.get(policy__name="Large ones")
    assert [str(step) for step in version.steps.all()] == [
        "letter 2",
        "letter 9",
    ]
    assert (version.most_attempts, version.notice_days) == (8, [])


def test_an_address_of_nothing(admin_client: Client, charge: DunningPolicy) -> None:
    assert admin_client.get(f"{URL}new/barter/").status_code == 404
    assert admin_client.get(f"{URL}{charge.pk + 999}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"retry": "0, 3"}, "retry", "Write whole days from 1 to 90, such as 1, 3, 5."),
        ({"retry": "1, x"}, "retry", "Write whole days from 1 to 90, such as 1, 3, 5."),
        ({"mail": "91"}, "mail", "Write whole days from 0 to 90, such as 1, 3, 5."),
        ({"mail": "1000"}, "mail", "Write whole days from 0 to 90, such as 1, 3, 5."),
        ({"final": ""}, "final", "Say on which day it ends."),
        (
            {"final": "7"},
            "final",
            "It comes after everything else: “Try again on the days” has day 7.",
        ),
        (
            {"limit": "12"},
            "final",
            "It comes after everything else: “Limit access on day” has day 12.",
        ),
        (
            {"most_attempts": "3"},
            "most_attempts",
            "3 tries are planned, the first charge counts too.",
        ),
        (
            {"most_attempts": "21"},
            "most_attempts",
            "Ensure this value is less than or equal to 20.",
        ),
        ({"most_days": "6"}, "most_days", "There is a try on day 7."),
        ({"until_hour": "9"}, "until_hour", "The hours end after they begin."),
        ({"hold_out": "51"}, "hold_out", "Leave half of them alone at most."),
    ],
)
def test_what_makes_no_sense(
    admin_client: Client, changes: dict[str, str], field: str, text: str
) -> None:
    response = admin_client.post(f"{URL}new/charge/", CHARGE | changes)
    assert wrong(response) == {field: [text]}
    assert "Error:" in words(response.content.decode())
    assert not DunningPolicy.objects.filter(name="Large ones").exists()


def test_what_the_service_refuses_is_told(admin_client: Client) -> None:
    nobody = CHARGE | {"from_amount": ""}
    assert wrong(admin_client.post(f"{URL}new/charge/", nobody)) == {
        "__all__": [
            "Choose a segment or an amount: there is a policy for all others already."
        ]
    }
    silent = CHARGE | {"mail": "", "final_action": "cancel"}
    for more in ({}, {"preview": "1"}):
        errors = wrong(admin_client.post(f"{URL}new/charge/", silent | more))
        assert list(errors) == ["__all__"]


class TestChanging:
    def test_it_is_shown_as_it_is_and_nothing_changes_by_saving(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        url = f"{URL}{charge.pk}/"
        sent = typed(admin_client, url)
        assert sent["retry"] == "1, 3, 5, 7, 10, 14"
        assert "segment" not in sent
        assert admin_client.post(url, sent).status_code == 302
        assert charge.versions.count() == 1
        assert not AuditEntry.objects.filter(
            action="billing.dunning_policy_changed"
        ).exists()

    def test_open_payments_keep_their_version(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        opened(charged())
        url = f"{URL}{charge.pk}/"
        sent = typed(admin_client, url, retry="2, 4", note="Fewer")
        assert admin_client.post(url, sent).status_code == 302
        first, second = charge.versions.order_by("number")
        assert (first.number, second.number) == (1, 2)
        page = admin_client.get(url)
        history = part(page, "h-history")
        assert history.index("Version 2") < history.index("Version 1")
        assert "Fewer" in history
        assert "Ada Admin" in history
        assert history.endswith("on day 21. 1")
        assert AuditEntry.objects.filter(
            action="billing.dunning_policy_changed"
        ).exists()

    def test_what_somebody_else_saved_is_shown_first(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        url = f"{URL}{charge.pk}/"
        mine = typed(admin_client, url, retry="2")
        admin_client.post(url, typed(admin_client, url, retry="9"))
        response = admin_client.post(url, mine)
        assert response.status_code == 409
        assert "What is stored now: tries again on day 9" in words(main_of(response))
        form = response.context["form"]
        again = mine | {"seen": form["seen"].value()}
        assert admin_client.post(url, again).status_code == 302
        version = charge.versions.order_by("-number")[0]
        assert [s.day for s in version.steps.all() if s.kind == "retry"] == [2]

    def test_the_number_of_queries_does_not_grow_with_policies(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        before = queries(admin_client, URL)
        for amount in ("10", "20", "30"):
            name = f"From {amount}"
            data = CHARGE | {"from_amount": amount, "name": name}
            assert admin_client.post(f"{URL}new/charge/", data).status_code == 302
        assert queries(admin_client, URL) == before


class TestPreview:
    def test_what_it_would_do_is_shown_and_nothing_saved(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        case = opened(charged(total="1500"), failed_at=NOW)
        data = CHARGE | {"preview": "1", "hold_out": "50"}
        response = admin_client.post(f"{URL}new/charge/", data)
        assert response.status_code == 200
        text = part(response, "h-preview")
        for said in (
            "1 open invoice of today would fall under it, with €1,500 owed.",
            "Nothing is saved yet.",
            "€750 that nobody asks for until then.",
            "steps in the next 30 days, if nobody pays",
            case.invoice.external_id,
            case.customer.name,
        ):
            assert said in text
        assert not DunningPolicy.objects.filter(name="Large ones").exists()
        # What was typed stands there still.
        assert response.context["form"]["retry"].value() == "1, 3 7"

    def test_who_keeps_which_version(
        self, admin_client: Client, charge: DunningPolicy
    ) -> None:
        opened(charged())
        url = f"{URL}{charge.pk}/"
        response = admin_client.post(url, typed(admin_client, url, preview="1"))
        assert "1 open payment keeps version 1." in part(response, "h-preview")
        assert charge.versions.count() == 1

    def test_nobody_would_fall_under_it(self, admin_client: Client) -> None:
        data = CHARGE | {"preview": "1"}
        text = part(admin_client.post(f"{URL}new/charge/", data), "h-preview")
        assert "No open invoice of today would fall under it." in text
        assert "left alone" not in text


class TestRetiring:
    def test_out_of_use(self, admin_client: Client) -> None:
        admin_client.post(f"{URL}new/charge/", CHARGE)
        policy = DunningPolicy.objects.get(name="Large ones")
        url = f"{URL}{policy.pk}/"
        assert "Take it out of use" in main_of(admin_client.get(url))
        text = words(main_of(admin_client.post(f"{url}retire/", follow=True)))
        assert "From €1,000" not in text
        assert admin_client.get(url).status_code == 404
        assert AuditEntry.objects.filter(
            action="billing.dunning_policy_retired"
        ).exists()

    def test_the_one_for_all_others_stays(
        self, admin_client: Client, transfer: DunningPolicy
    ) -> None:
        url = f"{URL}{transfer.pk}/"
        assert "Take it out of use" not in main_of(admin_client.get(url))
        response = admin_client.post(f"{url}retire/", follow=True)
        assert "The policy for all others stays" in words(response.content.decode())
        transfer.refresh_from_db()
        assert transfer.retired_at is None


def test_days_are_drawn_for_wide_and_narrow_places(admin_client: Client) -> None:
    html = main_of(admin_client.get(URL))
    assert html.count('<figure class="fig course-fig">') == 2
