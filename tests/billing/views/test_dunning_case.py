"""The page of a failed payment, and what people do there."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import AuditEntry, Company, User
from billing.enums import AttemptState, CaseState, Collection, DeclineGroup
from billing.models import DunningAction, DunningCase, PaymentAttempt, PaymentMethod
from billing.selectors.pay_links import pay_token
from billing.services.dunning.people import case_stop
from customers.enums import InteractionKind
from customers.models import Interaction, Task
from mail.models import OutboxMessage
from tests import world
from tests.billing.dunning_world import card, charged, fresh, opened, refused
from tests.pages import facts, messages, part, queries, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]
DAY = dt.timedelta(days=1)


@pytest.fixture
def case(ana: User, company: Company) -> DunningCase:
    """A charge of Acme's that was refused today at noon."""
    acme = world.make_customer("Acme", owner=ana)
    return opened(charged(acme), failed_at=world.NOW)


def url(case: DunningCase, action: str = "") -> str:
    if action:
        return reverse("dunning_act", args=[case.pk, action])
    return reverse("dunning_case", args=[case.pk])


def shown(client: Client, case: DunningCase) -> str:
    response = client.get(url(case))
    assert response.status_code == 200
    return words(response.content.decode())


def note(case: DunningCase, step: str, reason: str, **fields: Any) -> DunningAction:
    kind = step.split(":")[0]
    values = {"due_at": world.NOW, "done_at": world.NOW, "kind": kind, **fields}
    return DunningAction.objects.create(
        case=case, customer=case.customer, step=step, reason=reason, **values
    )


def test_the_page_tells_how_it_stands_in_sentences(
    case: DunningCase, ana_client: Client
) -> None:
    page = shown(ana_client, case)
    for said in (
        "€100.00 of Acme",
        "There was not enough money in the account.",
        "Tried again on Wednesday, 1 July.",
        "Access is limited on Tuesday, 14 July.",
        "Service is paused on Tuesday, 21 July.",
        "Visa •••• 4242",
    ):
        assert said in page
    owed, failed, following, ends, tries = facts(ana_client.get(url(case)))
    assert owed.startswith("Owed now €100.00 Invoice I")
    assert failed == "Failed 30 Jun today"
    assert following == "Next 1 Jul Tried again on Wednesday, 1 July"
    assert ends == "Service ends 21 Jul Service is paused on Tuesday, 21 July"
    assert tries == "Tries 1 at most 8"


def test_the_course_shows_what_was_done_left_out_and_comes(
    case: DunningCase, ana_client: Client
) -> None:
    note(case, "mail:0", "mail_day", data={"day": 0})
    note(case, "retry:1", "tried_today", skipped=True)
    course = part(ana_client.get(url(case)), "h-course")
    for said in (
        "The customer was written to, as on day 0",
        "Left out on day 0: It was tried today already",
        "€100.00 from Visa •••• 4242: Declined",
        "What comes if nothing changes",
        "Tried again on Friday, 3 July",
        "Service is paused on Tuesday, 21 July",
    ):
        assert said in course
    drawn = ana_client.get(url(case)).context["page"].wide
    assert drawn.count('class="step failed"') == 1
    assert drawn.count('class="step done"') == 1
    assert drawn.count('class="step skipped"') == 1


def test_tries_and_mails_are_listed(case: DunningCase, ana_client: Client) -> None:
    mail = OutboxMessage.objects.create(
        effect_key="x", kind="billing.payment_failed", category="service",
        customer=case.customer, to_email="pay@example.org", domain="example.org",
        language="en", message_id="x", created_at=world.NOW, due_at=world.NOW,
        data={"case": case.pk, "step": "mail:0"},
    )  # fmt: skip
    OutboxMessage.objects.create(
        effect_key="y", kind="billing.payment_failed", category="service",
        customer=case.customer, to_email="other@example.org", domain="example.org",
        language="en", message_id="y", created_at=world.NOW, due_at=world.NOW,
        data={"case": case.pk + 1, "step": "mail:0"},
    )  # fmt: skip
    response = ana_client.get(url(case))
    assert "Declined May work later €100.00 By the gateway itself" in part(
        response, "h-attempts"
    )
    assert "insufficient_funds" in part(response, "h-attempts")
    assert "pay@example.org" in part(response, "h-mails")
    assert "other@example.org" not in part(response, "h-mails")
    assert reverse("outbox_message", args=[mail.pk]) in response.content.decode()


def test_others_do_not_see_it_and_viewers_do_nothing(
    case: DunningCase, charlie_client: Client, viewer_client: Client
) -> None:
    assert charlie_client.get(url(case)).status_code == 404
    assert charlie_client.post(url(case, "stop"), {"note": "x"}).status_code == 404
    page = viewer_client.get(url(case)).content.decode()
    assert "h-acts" not in page
    assert pay_token(case.invoice_id) not in page
    assert viewer_client.post(url(case, "stop"), {"note": "x"}).status_code == 403
    assert fresh(case).state == CaseState.OPEN


def test_the_customers_page_to_pay_is_handed_out(
    case: DunningCase, ana_client: Client
) -> None:
    page = ana_client.get(url(case)).content.decode()
    assert f"/pay/{pay_token(case.invoice_id)}" in page


def test_try_now_plans_a_try(case: DunningCase, ana: User, ana_client: Client) -> None:
    response = ana_client.post(url(case, "try"), follow=True)
    [planned] = PaymentAttempt.objects.filter(state=AttemptState.PLANNED)
    assert (planned.cause, planned.actor) == ("person", ana)
    assert messages(response) == [
        "It is being tried now. Load the page again in a moment."
    ]


def test_a_card_refused_for_good_is_asked_about_first(
    case: DunningCase, ana_client: Client
) -> None:
    refused(case.invoice, at=world.NOW, code="stolen_card", group=DeclineGroup.HARD)
    page = shown(ana_client, case)
    assert "Trying this card again is no use." in page
    assert "Try the refused card again all the same" in page
    asked = ana_client.post(url(case, "try"))
    assert asked.status_code == 422
    assert "refused this payment method for good" in words(asked.content.decode())
    assert not PaymentAttempt.objects.filter(state=AttemptState.PLANNED).exists()
    ana_client.post(url(case, "try"), {"sure": "on"})
    assert PaymentAttempt.objects.filter(state=AttemptState.PLANNED).count() == 1


def test_a_new_card_makes_trying_sensible_again(
    case: DunningCase, ana_client: Client
) -> None:
    refused(case.invoice, at=world.NOW, code="stolen_card", group=DeclineGroup.HARD)
    PaymentMethod.objects.update(is_default=False)
    card(case.customer, case.invoice.gateway, last4="1881", since=world.NOW)
    page = shown(ana_client, case)
    assert "Trying this card again is no use." not in page
    assert "Paid with Visa •••• 1881" in page
    assert "Failed with Visa •••• 4242" in page


def test_a_second_try_at_once_is_refused_in_words(
    case: DunningCase, ana_client: Client
) -> None:
    ana_client.post(url(case, "try"))
    again = ana_client.post(url(case, "try"), follow=True)
    assert messages(again)[-1] == "That is not possible as it stands now."
    assert PaymentAttempt.objects.filter(state=AttemptState.PLANNED).count() == 1
    assert "Try again now" not in shown(ana_client, case)


def test_waiting_and_going_on(case: DunningCase, ana_client: Client) -> None:
    until = world.TODAY + 5 * DAY
    done = ana_client.post(
        url(case, "wait"),
        {"until": until.isoformat(), "note": "On holiday"},
        follow=True,
    )
    assert messages(done) == ["It is left alone until then."]
    page = shown(ana_client, case)
    assert "Left alone until Sunday, 5 July" in page
    assert "On holiday" in page
    ana_client.post(url(case, "resume"))
    assert fresh(case).waits_until is None


@pytest.mark.parametrize(
    ("until", "said"),
    [("", "required"), ("2026-06-30", "to come"), ("2027-06-30", "within 90 days")],
)
def test_waiting_asks_for_a_sensible_day(
    until: str, said: str, case: DunningCase, ana_client: Client
) -> None:
    response = ana_client.post(url(case, "wait"), {"until": until})
    assert response.status_code == 422
    assert said in words(response.content.decode())
    assert fresh(case).waits_until is None


def test_stopping_asks_why_and_can_be_taken_back(
    case: DunningCase, ana_client: Client
) -> None:
    assert ana_client.post(url(case, "stop"), {"note": ""}).status_code == 422
    ana_client.post(url(case, "stop"), {"note": "Agreed by phone"})
    stopped = fresh(case)
    assert (stopped.state, stopped.reason) == (CaseState.STOPPED, "stopped_by_hand")
    page = shown(ana_client, case)
    assert "Stopped by hand." in page
    assert "Agreed by phone" in page
    ana_client.post(url(case, "reopen"))
    assert fresh(case).state == CaseState.OPEN


def test_writing_off_is_a_reason_of_its_own(
    case: DunningCase, ana_client: Client
) -> None:
    ana_client.post(url(case, "stop"), {"note": "Bankrupt", "written_off": "on"})
    assert fresh(case).reason == "written_off"


def test_a_call_is_logged(case: DunningCase, ana_client: Client) -> None:
    ana_client.post(url(case, "call"), {"note": "Will pay on Friday"})
    [call] = Interaction.objects.filter(customer=case.customer)
    assert (call.kind, call.summary) == (InteractionKind.CALL, "Will pay on Friday")


def test_handing_over_gives_one_task(
    case: DunningCase, ana: User, mara: User, charlie: User, ana_client: Client
) -> None:
    offered = words(ana_client.get(url(case, "hand-over")).content.decode())
    assert "Mara Lindqvist" in offered
    assert "Charlie Moss" not in offered  # who does not see the customer
    for person in (mara, ana):
        ana_client.post(url(case, "hand-over"), {"person": person.pk, "note": "Call"})
    [task] = Task.objects.filter(customer=case.customer)
    assert (task.assignee, task.title) == (ana, "Call")
    logged = AuditEntry.objects.filter(action="billing.case_handed_over")
    assert logged.count() == 2
    wrong = ana_client.post(url(case, "hand-over"), {"person": charlie.pk})
    assert wrong.status_code == 422


def test_the_task_goes_with_the_case(
    case: DunningCase, ana: User, ana_client: Client
) -> None:
    ana_client.post(url(case, "hand-over"), {"person": ana.pk, "note": ""})
    assert "See to the failed payment of invoice" in Task.objects.get().title
    with transaction.atomic():
        case_stop(case=case, note="x", by=Actor(ana), now=world.NOW)
    assert Task.objects.get().state == "dropped"


def test_what_is_not_possible_now_is_said(
    case: DunningCase, ana_client: Client
) -> None:
    assert ana_client.get(url(case, "nonsense")).status_code == 404
    back = ana_client.post(url(case, "reopen"), follow=True)
    assert messages(back) == ["That is not possible as it stands now."]


def test_a_recovered_one_says_what_brought_it(
    case: DunningCase, ana_client: Client
) -> None:
    DunningCase.objects.update(
        state=CaseState.RECOVERED, closed_at=world.NOW, recovered=100, cause="mail",
        next_at=None,
    )  # fmt: skip
    page = shown(ana_client, case)
    assert "€100.00 came in on 30 June 2026. What brought it: A mail." in page
    assert "nothing is left to do" in page


def test_one_left_alone_says_so(case: DunningCase, ana_client: Client) -> None:
    DunningCase.objects.update(held_out=True)
    assert "left alone until the end, to see what dunning brings" in shown(
        ana_client, case
    )


def test_a_transfer_is_not_tried(ana: User, ana_client: Client) -> None:
    invoice = charged(
        world.make_customer("Acme", owner=ana), collection=Collection.TRANSFER
    )
    late = opened(invoice)
    page = shown(ana_client, late)
    assert "The invoice is due and has not been paid." in page
    assert "nothing is charged" in page
    assert "Try again now" not in page


def test_trouble_is_shown(case: DunningCase, ana_client: Client) -> None:
    DunningCase.objects.update(trouble="ValueError: no rate")
    assert "ValueError: no rate" in shown(ana_client, case)


def test_queries_do_not_grow_with_what_happened(
    case: DunningCase, ana_client: Client
) -> None:
    few = queries(ana_client, url(case))
    for n in range(3):
        refused(case.invoice, at=world.NOW)
        note(case, f"mail:{n}", "mail_day", data={"day": n})
    assert queries(ana_client, url(case)) == few
