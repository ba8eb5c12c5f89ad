"""The mails about money that did not come: what they say, and when they are pointless."""

import datetime as dt
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.utils import timezone, translation

from billing.dunning_facts import why_words
from billing.dunning_mails import place_of
from billing.enums import AttemptState, CaseState, Collection
from billing.models import CardNotice, DunningCase, DunningVersion, PaymentMethod
from billing.selectors.pay_links import card_token, pay_token
from common.mailing import MailIsPointless
from mail.models import OutboxMessage
from mail.rendering.bodies import RenderedMail, message_render
from mail.services.outbox import message_queue
from tests import world
from tests.billing.dunning_world import FAILED, charged, opened, refused

DAY = dt.timedelta(days=1)
_numbers = count(1)
pytestmark = pytest.mark.usefixtures("company")


@pytest.fixture(autouse=True)
def minutes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, FAILED + dt.timedelta(minutes=5))


def at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def asked(of: DunningCase, kind: str, language: str = "en", **data: Any) -> Any:
    contact = of.customer.contacts.get()
    message = message_queue(
        kind=f"billing.{kind}",
        to_email=contact.email,
        data=data,
        effect_key=f"{kind}:{next(_numbers)}",
        contact=contact,
        language=language,
        now=FAILED,
    )
    assert message is not None
    return message


def rendered(of: DunningCase, kind: str, **data: Any) -> RenderedMail:
    return message_render(asked(of, kind, **data))


def flat(mail: RenderedMail) -> str:
    return " ".join(mail.text.split())


def pointless(of: DunningCase, kind: str, **data: Any) -> str:
    message: OutboxMessage = asked(of, kind, **data)
    with pytest.raises(MailIsPointless) as refusal:
        message_render(message)
    # Who looks at it afterwards still sees what it was about.
    assert message_render(message, masked=True).subject
    return str(refusal.value)


def numbered(case: DunningCase) -> DunningCase:
    case.invoice.printed_number = "NW-0042"
    case.invoice.save()
    return case


def test_the_first_mail_says_what_failed_why_and_what_comes() -> None:
    case = numbered(opened())
    mail = rendered(case, "payment_failed", case=case.pk, step="mail:0")
    assert mail.subject == "Your payment of €100.00 did not go through"
    text = flat(mail)
    assert (
        "On 29 June 2026 we tried to collect €100.00 for invoice NW-0042 from Visa •••• "
        "4242, and it did not work. There was not enough on the account at that moment."
    ) in text
    assert (
        "We try again on 30 June 2026; if it works then, you need to do nothing."
        in text
    )
    assert "Access is limited from: 13 July 2026" in text
    assert "Service is paused on: 20 July 2026" in text
    assert "If nothing changes" not in text
    assert text.count(f"/pay/{pay_token(case.invoice_id)}") == 1
    assert "Hello Mara Ionescu," in text
    assert case.invoice.external_id not in text


def test_it_grows_firmer_and_says_when_it_is_the_last() -> None:
    case = numbered(opened())
    again = rendered(case, "payment_failed", case=case.pk, step="mail:3")
    assert again.subject == "Still open: €100.00 for invoice NW-0042"
    told = (
        "If nothing changes, access is limited from 13 July 2026 and service is paused"
    )
    assert told in flat(again)
    last = rendered(case, "payment_failed", case=case.pk, step="mail:12")
    assert last.subject == "Last reminder: €100.00 for invoice NW-0042"
    said = (
        "There was not enough on the account at that moment. We do not write about it"
    )
    assert said in flat(last)
    # Said once, in the sentence that nobody can overlook.
    assert flat(last).count("13 July 2026") == 1


def test_what_only_another_card_helps_says_so() -> None:
    invoice = charged()
    refused(invoice, at=FAILED, code="expired_card", group="hard")
    case = opened(invoice)
    invoice.attempts.update(decline_code="expired_card", decline_group="hard")
    mail = rendered(case, "payment_failed", case=case.pk, step="mail:0")
    assert "The card has expired. We do not try this payment method again." in flat(
        mail
    )
    assert "We try again on" not in flat(mail)


def test_a_mail_about_what_is_settled_is_not_sent() -> None:
    case = opened()
    data = {"case": case.pk, "step": "mail:0"}
    DunningCase.objects.update(waits_until=FAILED + DAY)
    assert pointless(case, "payment_failed", **data) == (
        "Somebody wants it left alone for now."
    )
    DunningCase.objects.update(waits_until=None)
    PaymentMethod.objects.update(changed_at=FAILED + dt.timedelta(minutes=2))
    assert pointless(case, "payment_failed", **data | {"step": "mail:3"}) == (
        "The payment method was changed; it is tried anew."
    )
    case.invoice.paid_on, case.invoice.paid_recorded_at = FAILED.date(), FAILED
    case.invoice.save()
    assert pointless(case, "payment_failed", **data | {"step": "mail:7"}) == (
        "Nothing is owed any more."
    )
    DunningCase.objects.update(state=CaseState.STOPPED, closed_at=FAILED)
    assert pointless(case, "payment_failed", **data | {"step": "mail:12"}) == (
        "The case is closed."
    )


def test_a_bank_that_wants_a_word_is_answered_on_one_page() -> None:
    case = numbered(opened())
    attempt = case.invoice.attempts.get()
    attempt.state = AttemptState.NEEDS_ACTION
    attempt.save()
    mail = rendered(case, "payment_confirm", attempt=attempt.pk)
    assert mail.subject == "Please confirm your payment of €100.00"
    assert "we asked for €100.00 for invoice NW-0042 from Visa •••• 4242" in flat(mail)
    refused(case.invoice, at=FAILED + DAY)
    why = pointless(case, "payment_confirm", attempt=attempt.pk)
    assert why == "The payment does not wait for the customer any more."


def test_limited_access_says_that_nothing_is_lost() -> None:
    case = numbered(opened())
    why = pointless(case, "access_limited", case=case.pk)
    assert why == "Access is not limited."
    DunningCase.objects.update(limited_at=FAILED)
    mail = rendered(case, "access_limited", case=case.pk)
    assert mail.subject == "Your access is limited: €100.00 is open"
    assert "as soon as it is paid, everything is back." in flat(mail)
    assert "If nothing changes, service is paused on 20 July 2026." in flat(mail)


@pytest.mark.parametrize(
    ("day", "subject", "told"),
    [
        (1, "Invoice NW-0042: was it overlooked?", "please forget this mail."),
        (5, "Reminder: invoice NW-0042, €100.00", "or tell us what keeps you from it."),
        (10, "Second reminder: invoice NW-0042, €100.00", "transfer the amount this"),
        (
            20,
            "Last reminder: invoice NW-0042, €100.00",
            "the last reminder that we send",
        ),
    ],
)
def test_four_letters_for_who_pays_by_transfer(
    day: int, subject: str, told: str
) -> None:
    customer = world.make_customer()
    world.person(customer, email="bills@example.org")
    invoice = world.invoice(
        customer,
        days=40,
        due_in=30,
        paid_after=None,
        total="100",
        collection=Collection.TRANSFER,
        printed_number="NW-0042",
    )
    case = opened(invoice)
    mail = rendered(case, "payment_letter", case=case.pk, step=f"letter:{day}")
    assert mail.subject == subject
    text = flat(mail)
    assert told in text
    assert "The bank account stands on the invoice" in text
    # There is no page to pay on, and so no button.
    assert "/pay/" not in mail.html


def test_a_card_that_runs_out_is_told_until_it_is_renewed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = opened()
    method = PaymentMethod.objects.get()
    method.expires_on = dt.date(2026, 7, 31)
    method.save()
    notice = CardNotice.objects.create(
        method=method,
        customer=case.customer,
        expires_on=method.expires_on,
        days_before=30,
        asked_at=FAILED,
    )
    mail = rendered(case, "card_expires", notice=notice.pk)
    assert mail.subject == "Your card Visa •••• 4242 expires on 31 July 2026"
    assert f"/pay/{card_token(method.pk)}" in mail.text
    at(monkeypatch, FAILED + 40 * DAY)
    late = message_render(OutboxMessage.objects.get())
    assert late.subject == "Your card Visa •••• 4242 has expired"
    method.expires_on = dt.date(2029, 7, 31)
    method.save()
    why = pointless(case, "card_expires", notice=notice.pk)
    assert why == "The card was renewed or replaced."


def test_thank_you_says_that_access_is_back() -> None:
    case = numbered(opened())
    assert (
        pointless(case, "payment_recovered", case=case.pk)
        == "It is not paid after all."
    )
    DunningCase.objects.update(
        state=CaseState.RECOVERED,
        closed_at=FAILED + DAY,
        recovered=Decimal(100),
        limited_at=FAILED,
    )
    mail = message_render(OutboxMessage.objects.get())
    assert mail.subject == "Thank you: €100.00 for invoice NW-0042 has arrived"
    assert "Your access is back in full." in flat(mail)


def test_what_is_gone_is_pointless_for_everybody() -> None:
    case = opened()
    for kind, data in (
        ("payment_failed", {"case": 0, "step": "mail:0"}),
        ("payment_confirm", {"attempt": 0}),
        ("payment_letter", {"case": 0, "step": "letter:1"}),
        ("card_expires", {"notice": 0}),
        ("payment_recovered", {"case": 0}),
    ):
        with pytest.raises(MailIsPointless):
            message_render(asked(case, kind, **data), masked=True)


def test_every_mail_is_whole_in_every_language() -> None:
    case = numbered(opened())
    for language, word in (("de", "Guten Tag"), ("ro", "Bună ziua")):
        mail = rendered(
            case, "payment_failed", language=language, case=case.pk, step="mail:12"
        )
        assert word in mail.text
        assert "Hello" not in mail.text


def test_why_is_told_without_blame_and_without_suspicion() -> None:
    with translation.override("en"):
        assert why_words("lost_card") == why_words("stolen_card")
        assert why_words("fraudulent") == why_words("something_new")
        for code in ("fraudulent", "stolen_card"):
            assert "fraud" not in why_words(code)
            assert "stolen" not in why_words(code)
        assert why_words("", has_method=False).startswith("There is no payment method")


def test_a_mail_by_hand_counts_as_the_first() -> None:
    opened()
    version = DunningVersion.objects.filter(steps__kind="mail").first()
    assert version is not None
    assert place_of(version, "mail:7") == (3, 4)
    assert place_of(version, "mail:8") == (1, 4)
    assert place_of(version, "by_hand") == (1, 4)
