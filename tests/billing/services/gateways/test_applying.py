"""What stands at a gateway becomes what stands here, and stays so when told again."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import AuditEntry, Company, ExchangeRate
from billing.enums import (
    ChangeAction,
    ChangeKind,
    GatewayKind,
    MethodKind,
    ObjectKind,
    SubscriptionState,
)
from billing.gateways.objects import (
    RemoteCustomer,
    RemoteItem,
    RemoteMethod,
    RemotePrice,
    RemoteProduct,
    RemoteSubscription,
)
from billing.models import (
    GatewayAccount,
    GatewayObject,
    Movement,
    PaymentMethod,
    Plan,
    PriceVersion,
    Subscription,
    SubscriptionChange,
)
from billing.selectors.subscriptions import state_on
from billing.services.gateways.applying import (
    MissingObject,
    UnableToApply,
    remote_apply,
    remote_gone,
)
from customers.models import Contact, Customer, Event
from tests.world import NOW, TODAY, days_ago, make_customer, noon

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def account(company: Company) -> GatewayAccount:
    return GatewayAccount.objects.create(
        kind=GatewayKind.STRIPE, name="Stripe", hook_key="k", created_at=NOW
    )


def told(
    account: GatewayAccount, remote: Any, *, now: dt.datetime = NOW, **more: Any
) -> bool:
    """Applied twice: the second time never changes anything."""
    changed = remote_apply(account=account, remote=remote, now=now, **more)
    assert remote_apply(account=account, remote=remote, now=now, **more) is False
    return changed


def a_customer(**more: Any) -> RemoteCustomer:
    values: dict[str, Any] = {
        "external_id": "cus_1",
        "name": "Nordwind GmbH",
        "email": "billing@nordwind.example",
        "country": "DE",
        "created_at": noon(days_ago(100)),
    }
    return RemoteCustomer(**values | more)


def a_price(**more: Any) -> RemotePrice:
    values: dict[str, Any] = {
        "external_id": "price_1",
        "product": "prod_1",
        "currency": "EUR",
        "amount": D(50),
        "interval_months": 1,
        "active": True,
        "created_at": noon(days_ago(300)),
    }
    return RemotePrice(**values | more)


def a_subscription(**more: Any) -> RemoteSubscription:
    """Two seats at 50 a month."""
    values: dict[str, Any] = {
        "external_id": "sub_1",
        "customer": "cus_1",
        "currency": "EUR",
        "interval_months": 1,
        "state": "active",
        "mrr": D(100),
        "list_mrr": D(100),
        "quantity": 2,
        "started_at": noon(days_ago(90)),
        "items": (RemoteItem("price_1", 2, D(100), D(100)),),
    }
    values |= more
    if "items" not in more:
        values["items"] = (
            RemoteItem(
                "price_1", values["quantity"], values["mrr"], values["list_mrr"]
            ),
        )
    return RemoteSubscription(**values)


@pytest.fixture
def sold(account: GatewayAccount) -> Customer:
    """A customer, a product and its price are known."""
    told(account, a_customer())
    told(account, RemoteProduct("prod_1", "Team", True, noon(days_ago(300))))
    told(account, a_price())
    return Customer.objects.get(external_id="cus_1")


def log(pk: str = "sub_1") -> list[tuple[Any, ...]]:
    rows = SubscriptionChange.objects.filter(subscription__external_id=pk)
    return [
        (row.kind, row.effective_on, row.mrr, row.state, row.action)
        for row in rows.order_by("id")
    ]


# -- customers


def test_unknown_customer_becomes_ours_with_its_contact(
    account: GatewayAccount,
) -> None:
    assert told(account, a_customer())
    customer = Customer.objects.get()
    assert (customer.external_id, customer.name) == ("cus_1", "Nordwind GmbH")
    assert (customer.customer_since, customer.recorded_at) == (days_ago(100), NOW)
    contact = Contact.objects.get()
    assert (contact.email, contact.is_primary) == ("billing@nordwind.example", True)
    assert GatewayObject.objects.get().customer == customer


def test_customer_is_found_by_our_number_and_never_by_a_name(
    account: GatewayAccount,
) -> None:
    named = make_customer("Nordwind GmbH")
    ours = make_customer("Another", external_id="C-7")
    told(account, a_customer(our_id="C-7"))
    assert GatewayObject.objects.get().customer == ours
    told(account, a_customer(external_id="cus_2"))
    made = GatewayObject.objects.get(external_id="cus_2").customer
    assert made is not None
    assert made not in {named, ours}


def test_customer_of_nobody_waits_for_a_person(account: GatewayAccount) -> None:
    account.makes_customers = False
    assert told(account, a_customer()) is False
    row = GatewayObject.objects.get()
    assert row.customer is None
    assert row.called == "Nordwind GmbH, billing@nordwind.example"
    with pytest.raises(MissingObject) as missing:
        told(account, a_subscription())
    assert (missing.value.kind, missing.value.external_id) == ("customer", "cus_1")
    GatewayObject.objects.update(read_at=NOW)
    with pytest.raises(UnableToApply, match="nobody's here"):
        told(account, a_subscription())


def test_customer_that_is_gone_is_neither_made_nor_deleted(
    account: GatewayAccount,
) -> None:
    told(account, a_customer(external_id="cus_0", gone_at=NOW))
    assert not Customer.objects.exists()
    told(account, a_customer())
    told(account, a_customer(gone_at=NOW))
    assert Customer.objects.count() == 1


def test_address_follows_the_contact_that_came_from_there(
    account: GatewayAccount,
) -> None:
    told(account, a_customer())
    customer = Customer.objects.get()
    other = Contact.objects.create(
        customer=customer, name="Ines", email="ines@nordwind.example", recorded_at=NOW
    )
    assert told(account, a_customer(email="pay@nordwind.example"))
    emails = Contact.objects.order_by("id").values_list("email", flat=True)
    assert list(emails) == ["pay@nordwind.example", other.email]


# -- the catalogue


def test_price_is_a_plan_of_its_product(account: GatewayAccount) -> None:
    with pytest.raises(MissingObject):
        remote_apply(account=account, remote=a_price(), now=NOW)
    told(account, RemoteProduct("prod_1", "Team", True, NOW))
    told(account, a_price())
    told(account, a_price(external_id="price_2", amount=D("500.00"), nickname="Yearly"))
    plans = Plan.objects.order_by("id").values_list("key", "name", "product__key")
    assert list(plans) == [
        ("price_1", "Team", "prod_1"),
        ("price_2", "Team: Yearly", "prod_1"),
    ]
    version = PriceVersion.objects.get(plan__key="price_1")
    assert (version.amount, version.interval_months) == (D(50), 1)


def test_archived_price_is_sold_no_more_until_it_is_again(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    assert told(account, a_price(active=False))
    assert Plan.objects.get().retired_on == TODAY
    assert told(account, a_price(active=True))
    assert Plan.objects.get().retired_on is None
    assert told(account, RemoteProduct("prod_1", "Team", False, NOW))
    assert Plan.objects.get().retired_on == TODAY


def test_long_numbers_are_cut_and_not_confused(account: GatewayAccount) -> None:
    told(account, RemoteProduct("prod_1", "Team", True, NOW))
    for end in ("a", "b"):
        told(account, a_price(external_id="p" * 60 + end))
    assert Plan.objects.count() == 2


def test_what_is_gone_is_sold_no_more(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    gone = {"account": account, "kind": ObjectKind.PRICE, "now": NOW}
    assert remote_gone(external_id="price_1", **gone)
    assert not remote_gone(external_id="price_1", **gone)
    assert Plan.objects.get().retired_on == TODAY


# -- payment methods


def a_card(**more: Any) -> RemoteMethod:
    values: dict[str, Any] = {
        "external_id": "pm_1",
        "customer": "cus_1",
        "method": MethodKind.CARD,
        "brand": "visa",
        "last4": "4242",
        "expires_on": dt.date(2027, 1, 31),
        "added_at": noon(days_ago(50)),
        "is_default": True,
    }
    return RemoteMethod(**values | more)


def test_card_renewed_in_place_counts_as_changed(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_card())
    card = PaymentMethod.objects.get()
    assert (card.customer, card.is_default) == (sold, True)
    assert card.changed_at == noon(days_ago(50))
    later = NOW + dt.timedelta(days=1)
    assert told(account, a_card(expires_on=dt.date(2030, 1, 31)), now=later)
    card.refresh_from_db()
    assert (card.expires_on, card.changed_at) == (dt.date(2030, 1, 31), later)


def test_one_default_at_a_time(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_card())
    told(account, a_card(external_id="pm_2", last4="1881"))
    rows = PaymentMethod.objects.order_by("external_id")
    assert list(rows.values_list("is_default", flat=True)) == [False, True]
    assert told(account, a_customer(default_method="pm_1"))
    assert list(rows.values_list("is_default", flat=True)) == [True, False]


def test_removed_method_is_charged_no_more(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_card())
    assert told(account, a_card(customer="", gone_at=NOW))
    card = PaymentMethod.objects.get()
    assert (card.removed_at, card.is_default) == (NOW, False)
    told(account, a_card(external_id="pm_9", customer="", gone_at=NOW))
    assert PaymentMethod.objects.count() == 1


def test_anything_that_is_no_end_of_a_number_is_left_out(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_card(last4="4242424242424242"))
    assert PaymentMethod.objects.get().last4 == ""


# -- subscriptions


def test_subscription_starts_with_its_price_and_in_the_ledger(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    assert told(account, a_subscription())
    row = Subscription.objects.get()
    assert (row.customer, row.gateway, row.started_on) == (sold, account, days_ago(90))
    assert log() == [
        ("start", days_ago(90), D(100), "active", ChangeAction.STARTED),
    ]
    line = SubscriptionChange.objects.get()
    assert (line.plan, line.price) == (Plan.objects.get(), PriceVersion.objects.get())
    assert line.recorded_at == NOW
    assert Movement.objects.get().amount == D(100)
    assert Event.objects.get(kind="billing.subscription_started").customer == sold


def test_change_of_seats_counts_from_today(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    assert told(account, a_subscription(mrr=D(150), list_mrr=D(150), quantity=3))
    assert log()[1:] == [
        ("change", TODAY, D(150), "active", ChangeAction.QUANTITY),
    ]
    state = state_on(Subscription.objects.get(), TODAY)
    assert state is not None
    assert state.quantity == 3


def test_second_change_of_a_day_takes_the_place_of_the_first(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    for seats in (3, 4):
        rate = D(50) * seats
        told(account, a_subscription(mrr=rate, list_mrr=rate, quantity=seats))
    revisions = SubscriptionChange.objects.filter(effective_on=TODAY)
    assert list(revisions.order_by("id").values_list("revision", "quantity")) == [
        (1, 3),
        (2, 4),
    ]
    state = state_on(Subscription.objects.get(), TODAY)
    assert state is not None
    assert state.mrr == D(200)


def test_trial_becomes_paid_on_its_day(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    until = noon(TODAY + dt.timedelta(days=5))
    trial = a_subscription(
        state="trial", started_at=noon(days_ago(9)), trial_until=until
    )
    told(account, trial)
    assert log() == [
        ("start", days_ago(9), D(0), "trial", ChangeAction.STARTED),
        ("change", until.date(), D(100), "active", ChangeAction.TRIAL_ENDED),
    ]
    assert Subscription.objects.get().is_trial
    # The day has come: the log says so already.
    later = until + dt.timedelta(hours=1)
    paid = a_subscription(started_at=noon(days_ago(9)), trial_until=until)
    told(account, paid, now=later)
    assert len(log()) == 2
    assert not Subscription.objects.get().is_trial


def test_trial_that_is_made_longer_moves_what_was_booked(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    first, second = (noon(TODAY + dt.timedelta(days=days)) for days in (5, 12))
    started = noon(days_ago(9))
    told(account, a_subscription(state="trial", started_at=started, trial_until=first))
    told(account, a_subscription(state="trial", started_at=started, trial_until=second))
    row = Subscription.objects.get()
    states = [
        state.state if (state := state_on(row, day)) else None
        for day in (TODAY, first.date(), second.date())
    ]
    assert states == [
        SubscriptionState.TRIAL,
        SubscriptionState.TRIAL,
        SubscriptionState.ACTIVE,
    ]


def test_pause_and_its_end(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    told(account, a_subscription(state="paused"))
    told(account, a_subscription(), now=NOW + dt.timedelta(days=3))
    assert log()[1:] == [
        ("change", TODAY, D(0), "paused", ChangeAction.PAUSED),
        (
            "change",
            TODAY + dt.timedelta(days=3),
            D(100),
            "active",
            ChangeAction.RESUMED,
        ),
    ]


def test_booked_end_is_taken_back(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    ends = noon(TODAY + dt.timedelta(days=20))
    told(account, a_subscription(ends_at=ends, cancelled_at=NOW))
    assert Subscription.objects.get().ended_on == ends.date()
    assert log()[-1] == (
        ChangeKind.END,
        ends.date(),
        D(0),
        "active",
        ChangeAction.CANCELLED,
    )
    kinds = Event.objects.order_by("id").values_list("kind", flat=True)
    assert kinds.last() == "billing.subscription_cancelled"
    told(account, a_subscription())
    assert Subscription.objects.get().ended_on is None
    state = state_on(Subscription.objects.get(), ends.date())
    assert state is not None
    assert (state.kind, state.mrr) == (ChangeKind.CHANGE, D(100))
    assert kinds.last() == "billing.subscription_kept"


def test_end_counts_from_its_own_day_however_late_it_is_heard(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    told(account, a_subscription(mrr=D(150), list_mrr=D(150), quantity=3))
    told(account, a_subscription(state="ended", ends_at=noon(days_ago(4))))
    row = Subscription.objects.get()
    assert row.ended_on == days_ago(4)
    for day in (days_ago(4), TODAY):
        state = state_on(row, day)
        assert state is not None
        assert state.kind == ChangeKind.END
    before = state_on(row, days_ago(5))
    assert before is not None
    assert before.mrr == D(100)


def test_discount_ends_on_its_day(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    until = TODAY + dt.timedelta(days=30)
    told(account, a_subscription(mrr=D(75), discount_until=until))
    assert log() == [
        ("start", days_ago(90), D(75), "active", ChangeAction.STARTED),
        ("change", until, D(100), "active", ChangeAction.DISCOUNT_ENDED),
    ]
    assert SubscriptionChange.objects.order_by("id")[0].discount == D("0.25")
    told(account, a_subscription(), now=noon(until))
    assert len(log()) == 2


def test_amount_of_several_items_is_told_without_a_price(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_price(external_id="price_2", amount=D("9.99")))
    items = (
        RemoteItem("price_1", 2, D(100), D(100)),
        RemoteItem("price_2", 1, D("9.99"), D("9.99")),
    )
    both = a_subscription(items=items, mrr=D("109.99"), list_mrr=D("109.99"))
    told(account, both)
    line = SubscriptionChange.objects.get()
    assert (line.mrr, line.price) == (D("109.99"), None)
    assert line.plan == Plan.objects.get(key="price_1")


def test_yearly_renewal_is_known(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_price(external_id="price_y", amount=D(600), interval_months=12))
    renews = noon(dt.date(2027, 4, 1))
    yearly = a_subscription(
        interval_months=12,
        renews_at=renews,
        items=(RemoteItem("price_y", 2, D(100), D(100)),),
    )
    told(account, yearly)
    line = SubscriptionChange.objects.get()
    assert (line.renews_on, line.price) == (
        days_ago(90).replace(year=2027),
        PriceVersion.objects.get(plan__key="price_y"),
    )


def test_unknown_price_is_read_first(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    items = (RemoteItem("price_9", 2, D(100), D(100)),)
    with pytest.raises(MissingObject) as missing:
        told(account, a_subscription(items=items))
    assert (missing.value.kind, missing.value.external_id) == ("price", "price_9")
    assert not Subscription.objects.exists()


def test_currency_that_nobody_knows_is_said(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_price(external_id="price_u", currency="USD"))
    items = (RemoteItem("price_u", 2, D(100), D(100)),)
    dollars = a_subscription(currency="USD", items=items)
    with pytest.raises(UnableToApply, match="exchange rate"):
        told(account, dollars)
    ExchangeRate.objects.create(currency="USD", rate=D("0.9"), valid_on=days_ago(900))
    assert told(account, dollars)


def test_subscription_of_another_customer_stays_theirs(sold: Customer) -> None:
    account = GatewayAccount.objects.get()
    told(account, a_subscription())
    told(account, a_customer(external_id="cus_2"))
    with pytest.raises(UnableToApply, match="another customer"):
        told(account, a_subscription(customer="cus_2"))


# -- history


def test_history_is_known_since_then_and_nobody_is_told(
    account: GatewayAccount,
) -> None:
    told(account, a_customer(), history=True)
    told(account, RemoteProduct("prod_1", "Team", True, NOW), history=True)
    told(account, a_price(), history=True)
    ended = a_subscription(
        state="ended",
        started_at=noon(days_ago(90)),
        trial_until=noon(days_ago(80)),
        cancelled_at=noon(days_ago(30)),
        ends_at=noon(days_ago(20)),
    )
    told(account, ended, history=True)
    rows = SubscriptionChange.objects.order_by("id")
    assert [(row.effective_on, row.mrr) for row in rows] == [
        (days_ago(90), D(0)),
        (days_ago(80), D(100)),
        (days_ago(20), D(0)),
    ]
    assert [row.recorded_at.date() for row in rows] == [
        days_ago(90),
        days_ago(80),
        days_ago(30),
    ]
    assert Subscription.objects.get().recorded_assumed
    assert Customer.objects.get().recorded_at == noon(days_ago(100))
    assert not Event.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not Movement.objects.exists()
