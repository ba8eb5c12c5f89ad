"""From an administrator's idea to a customer who got a reply, in a real browser.

Real web server, worker and beat; the mails go through a real mail server, and the contact
follows the link that stands in the mail.
"""

import email
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page

from tests.browser.conftest import chromium
from tests.live import Site, site
from tests.processes import beat, wait_until

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
QUESTION = "Would you tell a colleague about us?"
COMMENT = "The export breaks every month end."
REPLY = "Thank you for telling us. I call you tomorrow."
# A company that works around the clock, a customer with one contact, two people of ours.
WORLD = """
import datetime as dt
from django.utils import timezone
from accounts.models import Company, User
from customers.models import Contact, Customer
from mail.models import MailServer, Sender
now = timezone.now()
long_ago = now - dt.timedelta(days=200)
Company.objects.update_or_create(id=1, defaults=dict(
    name="Northlight", base_url={address!r}, working_days=[1, 2, 3, 4, 5, 6, 7],
    opens_at=dt.time(0), closes_at=dt.time(23, 59, 59)))
MailServer.objects.update_or_create(id=1, defaults=dict(
    kind="smtp", host="127.0.0.1", port={port}, security="none"))
Sender.objects.create(name="Northlight", email="hello@northlight.example", is_default=True)
User.objects.create_user("admin@northlight.example", {password!r}, role="admin", name="Ada")
ana = User.objects.create_user(
    "ana@northlight.example", {password!r}, role="csm", name="Ana Popescu")
customer = Customer.objects.create(
    external_id="A", name="Alder & Voss", customer_since=long_ago.date(),
    recorded_at=long_ago, owner=ana)
Contact.objects.create(
    customer=customer, name="Mara Ionescu", email="mara@alder.example", language="en",
    is_primary=True, recorded_at=long_ago)
"""


class Inbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 taken"

    def wait(self, number: int) -> EmailMessage:
        wait_until(lambda: len(self.mails) >= number, f"Mail {number}", 240)
        assert len(self.mails) == number
        return self.mails[-1]


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    box = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


@pytest.fixture
def company(tmp_path: Path, inbox: tuple[Inbox, int]) -> Iterator[Site]:
    with site(tmp_path / "company") as running:
        running.env |= {
            "KEEPWELL_TICK_SECONDS": "1",
            "KEEPWELL_MAIL_RETRY_SECONDS": "1",
        }
        running.start_web()
        running.python(
            WORLD.format(address=running.address, port=inbox[1], password=PASSWORD)
        )
        running.manage("recompute")
        running.start_worker()
        running.children.append(beat(running.env, running.log, tmp_path / "beat"))
        yield running


def sign_in(browser: Browser, home: str, who: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{home}/sign-in/")
    page.fill("[name=login]", f"{who}@northlight.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{home}/")
    return page


def build(page: Page, home: str) -> None:
    """The administrator makes a survey, changes its question, and starts it."""
    page.goto(f"{home}/surveys/")
    page.get_by_role("link", name="New survey").first.click()
    page.get_by_label("Net Promoter Score").check()
    page.get_by_label("Name", exact=True).fill("Spring")
    page.get_by_role("button", name="Make a draft").click()
    page.locator("[name=en-question]").fill(QUESTION)
    page.locator(".building .actions button[value=save]").click()
    page.get_by_role("link", name="Setup").click()
    page.get_by_label("Once", exact=True).check()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("button", name="Start asking").click()
    page.get_by_text("Running").first.wait_for()


def links(mail: EmailMessage) -> dict[str, str]:
    """The addresses behind the numbers of the scale, as a mail program shows them."""
    part = mail.get_body(("html",))
    assert part is not None
    found = re.findall(
        r'<a[^>]*href="(http://[^"]+)"[^>]*>\s*(\d+)\s*</a>', part.get_content()
    )
    return {score: address for address, score in found}


def answer(browser: Browser, address: str) -> None:
    """The contact taps 4 in the mail, touches the page, says why, and sends."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address)
    assert (
        page.get_by_role("heading", name=QUESTION).count()
        or page.get_by_text(QUESTION).count()
    )
    assert page.get_by_role("radio", name="4").is_checked()
    page.locator("textarea").tap()
    page.get_by_role("status").get_by_text("Your 4 is saved").wait_for()
    page.locator("textarea").fill(COMMENT)
    page.get_by_role("button", name="Send").tap()
    page.get_by_text("Thank you").first.wait_for()
    context.close()


def test_a_survey_is_built_answered_replied_to_and_closed(
    chromium: Browser, company: Site, inbox: tuple[Inbox, int]
) -> None:
    box, _port = inbox
    home = company.address
    build(sign_in(chromium, home, "admin"), home)

    asked = box.wait(1)
    assert "mara@alder.example" in asked["To"]
    scale = links(asked)
    assert list(scale) == [str(score) for score in range(11)]

    assert company.rows("SELECT count(*) FROM surveys_response") == [(0,)]
    answer(chromium, scale["4"])
    stored = "SELECT score, comment, source, counted FROM surveys_response"
    assert company.rows(stored) == [(4, COMMENT, "sent", True)]

    page = sign_in(chromium, home, "ana")
    waiting = page.locator("section[aria-labelledby=h-answers]")
    shown = waiting.inner_text()
    assert COMMENT in shown
    assert "Mara Ionescu" in shown
    assert "reply due" in shown
    # The task is due in two days; until then it stands on the customer's page.
    waiting.get_by_role("link", name="Alder & Voss").click()
    page.get_by_text("Reply to Mara Ionescu: scored 4").first.wait_for()
    page.goto(home)
    waiting.get_by_role("link", name="Reply").click()
    page.get_by_label("Your reply").fill(REPLY)
    page.get_by_role("button", name="Send the reply").click()

    replied = box.wait(2)
    text = replied.get_body(("plain",))
    assert text is not None
    assert REPLY in text.get_content()
    assert COMMENT in text.get_content()
    assert replied["In-Reply-To"] == asked["Message-ID"]
    assert "mara@alder.example" in replied["To"]
    assert "ana@northlight.example" in replied["Reply-To"]

    page.get_by_label("What was done").fill("Called, the export is mended.")
    page.get_by_role("button", name="Resolved", exact=True).click()
    page.get_by_text("Called, the export is mended.").first.wait_for()
    page.goto(home)
    assert COMMENT not in page.locator("main").inner_text()
    assert "Mara Ionescu" not in page.locator("main").inner_text()
    told = {kind for (kind,) in company.rows("SELECT kind FROM customers_event")}
    assert {
        "surveys.response_received",
        "surveys.response_replied",
        "surveys.response_resolved",
    } <= told
    counts = "SELECT count(*) FROM customers_task WHERE state = 'done'"
    assert company.rows(counts) == [(1,)]
