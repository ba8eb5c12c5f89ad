"""Reading what is wanted: one reader at a time, the present state, nothing lost."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from accounts.models import Company
from billing.enums import ObjectKind
from billing.gateways.base import (
    Gateway,
    UnableToReachGateway,
    UnableToRead,
    UnableToUseGateway,
)
from billing.gateways.objects import Carried, RemoteCustomer
from billing.gateways.stripe import StripeGateway
from billing.models import GatewayAccount, GatewayEvent, GatewayObject
from billing.models.invoice import Invoice
from billing.services.gateways import reading, tidying
from billing.services.gateways.applying import UnableToApply
from billing.services.gateways.claiming import objects_claim, objects_release
from billing.services.gateways.wanting import (
    objects_keep,
    objects_read_again,
    objects_want,
)
from customers.models import Customer
from tests import world
from tests.billing.gateways.hooks import account_of
from tests.gateway import Fake

pytestmark = pytest.mark.django_db
CUSTOMER = ObjectKind.CUSTOMER


@pytest.fixture
def account(company: Company, fake: Fake) -> GatewayAccount:
    return fake.account()


def want(account: GatewayAccount, *about: tuple[ObjectKind, str]) -> None:
    objects_want(account=account, about=about, now=world.NOW)


def read(**how: Any) -> reading.Slice:
    return reading.objects_read(now=timezone.now(), **how)


def row_of(number: str) -> GatewayObject:
    return GatewayObject.objects.get(external_id=number)


def forget_waiting() -> None:
    GatewayObject.objects.update(due_at=None)


def test_what_is_wanted_is_read_as_it_is_now(
    account: GatewayAccount, fake: Fake
) -> None:
    number = fake.customer("Nordwind GmbH")
    want(account, (CUSTOMER, number))
    done = read()
    assert (done.read, done.changed, done.troubled) == (1, 1, 0)
    row = row_of(number)
    assert (row.wanted, row.read, row.claim, row.lease_until) == (1, 1, None, None)
    assert row.read_at is not None
    assert len(row.digest) == 64
    assert row.customer is not None
    assert row.customer.name == "Nordwind GmbH"
    assert read().read == 0


def test_what_it_refers_to_is_read_first(account: GatewayAccount, fake: Fake) -> None:
    customer = fake.customer()
    subscription = fake.subscription(customer, fake.price())
    number = fake.invoice(customer, subscription=subscription)
    want(account, (ObjectKind.INVOICE, number))
    for _turn in range(6):
        read()
        forget_waiting()
    kinds = GatewayObject.objects.filter(read__gt=0).values_list("kind", flat=True)
    assert {"invoice", "customer", "subscription", "price"} <= set(kinds)
    assert Invoice.objects.get().external_id == number
    assert not GatewayObject.objects.exclude(trouble="").exists()


def test_what_waits_is_woken_by_what_it_waits_for(
    account: GatewayAccount, fake: Fake
) -> None:
    number = fake.invoice(customer := fake.customer())
    want(account, (ObjectKind.INVOICE, number))
    read(limit=1, seconds=0.0001)  # So short that only one is begun.
    waits = row_of(number)
    if not waits.waits_for:
        read()
        waits = row_of(number)
    assert waits.read in {0, 1}
    read()
    assert row_of(customer).read == 1
    assert row_of(number).waits_for == ""
    read()
    assert row_of(number).read == 1


def test_what_is_not_there_is_not_chased_for_ever(
    account: GatewayAccount, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invoice of a customer that the gateway does not show."""
    number = fake.invoice(customer := fake.customer())
    fetch = StripeGateway.fetch
    asked: list[str] = []

    def hides(self: Gateway, kind: ObjectKind, external_id: str) -> Any:
        asked.append(external_id)
        return None if external_id == customer else fetch(self, kind, external_id)

    monkeypatch.setattr(StripeGateway, "fetch", hides)
    want(account, (ObjectKind.INVOICE, number))
    for _turn in range(5):
        read()
        forget_waiting()
    # It was woken once, when the customer was read, and found that in vain.
    assert (asked.count(customer), asked.count(number)) == (1, 6)
    row = row_of(number)
    assert (row.read, row.tries, row.waits_for) == (0, 6, "")
    assert customer in row.trouble


def test_nobody_else_reads_what_is_claimed(account: GatewayAccount) -> None:
    want(account, (CUSTOMER, "cus_a"), (CUSTOMER, "cus_b"))
    first = objects_claim(limit=1)
    second = objects_claim(limit=5)
    assert first is not None
    assert second is not None
    assert [len(first.objects), len(second.objects)] == [1, 1]
    assert objects_claim(limit=5) is None
    objects_release(first)
    again = objects_claim(limit=5)
    assert again is not None
    assert [one.pk for one in again.objects] == [first.objects[0].pk]


def test_what_a_dead_worker_held_comes_free(account: GatewayAccount) -> None:
    want(account, (CUSTOMER, "cus_a"))
    assert objects_claim(limit=1) is not None
    assert objects_claim(limit=1) is None
    past = timezone.now() - dt.timedelta(seconds=1)
    GatewayObject.objects.update(lease_until=past)
    assert objects_claim(limit=1) is not None


def test_who_lost_the_claim_writes_nothing(
    account: GatewayAccount, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway answered so slowly that somebody else has begun meanwhile."""
    number = fake.customer()
    fetch = StripeGateway.fetch

    def slow(self: Gateway, kind: ObjectKind, external_id: str) -> Any:
        GatewayObject.objects.update(claim=uuid.uuid4())
        return fetch(self, kind, external_id)

    monkeypatch.setattr(StripeGateway, "fetch", slow)
    want(account, (CUSTOMER, number))
    read()
    assert not Customer.objects.exists()
    assert row_of(number).read == 0


def test_what_is_heard_while_it_is_read_is_read_again(
    account: GatewayAccount, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = fake.customer("Before")
    fetch = StripeGateway.fetch
    names: list[str] = []

    def heard(self: Gateway, kind: ObjectKind, external_id: str) -> Any:
        remote = fetch(self, kind, external_id)
        if not names:
            want(account, (CUSTOMER, number))
        names.append(external_id)
        return remote

    monkeypatch.setattr(StripeGateway, "fetch", heard)
    want(account, (CUSTOMER, number))
    read()
    row = row_of(number)
    assert (len(names), row.wanted, row.read) == (2, 2, 2)


def fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fetch(*_: Any) -> None:
        raise error

    monkeypatch.setattr(StripeGateway, "fetch", fetch)


def test_a_gateway_that_does_not_answer_is_left_alone_for_a_while(
    account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, UnableToReachGateway("No answer.", after=30))
    want(account, (CUSTOMER, "cus_a"), (CUSTOMER, "cus_b"))
    before = timezone.now()
    done = read()
    assert (done.read, done.troubled) == (0, 1)
    first, second = row_of("cus_a"), row_of("cus_b")
    assert (first.tries, first.trouble, first.claim) == (1, "No answer.", None)
    assert first.due_at is not None
    assert 25 < (first.due_at - before).total_seconds() < 40
    # Claimed along: given back. What nobody held waits too.
    assert (second.tries, second.claim) == (0, None)
    want(account, (CUSTOMER, "cus_c"))
    GatewayObject.objects.exclude(external_id="cus_c").update(due_at=None)
    want(account, (CUSTOMER, "cus_d"))
    assert read(limit=1).troubled == 1
    assert not GatewayObject.objects.filter(due_at=None).exists()


def test_waits_grow_and_have_an_end(
    account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails_with(monkeypatch, UnableToReachGateway("No answer."))
    want(account, (CUSTOMER, "cus_a"))
    waits = []
    for tries in (0, 1, 5, 999, 1_000):
        GatewayObject.objects.update(due_at=None, tries=tries)
        before = timezone.now()
        read()
        row = row_of("cus_a")
        assert row.due_at is not None
        waits.append(round((row.due_at - before).total_seconds()))
    assert waits == [2, 4, 64, 3_600, 3_600]
    assert row_of("cus_a").tries == 1_000


def test_a_gateway_that_refuses_us_is_told_on_the_account(
    account: GatewayAccount, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        fails_with(patch, UnableToUseGateway("Invalid key."))
        number = fake.customer()
        want(account, (CUSTOMER, number))
        assert (read().troubled, read().troubled) == (1, 0)
    account.refresh_from_db()
    assert (account.trouble, account.trouble_at is not None) == ("Invalid key.", True)
    row = row_of(number)
    assert (row.tries, row.claim) == (0, None)
    past = timezone.now() - dt.timedelta(seconds=1)
    GatewayAccount.objects.update(resumes_at=past)
    assert read().read == 1
    account.refresh_from_db()
    assert (account.trouble, account.resumes_at) == ("", None)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UnableToApply("The currency has no rate."), "The currency has no rate."),
        (UnableToRead("amount is not an amount."), "amount is not an amount."),
        (KeyError("id"), "An unexpected error; the log of the worker says which."),
        (IntegrityError("x"), "An unexpected error; the log of the worker says which."),
        (OperationalError("deadlock detected"), ""),
    ],
)
def test_what_goes_wrong_with_one_stays_with_it(
    account: GatewayAccount,
    fake: Fake,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    bad, good = fake.customer("Bad"), fake.customer("Good")
    apply = reading.remote_apply

    def picky(**told: Any) -> bool:
        if told["remote"].external_id == bad:
            raise error
        return apply(**told)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "remote_apply", picky)
        want(account, (CUSTOMER, bad), (CUSTOMER, good))
        done = read()
    assert (done.read, done.troubled) == (1, 1)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Good"]
    row = row_of(bad)
    assert (row.read, row.tries, row.trouble, row.claim) == (0, 1, words, None)
    assert objects_read_again(account=account) == 1
    assert read().read == 1
    assert row_of(bad).trouble == ""


def test_what_is_gone_there_is_told_to_those_who_write(
    account: GatewayAccount, fake: Fake
) -> None:
    want(account, (CUSTOMER, "cus_never_was"))
    done = read()
    assert (done.read, done.changed, done.troubled) == (1, 0, 0)
    assert row_of("cus_never_was").read == 1


def test_an_account_that_is_off_is_not_asked(
    account: GatewayAccount, fake: Fake
) -> None:
    want(account, (CUSTOMER, fake.customer()))
    GatewayAccount.objects.update(is_on=False)
    assert read().read == 0
    assert fake.counts() == {}


def test_secrets_that_cannot_be_read_are_told(
    account: GatewayAccount, fake: Fake
) -> None:
    want(account, (CUSTOMER, fake.customer()))
    GatewayAccount.objects.update(secrets="nonsense")
    assert read().troubled == 1
    account.refresh_from_db()
    assert "secret key has changed" in account.trouble


# Of providers that cannot be asked


def carried(name: str, version: int) -> Carried:
    remote = RemoteCustomer("c1", name, "a@b.example", "DE", world.NOW)
    return Carried(remote, version)


def test_the_newest_version_counts_in_whatever_order(company: Company) -> None:
    account = account_of("chargebee")
    for version, name in ((2, "Second"), (3, "Third"), (1, "First"), (3, "Same")):
        objects_keep(account=account, carried=[carried(name, version)])
    row = row_of("c1")
    assert (row.wanted, row.version) == (2, 3)
    assert row.carried is not None
    assert read().read == 1
    assert Customer.objects.get().name == "Third"
    row = row_of("c1")
    assert (row.read, row.version, row.carried) == (2, 3, None)
    # An old one after it was written changes nothing, and a newer one does.
    assert objects_keep(account=account, carried=[carried("Old", 2)]) == 0
    assert objects_keep(account=account, carried=[carried("New", 4)]) == 1
    assert read().read == 1
    assert (row_of("c1").read, row_of("c1").version) == (3, 4)


def test_what_is_carried_can_wait_for_what_was_never_told(company: Company) -> None:
    from billing.gateways.objects import RemoteSubscription

    account = account_of("chargebee")
    subscription = RemoteSubscription(
        "s1",
        "c1",
        "EUR",
        1,
        "active",
        world.Decimal(10),
        world.Decimal(10),
        1,
        world.NOW,
    )
    objects_keep(account=account, carried=[Carried(subscription, 1)])
    assert read().troubled == 1
    row = row_of("s1")
    assert (row.waits_for, row.carried is not None) == ("customer c1", True)
    assert "c1" in row.trouble
    objects_keep(account=account, carried=[carried("Nordwind", 1)])
    read()
    forget_waiting()
    read()
    assert row_of("s1").carried is None


# The tick


def test_the_tick_wakes_for_what_waits(
    account: GatewayAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(tidying, "enqueue", rung.append)
    tidying.gateways_tick(now=world.NOW)
    assert rung == []
    want(account, (CUSTOMER, "cus_a"))
    tidying.gateways_tick(now=world.NOW)
    assert rung == ["billing.gateway_read"] * 2


def test_the_tick_forgets_events_that_nobody_sends_again(
    account: GatewayAccount,
) -> None:
    for days in (91, 89):
        GatewayEvent.objects.create(
            account=account, external_id=f"evt_{days}", type="x",
            received_at=world.NOW - dt.timedelta(days=days),
        )  # fmt: skip
    tidying.gateways_tick(now=world.NOW)
    assert [row.external_id for row in GatewayEvent.objects.all()] == ["evt_89"]


def test_a_worker_hands_on_what_is_left(
    account: GatewayAccount, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(reading, "enqueue", rung.append)
    monkeypatch.setattr(reading, "SLICE_SECONDS", 20.0)
    want(account, (CUSTOMER, fake.customer()))
    reading.gateway_read(now=timezone.now())
    assert rung == []
    apply = reading.remote_apply

    def another(**told: Any) -> bool:
        changed = apply(**told)
        want(account, (CUSTOMER, "cus_later"))
        GatewayObject.objects.filter(external_id="cus_later").update(due_at=None)
        return changed

    monkeypatch.setattr(reading, "remote_apply", another)
    want(account, (CUSTOMER, fake.customer()))
    monkeypatch.setattr(
        reading, "objects_read",
        lambda **told: reading.Slice(told["now"], 0, read=1),
    )  # fmt: skip
    reading.gateway_read(now=timezone.now())
    assert rung == ["billing.gateway_read"]
