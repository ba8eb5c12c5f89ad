"""A card fails, the customer is written to, gives another one, and the money comes in.

Real web server, worker, beat and browser. The gateway is the fake one, in a process of its
own: it signs its webhooks and sends them over HTTP, and Stripe's own library speaks to it.
The mails go through a real mail server, and the customer follows the link in the mail.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import chromium
from tests.gateway import KEY, SECRET, Fake, own_fake
from tests.live import Site, site
from tests.processes import beat, wait_until
from tests.stories.test_survey_to_reply import Inbox, inbox

__all__ = ["chromium", "inbox"]
pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
HOOK_KEY = "the-key-in-the-address"
# A company that works around the clock and retries by itself; a customer who pays by card.
WORLD = """
import datetime as dt
from django.utils import timezone
from accounts.models import Company, User
from billing.models import DunningVersion, GatewayAccount
from billing.services.dunning.policies import policies_ensure
from billing.services.gateways.access import access_sealed
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
ana = User.objects.create_user(
    "ana@northlight.example", {password!r}, role="csm", name="Ana Popescu")
customer = Customer.objects.create(
    external_id="C-7", name="Alder & Voss", customer_since=long_ago.date(),
    recorded_at=long_ago, owner=ana)
Contact.objects.create(
    customer=customer, name="Mara Ionescu", email="mara@alder.example", language="en",
    is_primary=True, recorded_at=long_ago)
policies_ensure(now)
DunningVersion.objects.update(from_hour=0, until_hour=24, working_days_only=False)
GatewayAccount.objects.create(
    kind="stripe", name="Stripe", hook_key={hook_key!r}, collects=True, created_at=now,
    secrets=access_sealed(key={key!r}, hooks=[{secret!r}]))
"""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Fake]:
    with own_fake(tmp_path / "gateway") as running:
        running.settings(keys=[KEY], hook_secrets=[SECRET])
        yield running


@pytest.fixture
def company(tmp_path: Path, inbox: tuple[Inbox, int], gateway: Fake) -> Iterator[Site]:
    with site(tmp_path / "company") as running:
        running.env |= {
            "KEEPWELL_TICK_SECONDS": "1",
            "KEEPWELL_MAIL_RETRY_SECONDS": "1",
            "KEEPWELL_STRIPE_ADDRESS": gateway.address,
        }
        running.start_web()
        told = {
            "address": running.address,
            "port": inbox[1],
            "password": PASSWORD,
            "hook_key": HOOK_KEY,
            "key": KEY,
            "secret": SECRET,
        }
        running.python(WORLD.format(**told))
        running.manage("recompute")
        running.start_worker()
        running.children.append(beat(running.env, running.log, tmp_path / "beat"))
        # It has waited long; the next question opens a connection anew.
        gateway.close()
        gateway.settings(
            hook_url=f"{running.address}/hooks/gateways/stripe/{HOOK_KEY}/",
            hooks_by_themselves=True,
        )
        yield running


def told_by(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def link_in(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    (link,) = set(re.findall(r'href="(http://[^"]+/pay/[^"]+)"', part.get_content()))
    return str(link)


def changes_the_card(browser: Browser, link: str) -> None:
    """The customer opens the link on a phone, and ends up on the gateway's own page."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(link)
    page.get_by_role("heading", name="€49.00 open for invoice").wait_for()
    assert page.locator("input").count() == 0
    page.get_by_role("button", name="Change the payment method").tap()
    page.get_by_role("heading", name="How you pay").wait_for()
    page.get_by_label("Mastercard ending in 4444").check()
    page.get_by_role("button", name="Save card").tap()
    page.get_by_text("The card was saved.").wait_for()
    context.close()


def sign_in(browser: Browser, home: str) -> Page:
    page = browser.new_context().new_page()
    page.goto(f"{home}/sign-in/")
    page.fill("[name=login]", "ana@northlight.example")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{home}/")
    return page


def test_a_card_fails_is_changed_and_the_money_comes_in(
    chromium: Browser, company: Site, inbox: tuple[Inbox, int], gateway: Fake
) -> None:
    box, _port = inbox
    home = company.address
    there = gateway.customer("Alder & Voss", our_id="C-7", fates=())
    gateway.method(there, "insufficient_funds", last4="9995")
    gateway.subscription(there, gateway.price(amount=4900), billed=True)

    first = box.wait(1)
    assert "mara@alder.example" in first["To"]
    assert first["Subject"].strip() == "Your payment of €49.00 did not go through"
    text = told_by(first)
    assert "from Visa •••• 9995, and it did not work." in text
    assert "There was not enough on the account at that moment." in text
    assert "We try again on" in text
    case = "SELECT state, cause, failed, recovered FROM billing_dunningcase"
    (row,) = company.rows(case)
    assert (row[0], float(str(row[2]))) == ("open", 49)
    gateway.close()
    assert gateway.ledger() == []

    changes_the_card(chromium, link_in(first))
    wait_until(
        lambda: company.rows(case)[0][0] == "recovered", "The money comes in", 240
    )
    (row,) = company.rows(case)
    assert [str(one) for one in row] == ["recovered", "method", "49.00", "49.00"]
    # Once, at once, by us, with the new card.
    gateway.close()
    (moved,) = gateway.ledger()
    tries = company.rows(
        "SELECT cause, state, key::text FROM billing_paymentattempt ORDER BY number"
    )
    assert [one[:2] for one in tries] == [
        ("gateway", "declined"),
        ("method_changed", "succeeded"),
    ]
    assert (moved["amount"], moved["key"]) == (4900, tries[1][2])

    thanks = box.wait(2)
    assert thanks["Subject"].strip().startswith("Thank you: €49.00 for invoice")
    page = chromium.new_page()
    page.goto(link_in(first))
    page.get_by_text("Thank you. This invoice is settled").wait_for()
    page.close()

    page = sign_in(chromium, home)
    page.goto(f"{home}/failed-payments/recovered/")
    assert "€49" in page.locator("main").inner_text()
    page.goto(f"{home}/customers/")
    page.get_by_role("link", name="Alder & Voss").first.click()
    page.get_by_text("The failed payment came in.").first.wait_for()
    page.get_by_text("A new payment method brought it.").first.wait_for()
    # Everything that was heard was read, and nothing is left unknown.
    waiting = "SELECT count(*) FROM billing_gatewayobject WHERE wanted > read"
    wait_until(lambda: company.rows(waiting) == [(0,)], "Everything is read", 240)
