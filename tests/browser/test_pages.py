"""Every page in a real browser: accessible, inside the policy, and small."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import faults, too_wide
from tests.live import Site

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/customers/",
    "/customers/?band=healthy",
    "/customers/healthiest/",
    "/customers/healthiest/?for=expansion",
    "/customers/healthiest/asked/",
    "/portfolio/",
    "/revenue/",
    "/revenue/movements/",
    "/revenue/kept/",
    "/revenue/conventions/",
    "/revenue/conventions/change/?preset=stripe",
    "/revenue/conventions/compare/?a=stripe",
    "/churn/?by=segment",
    "/churn/ahead/",
    "/churn/departures/",
    "/cohorts/",
    "/catalogue/",
    "/catalogue/plans/new/",
    "/catalogue/plans/1/",
    "/catalogue/plans/1/price/",
    "/subscriptions/1/",
    "/subscriptions/1/plan/",
    "/accuracy/",
    "/accuracy/values/",
    "/forecasts/",
    "/forecasts/1/",
    "/forecasts/1/use/",
    "/scorecards/",
    "/scorecards/new/",
    "/scorecards/import/",
    "scorecard ",
    "scorecard draft/",
    "scorecard draft/publish/",
    "scorecard setup/",
    "/scorecards/measures/",
    "draft preview",
    "draft preview customer",
    "/acquisition/",
    "/acquisition/?by=campaign&ratio=3",
    "/acquisition/customers/?key=Social+ads",
    "/acquisition/spend/",
    "/acquisition/campaigns/new/",
    "/renewals/",
    "/renewals/?days=180&order=date",
    "/renewals/disagreements/",
    "/renewals/record/",
    "/renewals/yearly/",
    "/renewals/reminder/",
    "/failed-payments/",
    "/failed-payments/?state=all",
    "/failed-payments/recovered/?months=0",
    "/settings/gateways/",
    "/settings/gateways/new/stripe/",
    "/settings/dunning/",
    "/settings/dunning/1/",
    "/settings/dunning/new/transfer/",
    "/what-if/",
    "/what-if/?retention=5&price=3&lost=1",
    "/forecasts/over-time/",
    "/forecasts/settings/",
    "/operations/",
    "/operations/sources/",
    "/operations/sources/rhythm/",
    "/me/",
    "/me/second-factor/",
    "first customer",
    "first customer invoices/",
    "refunded invoice",
    "somebody who left",
    "first customer health/",
    "first customer forecast/",
    "first customer health/overdue/",
    "first customer health/active_users_trend/",
    "/surveys/",
    "/surveys/new/",
    "/surveys/rules/",
    "/surveys/answers/",
    "/surveys/feedback/",
    "/surveys/themes/",
    "running survey",
    "running survey wording/",
    "running survey setup/",
    "running survey audience/",
]
CUSTOMER = "SELECT customer_id FROM health_standing ORDER BY customer_id LIMIT 1"
DRAFT = """
from health.models import ScorecardVersion
live = ScorecardVersion.objects.filter(scorecard__is_default=True).latest("number")
config = live.config
config["measures"] = [one for one in config["measures"] if one["key"] != "nps"]
ScorecardVersion.objects.create(
    scorecard=live.scorecard, number=live.number + 1, config=config
)
"""


@contextmanager
def visit(
    chromium: Browser, demo: Site, *, who: str = "admin"
) -> Iterator[tuple[Page, list[str]]]:
    """This will sign somebody in and hand out the page and what the console said."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on(
        "console",
        lambda message: (
            said.append(message.text) if message.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    if who:
        page.goto(f"{demo.address}/sign-in/")
        page.fill("[name=login]", f"{who}@demo.example")
        page.fill("[name=password]", "keepwell-demo")
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{demo.address}/")
    yield page, said
    context.close()


@pytest.fixture(scope="module")
def desk(chromium: Browser, demo: Site) -> Iterator[tuple[Page, list[str]]]:
    """An administrator signed in, for as long as the pages are gone through."""
    with visit(chromium, demo) as here:
        yield here


def go(page: Page, demo: Site, path: str) -> None:
    """This will open a page; "first customer" is reached by a click, as people do.

    "running survey" stands for the page of the demo's own survey, a part of it follows.
    "scorecard" is the default one with a draft, a part of its pages follows.
    "draft preview" is what a draft without answers would change, for all or one customer.
    "refunded invoice" and "somebody who left" are the first of their kind.
    """
    if path.startswith("first customer"):
        page.goto(f"{demo.address}/")
        page.click("[data-open] >> nth=0")
        page.wait_for_url("**/customers/*/**")
        if part := path.removeprefix("first customer").strip():
            page.goto(page.url.split("?")[0].split("#")[0] + part)
    elif path.startswith("running survey"):
        query = "SELECT id FROM surveys_survey WHERE state = 'running'"
        [(pk,)] = demo.rows(query)
        part = path.removeprefix("running survey").strip()
        page.goto(f"{demo.address}/surveys/{pk}/{part}")
    elif path == "refunded invoice":
        query = (
            "SELECT p.invoice_id FROM billing_refund r "
            "JOIN billing_payment p ON p.id = r.payment_id ORDER BY r.id LIMIT 1"
        )
        [(pk,)] = demo.rows(query)
        page.goto(f"{demo.address}/invoices/{pk}/")
        # What is folded up is looked at too.
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
    elif path == "somebody who left":
        query = "SELECT customer_id FROM billing_churnevent ORDER BY id LIMIT 1"
        [(pk,)] = demo.rows(query)
        page.goto(f"{demo.address}/customers/{pk}/churn/")
    elif path.startswith("draft preview"):
        [(pk,)] = demo.rows(CUSTOMER)
        part = f"{pk}/" if path.endswith("customer") else ""
        page.goto(f"{demo.address}/scorecards/{drafted(demo)}/draft/preview/{part}")
    elif path.startswith("scorecard "):
        part = path.removeprefix("scorecard ")
        page.goto(f"{demo.address}/scorecards/{drafted(demo)}/{part}")
        # What is folded up is looked at too.
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
    else:
        page.goto(demo.address + path)


def drafted(demo: Site) -> object:
    """This will return the default scorecard, with a draft begun where there is none."""
    cards = demo.rows("SELECT id FROM health_scorecard WHERE is_default")
    if not demo.rows(
        "SELECT id FROM health_scorecardversion WHERE published_at IS NULL"
    ):
        demo.python(DRAFT)
    return cards[0][0]


@pytest.mark.parametrize("path", [*PAGES, "/styleguide/"])
def test_a_page_is_accessible_fits_and_stays_inside_the_policy(
    desk: tuple[Page, list[str]], demo: Site, path: str
) -> None:
    """Light and dark, on a desk and on a phone; at 320 pixels nothing scrolls sideways."""
    page, said = desk
    said.clear()
    go(page, demo, path)
    assert faults(page) == []
    assert said == []


def test_signing_in_is_accessible(chromium: Browser, demo: Site) -> None:
    with visit(chromium, demo, who="") as (page, said):
        page.goto(f"{demo.address}/sign-in/")
        assert faults(page) == []
        page.fill("[name=login]", "nobody@example.org")
        page.fill("[name=password]", "wrong")
        page.press("[name=password]", "Enter")
        page.wait_for_selector("[role=alert], .error-summary")
        assert faults(page) == []
        assert said == []


@pytest.mark.parametrize("language", ["de", "ro"])
def test_no_page_scrolls_sideways_in_longer_words(
    desk: tuple[Page, list[str]], demo: Site, language: str
) -> None:
    page, _said = desk
    speak = "UPDATE accounts_user SET language = %s WHERE email = 'admin@demo.example'"
    demo.change(speak, language)
    try:
        wide = []
        for path in PAGES:
            go(page, demo, path)
            if too_wide(page):
                wide.append(page.url)
        assert page.get_attribute("html", "lang") == language
        assert wide == []
    finally:
        demo.change(speak, "en")


def test_today_is_small_enough_for_a_slow_network(
    chromium: Browser, demo: Site
) -> None:
    with visit(chromium, demo, who="ana") as (page, _said):
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[float] = []
        client.on(
            "Network.loadingFinished",
            lambda event: sizes.append(event["encodedDataLength"]),
        )
        page.goto(f"{demo.address}/", wait_until="networkidle")
        assert 1 < len(sizes) <= 8
        assert sum(sizes) <= 120 * 1024


def test_a_morning_with_mouse_and_keyboard(chromium: Browser, demo: Site) -> None:
    """Today → the first customer → a call logged → it stands in the timeline."""
    with visit(chromium, demo) as (page, said):
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.press("Escape")
        go(page, demo, "first customer")
        page.check("input[name=kind][value=call]", force=True)
        page.fill("textarea[name=summary]", "Promised the export fix for Friday.")
        page.click("#log button[type=submit], form#log button:not([type=button])")
        page.wait_for_selector("text=Promised the export fix for Friday.")
        assert said == []


def test_pages_work_without_script(chromium: Browser, demo: Site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo.address}/sign-in/")
    page.fill("[name=login]", "admin@demo.example")
    page.fill("[name=password]", "keepwell-demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{demo.address}/")
    page.click("[data-open] >> nth=0")
    assert "/customers/" in page.url
    context.close()
