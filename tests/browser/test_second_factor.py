"""Passkeys with a virtual authenticator, and the pages of signing in, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.looking import faults
from tests.browser.test_pages import visit
from tests.live import Site

pytestmark = pytest.mark.browser
PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
FACTORS = "/me/second-factor/"
ADD = f"{FACTORS}passkeys/add/"


def named(demo: Site) -> str:
    """This will return the address by name: passkeys are not for numbers."""
    return demo.address.replace("127.0.0.1", "localhost")


@contextmanager
def browser_at(
    chromium: Browser, *, passkeys: bool = True
) -> Iterator[tuple[Page, list[str], str]]:
    """This will hand out a page, what its console says, and the authenticator's id."""
    context: BrowserContext = chromium.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console",
        lambda message: (
            said.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    made = ""
    if passkeys:
        client = context.new_cdp_session(page)
        client.send("WebAuthn.enable")
        options = {"options": PASSKEY}
        made = client.send("WebAuthn.addVirtualAuthenticator", options)[
            "authenticatorId"
        ]
        page.authenticators = client  # type: ignore[attr-defined]  # kept alive
    yield page, said, made
    context.close()


def sign_in(page: Page, home: str, who: str = "jonas") -> None:
    page.goto(f"{home}/sign-in/")
    page.fill("[name=login]", f"{who}@demo.example")
    page.fill("[name=password]", "keepwell-demo")
    page.press("[name=password]", "Enter")


def sign_out(page: Page, home: str) -> None:
    page.goto(f"{home}/sign-out/")
    page.click("main button[type=submit]")
    page.wait_for_url(f"{home}/sign-in/")


def test_a_passkey_is_added_signs_in_alone_and_is_the_second_step(
    chromium: Browser, demo: Site
) -> None:
    home = named(demo)
    with browser_at(chromium) as (page, said, authenticator):
        sign_in(page, home)
        page.wait_for_url(f"{home}/")
        page.goto(home + ADD)
        page.fill("[name=name]", "Laptop")
        page.click("#passkey-add")
        page.wait_for_url(f"{home}{FACTORS}codes/")
        assert page.locator(".codes li").count() == 10

        sign_out(page, home)
        page.click("#passkey-sign-in")
        page.wait_for_url(f"{home}/")

        sign_out(page, home)
        sign_in(page, home)
        page.wait_for_url(f"{home}/sign-in/code/")
        page.click("#passkey-use")
        page.wait_for_url(f"{home}/")
        assert said == []

        page.goto(home + FACTORS)
        assert "Laptop" in page.inner_text("main")

        # Without a fingerprint or a PIN the device says no, and the page says so.
        sign_out(page, home)
        page.authenticators.send(  # type: ignore[attr-defined]
            "WebAuthn.setUserVerified",
            {"authenticatorId": authenticator, "isUserVerified": False},
        )
        page.click("#passkey-sign-in")
        page.wait_for_selector("[data-passkey-failed]:not([hidden])")
        assert page.url == f"{home}/sign-in/"

    # Somebody with the password and no passkey stays outside.
    with browser_at(chromium, passkeys=False) as (page, _said, _):
        sign_in(page, home)
        page.wait_for_url(f"{home}/sign-in/code/")
        page.goto(f"{home}/")
        assert "/sign-in/" in page.url


def test_where_passkeys_can_not_work_the_page_says_why(
    chromium: Browser, demo: Site
) -> None:
    with browser_at(chromium, passkeys=False) as (page, said, _):
        sign_in(page, demo.address, "mara")
        page.wait_for_url(f"{demo.address}/")
        page.goto(demo.address + ADD)
        assert page.is_hidden("#passkey-add")
        assert "https" in page.inner_text("[data-passkey-missing]")
        sign_out(page, demo.address)
        assert page.is_hidden("#passkey-sign-in")
        assert said == []


def test_pages_are_accessible_and_inside_the_policy(
    chromium: Browser, demo: Site
) -> None:
    inside = [
        "/me/",
        FACTORS,
        f"{FACTORS}app/",
        f"{FACTORS}passkeys/",
        ADD,
        "/sign-in/again/?next=/me/",
    ]
    outside = ["/sign-in/reset/", "/sign-in/reset/sent/"]
    with visit(chromium, demo, who="ana") as (page, said):
        found = look(page, demo, inside)
    with visit(chromium, demo, who="") as (page, more):
        found += look(page, demo, outside)
    assert found == []
    assert [*said, *more] == []


def test_who_has_to_set_one_up_finds_the_way(chromium: Browser, demo: Site) -> None:
    rule = "UPDATE accounts_company SET second_factor_roles = %s"
    demo.change(rule, ["viewer"])
    try:
        with browser_at(chromium) as (page, said, _):
            sign_in(page, named(demo), "viewer")
            page.wait_for_url(f"{named(demo)}{FACTORS}")
            assert faults(page) == []
            page.goto(f"{named(demo)}/customers/")
            assert page.url == f"{named(demo)}{FACTORS}"
            page.click(f"a[href='{ADD}']")
            page.wait_for_url(f"{named(demo)}{ADD}")
            assert faults(page) == []
            assert said == []
    finally:
        demo.change(rule, [])


def look(page: Page, demo: Site, paths: list[str]) -> list[str]:
    """This will return what is wrong with pages."""
    found = []
    for path in paths:
        page.goto(demo.address + path)
        found += faults(page)
    return found
