"""The first visit."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company, User
from tests.accounts.test_people import at_once
from tests.pages import main_of, words
from tests.world import PASSWORD

PAGE = "/setup/"
NEW = {
    "company_name": "Fleetlane",
    "time_zone": "Europe/Bucharest",
    "currency": "RON",
    "name": "Ada Admin",
    "email": " Ada@Example.org ",
    "new_password": PASSWORD,
    "new_password_again": PASSWORD,
}


def post(client: Client, **fields: Any) -> Any:
    return client.post(PAGE, {**NEW, **fields})


def test_an_empty_installation_leads_there(client: Client, db: None) -> None:
    response = client.get("/", follow=True)
    assert [address for address, _ in response.redirect_chain] == [
        "/sign-in/?next=/",
        PAGE,
    ]
    assert response.status_code == HTTPStatus.OK
    assert "Nobody can sign in yet" in words(main_of(response))
    assert not User.objects.exists()
    assert not Company.objects.exists()


def test_it_makes_company_and_person_and_signs_in(client: Client, db: None) -> None:
    response = post(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    made = User.objects.get()
    assert (made.email, made.name, made.role) == (
        "ada@example.org",
        "Ada Admin",
        "admin",
    )
    assert client.session["_auth_user_id"] == str(made.pk)
    ours = Company.objects.get()
    assert (ours.name, ours.time_zone, ours.currency, ours.base_url) == (
        "Fleetlane",
        "Europe/Bucharest",
        "RON",
        "http://testserver",
    )
    assert client.get("/people/").status_code == HTTPStatus.OK


def test_the_language_of_the_page_becomes_the_persons(client: Client, db: None) -> None:
    client.post(PAGE, NEW, headers={"accept-language": "de"})
    assert User.objects.get().language == "de"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"company_name": " "}, "company_name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"currency": "XXX"}, "currency"),
        ({"email": "ada"}, "email"),
        ({"new_password_again": "another password"}, "new_password_again"),
        ({"new_password": "short", "new_password_again": "short"}, "new_password"),
        (
            {
                "new_password": "ada@example.org",
                "new_password_again": "ada@example.org",
            },
            "new_password",
        ),
    ],
)
def test_what_is_amiss_is_said(
    client: Client, db: None, fields: dict[str, str], name: str
) -> None:
    response = post(client, **fields)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == [name]
    assert b"<title>Error:" in response.content
    assert PASSWORD.encode() not in response.content
    assert not User.objects.exists()


def test_it_is_gone_when_anybody_exists(client: Client, viewer: User) -> None:
    assert client.get(PAGE).status_code == HTTPStatus.NOT_FOUND
    assert post(client).status_code == HTTPStatus.NOT_FOUND
    assert User.objects.count() == 1
    assert client.get("/sign-in/").status_code == HTTPStatus.OK


def test_signed_in_people_get_no_second_go(admin_client: Client) -> None:
    assert admin_client.get(PAGE).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.django_db(transaction=True)
def test_twenty_visitors_at_once() -> None:
    responses = at_once(
        *(lambda n=n: post(Client(), email=f"{n}@example.org") for n in range(20))
    )
    codes = sorted(response.status_code for response in responses)
    assert codes == [HTTPStatus.FOUND] + [HTTPStatus.NOT_FOUND] * 19
    assert User.objects.count() == 1
