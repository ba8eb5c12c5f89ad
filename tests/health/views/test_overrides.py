"""Setting a score by hand from the page, and taking it back."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Customer
from health.models import Override, Standing
from tests import world
from tests.pages import messages

pytestmark = pytest.mark.usefixtures("at_noon")


def set_url(customer: Customer) -> str:
    return reverse("override_set", args=[customer.pk])


FIELDS = {"score": "15", "reason": "They will leave.", "expires_on": "2026-07-10"}


def test_it_is_set_ended_and_brought_back(
    ana_client: Client, ana: User, scored_world: dict[str, Customer]
) -> None:
    customer = scored_world["healthy"]
    done = ana_client.post(set_url(customer), FIELDS, follow=True)
    page = reverse("customer_health", args=[customer.pk])
    assert done.redirect_chain == [(page, 302)]
    assert messages(done) == [f"The score of {customer.name} is now 15. Undo"]
    assert Standing.objects.get(pk=customer.pk).score == 15
    assert Override.objects.get().author == ana
    ended = ana_client.post(reverse("override_end", args=[customer.pk]), follow=True)
    assert messages(ended) == ["The score is not set by hand any more. Undo"]
    assert Standing.objects.get(pk=customer.pk).score > 70
    back = ana_client.post(reverse("override_return", args=[customer.pk]), follow=True)
    assert messages(back) == [f"The score of {customer.name} is now 15."]
    assert Standing.objects.get(pk=customer.pk).score == 15


def test_where_there_is_none_nothing_ends(
    ana_client: Client, scored_world: dict[str, Customer]
) -> None:
    pk = scored_world["healthy"].pk
    ended = ana_client.post(reverse("override_end", args=[pk]), follow=True)
    assert messages(ended) == ["The score is not set by hand any more."]
    back = ana_client.post(reverse("override_return", args=[pk]), follow=True)
    assert messages(back) == ["There is no score by hand to bring back."]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"score": "101"}, "Ensure this value is less than or equal to 100."),
        ({"reason": ""}, "This field is required."),
        ({"expires_on": "2026-06-29"}, "The last day must not lie in the past."),
        (
            {"expires_on": str(world.TODAY + dt.timedelta(days=181))},
            "A score set by hand lasts 180 days at most.",
        ),
    ],
)
def test_what_is_amiss_is_said_and_kept(
    ana_client: Client,
    scored_world: dict[str, Customer],
    wrong: dict[str, str],
    text: str,
) -> None:
    customer = scored_world["healthy"]
    response = ana_client.post(set_url(customer), FIELDS | wrong)
    assert response.status_code == 422
    page = response.content.decode()
    assert text in page
    assert "<title>Error:" in page
    assert not Override.objects.exists()


def test_only_those_who_may_change_the_customer(
    charlie_client: Client, viewer_client: Client, scored_world: dict[str, Customer]
) -> None:
    customer = scored_world["healthy"]
    for name in ("override_set", "override_end", "override_return"):
        url = reverse(name, args=[customer.pk])
        assert charlie_client.post(url, FIELDS).status_code == 404
        assert viewer_client.post(url, FIELDS).status_code == 403
    assert not Override.objects.exists()
