"""Offers of yearly billing: made, withdrawn, answered; nothing without a yes."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import ChangeKind, OfferState
from billing.models import LedgerState, SubscriptionChange, YearlyOffer
from billing.selectors.ledger_state import ledger_state
from billing.services.offers import (
    UnableToAnswerOffer,
    UnableToOffer,
    offer_answer,
    offer_withdraw,
    offers_expire,
)
from customers.models import Event
from mail.models import OutboxMessage
from mail.rendering.bodies import message_render
from tests import world
from tests.billing.offered import NOW, monthly, offered, url

BEGINS = dt.date(2026, 7, 15)  # the end of the month that is paid for
usual = pytest.mark.usefixtures("company")


def log(since: int) -> list[tuple[dt.date, Decimal, int, Decimal | None]]:
    rows = SubscriptionChange.objects.filter(pk__gt=since).order_by("effective_on")
    return [
        (row.effective_on, row.mrr, row.interval_months, row.discount) for row in rows
    ]


def last_line() -> int:
    found = SubscriptionChange.objects.order_by("-pk").values_list("pk", flat=True)
    return found.first() or 0


@usual
def test_an_offer_is_a_row_a_mail_and_changes_nothing(ana: User) -> None:
    row = monthly(owner=ana)
    before = last_line()
    offer = offered(row, by=ana)
    assert (offer.mrr, offer.yearly, offer.currency, offer.state) == (
        100, 1080, "EUR", "open",
    )  # fmt: skip
    assert last_line() == before
    mail = OutboxMessage.objects.get()
    assert (mail.kind, mail.to_email, mail.category, mail.expires_at) == (
        "billing.yearly_offer", "mara@example.org", "news", offer.expires_at,
    )  # fmt: skip
    assert Event.objects.get().kind == "billing.yearly_offered"
    assert AuditEntry.objects.get().action == "billing.yearly_offered"


@pytest.mark.usefixtures("company", "at_noon")
def test_the_mail_names_the_terms_and_carries_the_link(ana: User) -> None:
    offer = offered(monthly(owner=ana, language="de"), by=ana, free_months=1)
    mail = OutboxMessage.objects.select_related("contact", "customer").get()
    shown = message_render(mail)
    assert url(offer) in shown.text
    assert url(offer) in shown.html
    assert "1.100" in shown.text
    assert "14. Juli 2026" in shown.text
    # Whoever looks on sees no door.
    assert url(offer) not in message_render(mail, masked=True).text


@usual
def test_a_yes_changes_the_subscription_from_the_next_period_on(ana: User) -> None:
    row, before = monthly(owner=ana), last_line()
    offer = offered(row, by=ana)
    told = ledger_state().changed
    answered = offer_answer(offer=offer, accept=True, now=NOW)
    assert (answered.state, answered.answered_at) == ("accepted", NOW)
    assert log(before) == [(BEGINS, Decimal(90), 12, Decimal("0.1"))]
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert {"billing.yearly_answered", "billing.subscription_booked"} <= kinds
    # The ledger was told; a second yes changes nothing any more.
    assert LedgerState.objects.get().changed > told
    offer_answer(offer=offer, accept=True, now=NOW)
    offer_answer(offer=offer, accept=False, now=NOW)
    assert len(log(before)) == 1
    assert YearlyOffer.objects.get().state == "accepted"


@usual
def test_free_months_are_free_in_the_first_year() -> None:
    row, before = monthly(mrr="120"), last_line()
    offer = offered(row, free_months=2)
    assert offer.yearly == 1200
    offer_answer(offer=offer, accept=True, now=NOW)
    year_later = dt.date(2027, 7, 15)
    assert log(before) == [
        (BEGINS, Decimal("100.00"), 12, Decimal("0.1667")),
        (year_later, Decimal(120), 12, None),
    ]


@usual
def test_a_no_changes_nothing() -> None:
    row, before = monthly(), last_line()
    offer = offer_answer(offer=offered(row), accept=False, now=NOW)
    assert (offer.state, last_line()) == ("declined", before)
    # Whoever said no may be asked again.
    assert offered(row).state == "open"


@usual
def test_an_offer_that_does_not_fit_any_more_changes_nothing() -> None:
    row = monthly()
    offer = offered(row)
    world.change_subscription(row, on=world.TODAY, mrr="130", recorded_at=NOW)
    before = last_line()
    with pytest.raises(UnableToAnswerOffer, match="nothing was changed"):
        offer_answer(offer=offer, accept=True, now=NOW)
    assert (last_line(), YearlyOffer.objects.get().state) == (before, "open")


def ended(row: object) -> None:
    world.change_subscription(
        row,
        kind=ChangeKind.END,
        on=BEGINS,
        mrr="0",
        recorded_at=NOW,  # type: ignore[arg-type]
    )


@usual
def test_only_whom_it_makes_sense_to_ask_is_asked(ana: User) -> None:
    row = monthly(owner=ana)
    with pytest.raises(UnableToOffer, match="discount or free"):
        offered(row, discount=Decimal("0.5"))
    with pytest.raises(UnableToOffer, match="discount or free"):
        offered(row, discount=Decimal("0.1"), free_months=1)
    with pytest.raises(UnableToOffer, match="days"):
        offered(row, days=90)
    offered(row)
    with pytest.raises(UnableToOffer, match="open already"):
        offered(row)
    stranger = monthly()
    stranger.customer.contacts.update(email="")
    with pytest.raises(UnableToOffer, match="contact"):
        offered(stranger)
    leaving = monthly()
    ended(leaving)
    with pytest.raises(UnableToOffer, match="ends"):
        offered(leaving)
    assert YearlyOffer.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "minutes", "open_"),
    [
        # The fourteenth day is 14 July; midnight comes when it comes to the company.
        ("Europe/Berlin", -1, True), ("Europe/Berlin", 0, False),
        ("America/New_York", -1, True), ("America/New_York", 0, False),
    ],
)  # fmt: skip
@usual
def test_an_offer_ends_at_midnight_where_the_company_is(
    zone: str, minutes: int, *, open_: bool
) -> None:
    from zoneinfo import ZoneInfo

    Company.objects.update(time_zone=zone)
    offer = offered(monthly())
    midnight = dt.datetime(2026, 7, 15, tzinfo=ZoneInfo(zone))
    assert offer.expires_at == midnight
    then = midnight + dt.timedelta(minutes=minutes)
    # Nobody has to come by for it to end.
    if open_:
        assert offer_answer(offer=offer, accept=False, now=then).state == "declined"
    else:
        with pytest.raises(UnableToAnswerOffer):
            offer_answer(offer=offer, accept=False, now=then)
    assert offers_expire(now=then) == (0 if open_ else 1)


@usual
def test_a_withdrawn_offer_takes_no_answer(ana: User) -> None:
    row, by = monthly(owner=ana), Actor(user=ana)
    offer, before = offered(row, by=ana), last_line()
    assert offer_withdraw(offer=offer, by=by, now=NOW)
    assert not offer_withdraw(offer=offer, by=by, now=NOW)
    with pytest.raises(UnableToAnswerOffer):
        offer_answer(offer=offer, accept=True, now=NOW)
    assert (YearlyOffer.objects.get().state, last_line()) == ("withdrawn", before)
    assert AuditEntry.objects.filter(action="billing.yearly_withdrawn").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_change_it_once() -> None:
    Company.objects.create(id=1, currency="EUR")
    row, before = monthly(), last_line()
    offer = offered(row)

    def say(accept: bool) -> str:
        try:
            return offer_answer(offer=offer, accept=accept, now=NOW).state
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        states = list(threads.map(say, [True] * 4))
    assert states == [OfferState.ACCEPTED] * 4
    assert len(log(before)) == 1
    assert Event.objects.filter(kind="billing.yearly_answered").count() == 1
