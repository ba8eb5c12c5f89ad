"""A row of every model that belongs to a customer."""

from collections.abc import Callable

from django.db import models

from billing.models import (
    CardNotice,
    ConventionDifference,
    CreditNote,
    DunningAction,
    DunningCase,
    GatewayAccount,
    GatewayObject,
    InvoiceLine,
    Movement,
    PaymentMethod,
    Plan,
    Purchase,
    Refund,
    RenewalCheckpoint,
    RenewalReminder,
    UpcomingRenewal,
    YearlyCandidate,
    YearlyOffer,
)
from customers.models import (
    Customer,
    Event,
    EventDelivery,
    ProfileChange,
    Task,
    UsageDaily,
)
from health.models import (
    Ask,
    Board,
    ForecastVersion,
    Override,
    RunFailure,
    Score,
    Snooze,
    Standing,
    ValueCheck,
)
from mail.enums import MessageState
from mail.models import MailboxMessage, OutboxMessage, ProviderEvent
from surveys.models import (
    Click,
    InvitationMail,
    Mention,
    Reply,
    ResponseEdit,
    Theme,
)
from tests import world
from tests.billing import dunning_world
from tests.learnt import learnt_content


def event(customer: Customer) -> Event:
    return Event.objects.create(
        customer=customer, kind="x.y", happened_at=world.NOW, recorded_at=world.NOW
    )


def used(customer: Customer) -> models.Model:
    world.use(customer, first=0)
    return UsageDaily.objects.get(customer=customer)


def message(customer: Customer) -> OutboxMessage:
    key = f"{customer.pk}"
    return OutboxMessage.objects.create(
        effect_key=key, kind="x.y", category="service", customer=customer,
        to_email="a@example.org", domain="example.org", language="en", message_id=key,
        created_at=world.NOW, due_at=world.NOW, state=MessageState.PENDING,
    )  # fmt: skip


def value_check(customer: Customer) -> ValueCheck:
    newest = ForecastVersion.objects.order_by("-number").first()
    return ValueCheck.objects.create(
        version=newest or world.forecast_version(learnt_content()), customer=customer,
        as_of=world.TODAY, expected=100, low=80, mid=99, high=120, realised=90,
        left=False,
    )  # fmt: skip


def gateway() -> GatewayAccount:
    return GatewayAccount.objects.first() or dunning_world.account()


def card(customer: Customer) -> PaymentMethod:
    there = PaymentMethod.objects.filter(customer=customer).first()
    return there or dunning_world.card(customer, gateway())


def failing(customer: Customer) -> DunningCase:
    gateway()
    return dunning_world.opened(customer=customer)


# A row of every model that belongs to a customer. A new model is added here.
BUILDERS: dict[str, Callable[[Customer], models.Model]] = {
    "billing.CardNotice": lambda c: CardNotice.objects.create(
        method=card(c), customer=c, expires_on=world.TODAY, days_before=30,
        asked_at=world.NOW,
    ),
    "billing.ChurnEvent": lambda c: world.leave(c, days=1),
    "billing.ConventionDifference": lambda c: ConventionDifference.objects.create(
        preset="stripe", customer=c, month=world.TODAY.replace(day=1), currency="EUR"
    ),
    "billing.CreditNote": lambda c: CreditNote.objects.create(
        invoice=world.invoice(c, days=8, total="7"), customer=c, amount=1,
        issued_on=world.TODAY, currency="EUR", recorded_at=world.NOW,
    ),
    "billing.DunningAction": lambda c: DunningAction.objects.create(
        case=failing(c), customer=c, kind="mail", step=f"x:{c.pk}", reason="mail_day",
        due_at=world.NOW, done_at=world.NOW,
    ),
    "billing.DunningCase": failing,
    "billing.GatewayObject": lambda c: GatewayObject.objects.create(
        account=gateway(), kind="customer", external_id=f"cus_{c.pk}", customer=c
    ),
    "billing.Invoice": lambda c: world.invoice(c, days=40),
    "billing.InvoiceLine": lambda c: InvoiceLine.objects.create(
        invoice=world.invoice(c, days=7, total="7"), customer=c, number=1, amount=7
    ),
    "billing.Movement": lambda c: Movement.objects.create(
        customer=c, day=world.TODAY, currency="EUR", kind=1, amount=1, before=0, after=1
    ),
    "billing.Payment": lambda c: world.failed_payment(
        world.invoice(c, days=9, total="7"), days=1
    ),
    "billing.PaymentAttempt": lambda c: failing(c).invoice.attempts.get(),
    "billing.PaymentMethod": card,
    "billing.Purchase": lambda c: Purchase.objects.create(
        customer=c, plan=Plan.objects.create(key=f"p{c.pk}", name="Training"), amount=9,
        currency="EUR", bought_on=world.TODAY, recorded_at=world.NOW,
    ),
    "billing.Refund": lambda c: Refund.objects.create(
        payment=world.failed_payment(world.invoice(c, days=6, total="7"), days=1),
        customer=c, kind="refund", amount=1, currency="EUR", happened_at=world.NOW,
        recorded_at=world.NOW,
    ),
    "billing.RenewalCheckpoint": lambda c: RenewalCheckpoint.objects.create(
        customer=c, subscription=world.subscribe(c), renews_on=world.TODAY,
        days_before=90, noted_at=world.NOW, mrr=5,
    ),
    "billing.RenewalReminder": lambda c: RenewalReminder.objects.create(
        customer=c, subscription=world.subscribe(c), renews_on=world.TODAY,
        asked_at=world.NOW,
    ),
    "billing.Subscription": world.subscribe,
    "billing.SubscriptionChange": lambda c: world.subscribe(c).changes.get(),
    "billing.UpcomingRenewal": lambda c: UpcomingRenewal.objects.create(
        customer=c, subscription=world.subscribe(c), renews_on=world.TODAY,
        interval_months=12, currency="EUR", mrr=5, amount=60,
    ),
    "billing.YearlyCandidate": lambda c: YearlyCandidate.objects.create(
        customer=c, subscription=world.subscribe(c, months=1), months=3, churn=0.1,
        currency="EUR", mrr=5, converted=5, gain=1,
    ),
    "billing.YearlyOffer": lambda c: YearlyOffer.objects.create(
        customer=c, subscription=world.subscribe(c), free_months=1, mrr=5, yearly=55,
        currency="EUR", offered_at=world.NOW, expires_at=world.NOW,
    ),
    "customers.Contact": world.person,
    "customers.Customer": lambda c: c,
    "customers.Event": event,
    "customers.EventDelivery": lambda c: EventDelivery.objects.create(
        event=event(c), consumer="digest"
    ),
    "customers.Interaction": lambda c: world.touch(c, days=1),
    "customers.ProfileChange": lambda c: ProfileChange.objects.create(
        customer=c, recorded_at=world.NOW
    ),
    "customers.SupportTicket": lambda c: world.open_ticket(c, days=1),
    "customers.Task": lambda c: Task.objects.create(
        customer=c, title="Call", created_at=world.NOW
    ),
    "customers.UsageDaily": used,
    "health.Ask": lambda c: Ask.objects.create(
        customer=c, kind="review", asked_at=world.NOW
    ),
    "health.Board": lambda c: Board.objects.get(pk=c.pk),
    "health.Override": lambda c: Override.objects.create(
        customer=c, score=20, reason="x", created_at=world.NOW, expires_on=world.TODAY
    ),
    "health.RunFailure": lambda c: RunFailure.objects.create(
        run=Standing.objects.get(pk=c.pk).run, customer=c, reason="x"
    ),
    "health.Score": lambda c: Score.objects.get(customer=c),
    "health.Snooze": lambda c: Snooze.objects.create(
        customer=c, until=world.TODAY, created_at=world.NOW
    ),
    "health.Standing": lambda c: Standing.objects.get(pk=c.pk),
    "health.ValueCheck": value_check,
    "mail.MailboxMessage": lambda c: MailboxMessage.objects.create(
        message=message(c), raw=b"x", received_at=world.NOW
    ),
    "mail.OutboxMessage": message,
    "mail.ProviderEvent": lambda c: ProviderEvent.objects.create(
        provider="x", event_id=str(c.pk), kind="bounce", message=message(c),
        received_at=world.NOW,
    ),
    "surveys.Click": lambda c: Click.objects.create(
        invitation=world.invite(c), clicked_at=world.NOW
    ),
    "surveys.Feedback": lambda c: world.say(c, "Too slow"),
    "surveys.Invitation": world.invite,
    "surveys.InvitationMail": lambda c: InvitationMail.objects.create(
        invitation=world.invite(c), number=0, message=message(c)
    ),
    "surveys.Mention": lambda c: Mention.objects.create(
        theme=Theme.objects.create(name=f"T{c.pk}", created_at=world.NOW),
        customer=c, feedback=world.say(c, "Too slow"), said_at=world.NOW,
    ),
    "surveys.Reply": lambda c: Reply.objects.create(
        response=world.answer(c, days=1, score=3), text="x", created_at=world.NOW
    ),
    "surveys.Response": lambda c: world.answer(c, days=1, score=9),
    "surveys.ResponseEdit": lambda c: ResponseEdit.objects.create(
        response=world.answer(c, days=1, score=3), score=3, source="sent",
        edited_at=world.NOW,
    ),
}  # fmt: skip
