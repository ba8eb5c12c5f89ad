"""Charging through Stripe's library: once per key, whatever happens to the answers."""

import datetime as dt

import pytest
import stripe

from fakegateway.cards import FATES
from tests.gateway import KEY, Fake

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def pay(client: stripe.StripeClient, invoice: str, key: str = "k1", **params: str):  # type: ignore[no-untyped-def]
    return client.v1.invoices.pay(invoice, params, {"idempotency_key": key})


def test_a_key_charges_once(fake: Fake, client: stripe.StripeClient) -> None:
    invoice = fake.invoice(fake.customer(), amount=4900)
    first, again = pay(client, invoice), pay(client, invoice)
    assert (first.status, first.amount_paid, first.amount_remaining) == (
        "paid",
        4900,
        0,
    )
    assert again.to_dict() == first.to_dict()
    (entry,) = fake.ledger()
    assert (entry["kind"], entry["amount"], entry["key"]) == ("charge", 4900, "k1")
    assert entry["invoice"] == invoice


def test_a_key_with_other_parameters_is_refused(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer())
    pay(client, invoice)
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        pay(client, invoice, payment_method="pm_other")
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        pay(client, invoice, key="k2")
    assert len(fake.ledger()) == 1


def test_a_key_is_forgotten_after_a_day(
    fake: Fake, client: stripe.StripeClient
) -> None:
    fake.clock(now=NOON)
    invoice = fake.invoice(fake.customer(fates=("insufficient_funds", "succeeds")))
    with pytest.raises(stripe.CardError):
        pay(client, invoice)
    fake.clock(days=0.99)
    with pytest.raises(stripe.CardError):
        pay(client, invoice)
    assert fake.ledger() == []
    fake.clock(days=0.01)
    assert pay(client, invoice).status == "paid"


@pytest.mark.parametrize(
    ("fault", "moved"),
    [("lose_before", 0), ("lose_after", 1)],
)
def test_an_answer_is_lost(
    fake: Fake, client: stripe.StripeClient, fault: str, moved: int
) -> None:
    invoice = fake.invoice(fake.customer())
    fake.faults(script=[fault])
    with pytest.raises(stripe.APIConnectionError):
        pay(client, invoice)
    assert len(fake.ledger()) == moved
    assert pay(client, invoice).status == "paid"
    assert len(fake.ledger()) == 1


@pytest.mark.parametrize(("fault", "moved"), [("error_before", 0), ("error_after", 1)])
def test_a_500_stays_with_its_key(
    fake: Fake, client: stripe.StripeClient, fault: str, moved: int
) -> None:
    """As Stripe keeps it: the outcome is read, the key is of no use any more."""
    invoice = fake.invoice(fake.customer())
    fake.faults(script=[fault])
    for _turn in range(2):
        with pytest.raises(stripe.APIError) as caught:
            pay(client, invoice)
        assert caught.value.http_status == 500
    assert len(fake.ledger()) == moved
    assert client.v1.invoices.retrieve(invoice).status == ("open", "paid")[moved]


def test_refusals_of_ours_leave_the_key_free(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer())
    fake.faults(script=["limit", "unavailable", "conflict"], retry_after=7)
    with pytest.raises(stripe.RateLimitError) as limited:
        pay(client, invoice)
    assert (limited.value.headers or {})["Retry-After"] == "7"
    with pytest.raises(stripe.StripeError) as caught:
        pay(client, invoice)
    assert caught.value.http_status == 503
    with pytest.raises(stripe.StripeError) as caught:
        pay(client, invoice)
    assert caught.value.http_status == 409
    assert fake.ledger() == []
    assert pay(client, invoice).status == "paid"
    counts = fake.counts()
    assert (counts["POST invoices"], counts["fault limit"]) == (4, 1)


def test_an_answer_that_takes_too_long(fake: Fake) -> None:
    http = stripe.RequestsClient(timeout=0.3)
    client = stripe.StripeClient(
        KEY,
        base_addresses={"api": fake.address},
        max_network_retries=0,
        http_client=http,
    )
    invoice = fake.invoice(fake.customer())
    fake.faults(script=["hang_after"], hang=0.6)
    with pytest.raises(stripe.APIConnectionError):
        pay(client, invoice)
    assert len(fake.ledger()) == 1
    http.close()


def test_faults_are_the_same_for_the_same_seed(
    fake: Fake, client: stripe.StripeClient
) -> None:
    def drawn() -> list[bool]:
        fake.faults(rates={"limit": 0.4}, where="^GET /v1/account$", seed=7)
        met = []
        for _turn in range(12):
            try:
                client.v1.accounts.retrieve_current()
            except stripe.RateLimitError:
                met.append(True)
            else:
                met.append(False)
        return met

    first = drawn()
    assert 0 < sum(first) < 12
    assert drawn() == first


def test_who_has_the_wrong_key(fake: Fake) -> None:
    http = stripe.RequestsClient()
    told = {"base_addresses": {"api": fake.address}, "http_client": http}
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_test_x", **told).v1.accounts.retrieve_current()  # type: ignore[arg-type]
    reader = stripe.StripeClient("rk_test_reader", **told)  # type: ignore[arg-type]
    assert reader.v1.accounts.retrieve_current().id == "acct_fake"
    with pytest.raises(stripe.PermissionError):
        reader.v1.customers.create({"name": "x"})
    http.close()


DECLINED = sorted(name for name, fate in FATES.items() if fate.way == "declined")


def test_every_decline_is_told_as_stripe_tells_it(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(fates=(*DECLINED, "succeeds"))
    invoice = fake.invoice(customer)
    for number, name in enumerate(DECLINED):
        with pytest.raises(stripe.CardError) as caught:
            pay(client, invoice, key=f"k{number}")
        error = caught.value.error
        assert error is not None
        fate = FATES[name]
        assert (caught.value.code, error.decline_code) == (fate.code, fate.decline_code)
        charge = client.v1.charges.retrieve(str(error.charge))
        assert (charge.status, charge.failure_code) == ("failed", fate.code)
    assert fake.ledger() == []
    read = client.v1.invoices.retrieve(invoice)
    assert (read.status, read.attempt_count) == ("open", 1)
    assert pay(client, invoice, key="last").status == "paid"
    (intent,) = client.v1.payment_intents.list({"customer": customer}).data
    charges = client.v1.charges.list({"payment_intent": intent.id, "limit": 100})
    assert len(charges.data) == len(DECLINED) + 1


def test_a_payment_that_must_be_confirmed(
    fake: Fake, client: stripe.StripeClient
) -> None:
    invoice = fake.invoice(fake.customer(fates=("authentication_required",)))
    with pytest.raises(stripe.CardError) as caught:
        pay(client, invoice)
    assert caught.value.code == "invoice_payment_intent_requires_action"
    expand = {"expand": ["payments.data.payment.payment_intent"]}
    read = client.v1.invoices.retrieve(invoice, expand)
    intent = read.payments.data[0].payment.payment_intent
    assert intent.status == "requires_action"
    assert fake.confirms(invoice, "authentication_refused")["status"] == "open"
    with pytest.raises(stripe.CardError):
        pay(client, invoice, key="k2")
    assert fake.confirms(invoice)["status"] == "paid"
    assert [row["amount"] for row in fake.ledger(invoice)] == [4900]


def test_a_debit_is_answered_days_later(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer(fates=())
    fake.method(customer, "processing", type="sepa_debit")
    invoice = fake.invoice(customer)
    assert pay(client, invoice).status == "open"
    with pytest.raises(stripe.InvalidRequestError, match="still being processed"):
        pay(client, invoice, key="k2")
    fake.bank_answers(invoice, "insufficient_funds")
    assert fake.ledger() == []
    pay(client, invoice, key="k3")
    fake.bank_answers(invoice)
    assert client.v1.invoices.retrieve(invoice).status == "paid"
    assert len(fake.ledger()) == 1


def test_what_is_void_or_paid_elsewhere_is_not_charged(
    fake: Fake, client: stripe.StripeClient
) -> None:
    customer = fake.customer()
    void, elsewhere, nothing = (fake.invoice(customer) for _turn in range(3))
    client.v1.invoices.void_invoice(void)
    with pytest.raises(stripe.InvalidRequestError, match="no longer payable"):
        pay(client, void)
    pay(client, elsewhere, key="k2", paid_out_of_band="true")
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        pay(client, elsewhere, key="k3")
    client.v1.invoices.mark_uncollectible(nothing)
    assert fake.ledger() == []
    assert pay(client, nothing, key="k4").status == "paid"
    assert [row["invoice"] for row in fake.ledger()] == [nothing]
