"""The page behind a survey's mail, in a real browser: what counts, and what does not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import faults
from tests.chaos.survey_scanners import DONE, robot
from tests.live import Site, site
from tests.wire import PERSON

pytestmark = pytest.mark.browser
MOST_BYTES, MOST_REQUESTS = 10_240, 5
LANGUAGES = ("en", "de", "ro")
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


class Asked:
    """A site with invitations, handed out one after the other."""

    def __init__(self, running: Site, tokens: dict[str, list[str]]) -> None:
        self.site, self.tokens = running, tokens

    def page(self, kind: str = "open en", score: int | None = None) -> str:
        """This will return the address of an invitation that nobody has seen yet."""
        token = self.tokens[kind].pop()
        part = "" if score is None else f"{score}/"
        return f"{self.site.address}/s/{part}{token}"

    def kept(self, address: str) -> list[tuple[object, ...]]:
        """This will read the answer that was given at an address."""
        pk = int(address.rpartition("/")[2].partition("-")[0])
        return self.site.rows(
            "SELECT score, comment, source FROM surveys_response"
            f" WHERE invitation_id = {pk}"
        )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with site(tmp_path_factory.mktemp("asked")) as running:
        said = running.python("from tests.invited import lay_pages; lay_pages()")
        running.start_web()
        yield Asked(running, json.loads(said.splitlines()[-1]))


@contextmanager
def opened(
    chromium: Browser, address: str, *, script: str = "", **options: Any
) -> Iterator[tuple[Page, list[str]]]:
    """This will open an address and hand out the page and the list of its POSTs' bodies."""
    context = chromium.new_context(**{"user_agent": PERSON, **options})
    if script:
        context.add_init_script(script)
    page, posts = context.new_page(), list[str]()
    page.on(
        "request",
        lambda request: (
            posts.append(request.post_data or "") if request.method == "POST" else None
        ),
    )
    page.goto(address)
    yield page, posts
    context.close()


def acted(page: Page) -> None:
    """This will wait until the robot is through, without touching the page."""
    page.wait_for_event("console", lambda line: line.text == DONE)
    page.wait_for_timeout(300)


def says(page: Page, text: str) -> None:
    page.get_by_role("status").get_by_text(text).wait_for()


def test_nothing_a_script_can_do_is_an_answer(chromium: Browser, asked: Asked) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, script=robot(2_000)) as (page, posts):
        acted(page)
        # The script did change the choice; only that it counts for nothing.
        assert page.get_by_role("radio", name="10").is_checked()
        assert posts == []
    assert asked.kept(address) == []


def test_the_robot_finds_a_page_that_would_believe_it(
    chromium: Browser, asked: Asked
) -> None:
    """The same acts on a page that trusts every event do lead to a POST."""
    gullible = """addEventListener("load", () => document.addEventListener("keyup", () =>
        fetch(document.forms[0].action, { method: "POST", body: "step=none" })));"""
    address = asked.page(score=4)
    with opened(chromium, address, script=gullible + robot(300)) as (page, posts):
        acted(page)
        assert posts != []


def test_a_tap_anywhere_confirms_the_number_of_the_link(
    chromium: Browser, asked: Asked
) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, **PHONE) as (page, posts):
        assert page.get_by_role("radio", name="4", exact=True).is_checked()
        assert asked.kept(address) == []
        page.locator("h1").tap()
        says(page, "Your 4 is saved")
        page.locator("h1").tap()
        page.wait_for_timeout(300)
        assert posts == ["step=confirm&score=4"]
    assert asked.kept(address) == [(4, "", "gesture")]


def test_the_last_number_tapped_stands(chromium: Browser, asked: Asked) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, **PHONE) as (page, posts):
        page.locator("h1").tap()
        says(page, "Your 4 is saved")
        page.get_by_role("radio", name="9", exact=True).tap()
        says(page, "Your 9 is saved")
        assert posts == ["step=confirm&score=4", "step=confirm&score=9"]
    assert asked.kept(address) == [(9, "", "gesture")]


def test_fast_fingers_leave_the_last_number(chromium: Browser, asked: Asked) -> None:
    address = asked.page()
    with opened(chromium, address, **PHONE) as (page, _posts):
        for number in (1, 5, 10, 2, 8):
            page.get_by_role("radio", name=str(number), exact=True).tap()
        says(page, "Your 8 is saved")
    assert asked.kept(address) == [(8, "", "gesture")]


def test_the_mouse_confirms(chromium: Browser, asked: Asked) -> None:
    address = asked.page()
    with opened(chromium, address) as (page, posts):
        page.locator("h1").click()
        page.wait_for_timeout(300)
        # Nothing is chosen yet, so there is nothing to confirm.
        assert posts == []
        page.get_by_role("radio", name="7", exact=True).click()
        says(page, "Your 7 is saved")
    assert asked.kept(address) == [(7, "", "gesture")]


def test_the_keyboard_confirms(chromium: Browser, asked: Asked) -> None:
    address = asked.page(score=4)
    with opened(chromium, address) as (page, _posts):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.value") == "4"
        says(page, "Your 4 is saved")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        says(page, "Your 6 is saved")
        page.keyboard.press("Tab")
        page.keyboard.type("By hand.")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**?sent")
    assert asked.kept(address) == [(6, "By hand.", "sent")]


def test_without_script_send_is_the_answer(chromium: Browser, asked: Asked) -> None:
    address = asked.page(score=4)
    options = {**PHONE, "java_script_enabled": False}
    with opened(chromium, address, **options) as (page, posts):
        page.locator("h1").tap()
        page.get_by_role("radio", name="5", exact=True).tap()
        assert posts == []
        page.locator("textarea").fill("No script here.")
        page.get_by_role("button").tap()
        page.wait_for_url("**?sent")
        assert len(posts) == 1
    assert asked.kept(address) == [(5, "No script here.", "sent")]


def test_where_only_send_counts_no_script_is_loaded(
    chromium: Browser, asked: Asked
) -> None:
    address = asked.page("strict en", score=4)
    with opened(chromium, address, **PHONE) as (page, posts):
        assert page.locator("script").count() == 0
        says(page, "counts when you press Send")
        page.locator("h1").tap()
        page.wait_for_timeout(300)
        assert posts == []
        page.get_by_role("button").tap()
        page.wait_for_url("**?sent")
    assert asked.kept(address) == [(4, "", "sent")]


def test_a_comment_stays_while_the_number_changes(
    chromium: Browser, asked: Asked
) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, **PHONE) as (page, _posts):
        page.locator("textarea").tap()
        page.keyboard.type("The export breaks.")
        page.get_by_role("radio", name="3", exact=True).tap()
        says(page, "Your 3 is saved")
        assert page.locator("textarea").input_value() == "The export breaks."
        page.get_by_role("button").tap()
        page.wait_for_url("**?sent")
        page.get_by_role("link", name="Change my answer").tap()
        assert page.locator("textarea").input_value() == "The export breaks."
        assert page.get_by_role("radio", name="3", exact=True).is_checked()
    assert asked.kept(address) == [(3, "The export breaks.", "sent")]


def test_when_nothing_could_be_saved_it_says_so(
    chromium: Browser, asked: Asked
) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, **PHONE) as (page, posts):
        page.context.set_offline(True)
        page.locator("h1").tap()
        says(page, "Please press Send")
        assert asked.kept(address) == []
        page.context.set_offline(False)
        page.locator("h1").tap()
        says(page, "Your 4 is saved")
        assert len(posts) == 2
    assert asked.kept(address) == [(4, "", "gesture")]


def test_a_slow_network_does_not_lose_the_number(
    chromium: Browser, asked: Asked
) -> None:
    address = asked.page(score=4)
    with opened(chromium, address, **PHONE) as (page, _posts):
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 1_500, "downloadThroughput": 20_000,
             "uploadThroughput": 20_000},
        )  # fmt: skip
        page.locator("h1").tap()
        page.get_by_role("radio", name="2", exact=True).tap()
        says(page, "Your 2 is saved")
    assert asked.kept(address) == [(2, "", "gesture")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_accessible_and_fit(
    chromium: Browser, asked: Asked, language: str
) -> None:
    question = asked.page(f"open {language}", score=4)
    closed = asked.page(f"closed {language}")
    context = chromium.new_context(locale=language, user_agent=PERSON)
    page = context.new_page()
    found, spoken, said = [], [], []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def look() -> None:
        found.extend(faults(page))
        spoken.append(page.get_attribute("html", "lang"))

    page.goto(question)
    look()
    page.get_by_role("button").click()
    page.wait_for_url("**?sent")
    look()
    page.goto(closed)
    look()
    assert said == []
    page.goto(f"{asked.site.address}/s/nobody")
    look()
    assert found == []
    assert spoken == [language] * 4
    assert context.cookies() == []
    context.close()


def test_the_page_is_small(chromium: Browser, asked: Asked) -> None:
    """With everything that its first visit loads, headers included."""
    measured = {}
    for kind, score in (("open de", 4), ("open ro", None), ("strict de", 4)):
        context = chromium.new_context(**PHONE)
        page = context.new_page()
        client = context.new_cdp_session(page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": True})
        sizes: list[float] = []
        client.on(
            "Network.loadingFinished",
            lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]),
        )
        page.goto(asked.page(kind, score), wait_until="networkidle")
        measured[kind] = (len(sizes), sum(sizes))
        assert context.cookies() == []
        context.close()
    assert all(1 < count <= MOST_REQUESTS for count, _bytes in measured.values())
    assert all(0 < size <= MOST_BYTES for _count, size in measured.values())
