"""What the addresses of the matrix name: rows of Ana's, everybody else's being Charlie's.

Each builder returns the address's arguments.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.actor import Actor
from accounts.models import ExchangeRate, Holiday, Invitation, Team, User
from billing.models import (
    DunningPolicy,
    DunningVersion,
    GatewayObject,
    Plan,
    PriceVersion,
)
from customers.models import (
    AcquisitionSpend,
    Campaign,
    Customer,
    OwnerChange,
    Task,
)
from health.default_scorecard import default_config
from health.models import Scorecard, ScorecardVersion
from health.services.scorecards import scorecard_current, scorecard_leave_out
from health.services.scorecards.drafts import draft_start
from mail.models import MailboxMessage, OutboxMessage, Sender, Suppression, Template
from mail.models.template import TemplateVersion
from surveys.models import (
    Department,
    DepartmentMember,
    Suggestion,
    SuggestionRun,
    Survey,
    Theme,
)
from surveys.services.surveys import survey_create
from tests import world
from tests.access import rows
from tests.conftest import signed_in
from tests.learnt import learnt_content


@dataclass(frozen=True)
class Cast:
    """Who asks, by the name of the matrix's column, and a customer of Ana's."""

    people: dict[str, User]
    customer: Customer

    @cached_property
    def clients(self) -> dict[str, Client]:
        """A browser for each; the anonymous one is nobody's."""
        asked = {name: signed_in(user) for name, user in self.people.items()}
        clients = {"anonymous": Client(), **asked}
        for client in clients.values():
            client.raise_request_exception = False  # A fault is an answer too: 500.
        return clients


def cast_of(
    *, admin: User, manager: User, owner: User, other: User, viewer: User
) -> Cast:
    """This will gather the cast in the order of the columns."""
    people = {
        "admin": admin, "manager": manager, "owner": owner, "other": other,
        "viewer": viewer,
    }  # fmt: skip
    customer = world.make_customer("House of Ana", owner=owner)
    world.make_customer("House of Charlie", owner=other)
    return Cast(people, customer)


def _message(cast: Cast) -> OutboxMessage:
    return rows.message(cast.customer)


def _task(cast: Cast) -> Task:
    return Task.objects.create(
        customer=cast.customer, title="Call", created_at=world.NOW
    )


def _template(cast: Cast) -> Template:
    template = Template.objects.create(name="News")
    texts = {"en": {"subject": "News", "body": "Hello."}}
    TemplateVersion.objects.create(
        template=template, number=1, texts=texts, created_at=world.NOW
    )
    return template


def _suppression(cast: Cast) -> Suppression:
    return Suppression.objects.create(
        email="a@example.org", address_hash="x", scope="news", reason="person",
        created_at=world.NOW,
    )  # fmt: skip


def _owner_change(cast: Cast) -> OwnerChange:
    return OwnerChange.objects.create(
        receiver=cast.people["owner"], customer_ids=[cast.customer.pk],
        former_owner_ids=[cast.people["other"].pk], created_at=world.NOW,
    )  # fmt: skip


def _invitation(cast: Cast) -> Invitation:
    return Invitation.objects.create(
        email="new@example.org", name="New", created_at=world.NOW,
        expires_at=world.NOW + dt.timedelta(days=7),
    )  # fmt: skip


def _passkey(cast: Cast) -> Authenticator:
    return Authenticator.objects.create(
        user=cast.people["owner"],
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key"},
    )


def _survey(cast: Cast) -> Survey:
    by = Actor(cast.people["admin"])
    return survey_create(name="Relationship", kind="nps", by=by, now=world.NOW)


def _department() -> Department:
    return Department.objects.create(name="Product")


def _member() -> DepartmentMember:
    return DepartmentMember.objects.create(
        department=_department(), name="Kim", email="kim@example.org"
    )


def _suggestion() -> Suggestion:
    run = SuggestionRun.objects.create(started_at=world.NOW, state="done")
    return Suggestion.objects.create(run=run, position=1, words=["export"])


Builder = Callable[[Cast], list[Any]]


def _scorecard(cast: Cast) -> Scorecard:
    """The default one in its second version, with a draft."""
    scorecard_current(now=world.NOW)
    version = scorecard_leave_out(keys={"nps"}, now=world.NOW)
    by = Actor(cast.people["admin"])
    draft_start(scorecard=version.scorecard, by=by, now=world.NOW)
    return version.scorecard


def _scorecard_to_try() -> Scorecard:
    """This will begin a draft that nobody is scored by."""
    number = Scorecard.objects.count()
    card = Scorecard.objects.create(key=f"to-try-{number}", name="To try")
    ScorecardVersion.objects.create(scorecard=card, number=1, config=default_config())
    return card


def _spend() -> AcquisitionSpend:
    return AcquisitionSpend.objects.create(
        source="Paid ads",
        spent_on=world.TODAY,
        amount=70,
        currency="EUR",
        recorded_at=world.NOW,
    )


def _price() -> PriceVersion:
    return PriceVersion.objects.create(
        plan=Plan.objects.get_or_create(key="team", defaults={"name": "Team"})[0],
        number=1,
        amount=20,
        currency="EUR",
        valid_on=world.TODAY,
    )


def _policy() -> DunningPolicy:
    """This will save a policy that is not the one for all others."""
    policy = DunningPolicy.objects.create(
        name=f"Large {DunningPolicy.objects.count()}", from_amount=1000
    )
    DunningVersion.objects.create(policy=policy, number=1, created_at=world.NOW)
    return policy


def _nobody() -> GatewayObject:
    """This will save a customer of a gateway that is nobody's here."""
    return GatewayObject.objects.create(
        account=rows.gateway(), kind="customer", external_id="cus_x", read_at=world.NOW
    )


OBJECTS: dict[str, Builder] = {
    "nothing": lambda cast: [],
    "customer": lambda cast: [cast.customer.pk],
    "customer+measure": lambda cast: [cast.customer.pk, "overdue"],
    "ask": lambda cast: [rows.BUILDERS["health.Ask"](cast.customer).pk],
    "left": lambda cast: [world.leave(cast.customer, days=1).customer_id],
    "invoice": lambda cast: [world.invoice(cast.customer, days=40).pk],
    "invoice+kind": lambda cast: [world.invoice(cast.customer, days=40).pk, "payment"],
    "kind+payment": lambda cast: [
        "payment",
        world.failed_payment(world.invoice(cast.customer, days=40), days=1).pk,
    ],
    "failing": lambda cast: [rows.failing(cast.customer).pk],
    "policy": lambda cast: [_policy().pk],
    "charge": lambda cast: ["charge"],
    "stripe": lambda cast: ["stripe"],
    "gateway": lambda cast: [rows.gateway().pk],
    "gateway+place": lambda cast: [rows.gateway().pk, 1],
    "gateway+nobody": lambda cast: [(one := _nobody()).account_id, one.pk],
    "failing+wait": lambda cast: [rows.failing(cast.customer).pk, "wait"],
    "subscription": lambda cast: [world.subscribe(cast.customer).pk],
    "subscription+seats": lambda cast: [world.subscribe(cast.customer).pk, "seats"],
    "plan": lambda cast: [_price().plan_id],
    "price": lambda cast: [_price().pk],
    "task": lambda cast: [_task(cast).pk],
    "checkpoint": lambda cast: [
        rows.BUILDERS["billing.RenewalCheckpoint"](cast.customer).pk
    ],
    "candidate": lambda cast: [
        rows.BUILDERS["billing.YearlyCandidate"](cast.customer).pk
    ],
    "offer": lambda cast: [rows.BUILDERS["billing.YearlyOffer"](cast.customer).pk],
    "answer": lambda cast: [world.answer(cast.customer, days=1, score=2).pk],
    "answer+word": lambda cast: [
        world.answer(cast.customer, days=1, score=2).pk,
        "count",
    ],
    "feedback": lambda cast: [world.say(cast.customer, "Too slow").pk],
    "spend": lambda cast: [_spend().pk],
    "campaign": lambda cast: [Campaign.objects.create(name="Fair").pk],
    "forecast": lambda cast: [world.forecast_version(learnt_content()).number],
    "scorecard": lambda cast: [_scorecard(cast).pk],
    "scorecard+version": lambda cast: [_scorecard(cast).pk, 1],
    "scorecard to try": lambda cast: [_scorecard_to_try().pk],
    "scorecard to try+customer": lambda cast: [
        _scorecard_to_try().pk,
        cast.customer.pk,
    ],
    "survey": lambda cast: [_survey(cast).pk],
    "message": lambda cast: [_message(cast).pk],
    "mailbox": lambda cast: [
        MailboxMessage.objects.create(
            message=_message(cast), raw=b"To: a\n\nb", received_at=world.NOW
        ).pk
    ],
    "template": lambda cast: [_template(cast).pk],
    "suppression": lambda cast: [_suppression(cast).pk],
    "sender": lambda cast: [Sender.objects.create(name="S", email="s@example.org").pk],
    "person": lambda cast: [cast.people["owner"].pk],
    "team": lambda cast: [Team.objects.create(name="North").pk],
    "person+team": lambda cast: [
        cast.people["owner"].pk,
        Team.objects.create(name="North").pk,
    ],
    "owner change": lambda cast: [_owner_change(cast).pk],
    "invitation": lambda cast: [_invitation(cast).pk],
    "theme": lambda cast: [
        Theme.objects.create(name="Export", created_at=world.NOW).pk
    ],
    "mention": lambda cast: [rows.BUILDERS["surveys.Mention"](cast.customer).pk],
    "suggestion": lambda cast: [_suggestion().pk],
    "department": lambda cast: [_department().pk],
    "member": lambda cast: [_member().pk],
    "holiday": lambda cast: [Holiday.objects.create(day=world.TODAY, name="Feast").pk],
    "rate": lambda cast: [
        ExchangeRate.objects.create(currency="USD", valid_on=world.TODAY, rate=1).pk
    ],
    "currency": lambda cast: ["USD"],
    "bad token": lambda cast: ["0-0-nonsense"],
    "score+bad token": lambda cast: ["4", "0-0-nonsense"],
    "colour": lambda cast: ["0e6b62"],
    "hook": lambda cast: ["nonsense", "nonsense"],
    "passkey": lambda cast: [_passkey(cast).pk],
}
