"""Invitations to visit, made inside the site's own process, and the links to them."""

import datetime as dt
import json
from typing import Any


def lay(*, old: int, fresh: int) -> None:
    """This will make invitations and print their ids and tokens as JSON.

    The mails of the `old` ones were handed over two hours ago, of the `fresh` ones now. The
    last four open nothing: a token that was replaced, a link that has ended, a contact that
    was erased, a contact that was not asked.
    """
    from django.utils import timezone

    from accounts.models import Company
    from common.links import link_token
    from mail.models import OutboxMessage
    from mail.rendering.bodies import UNSUBSCRIBE
    from surveys.models import Invitation
    from surveys.selectors.links import INVITATION
    from surveys.services.asking import mails_ask
    from surveys.services.theme_links import PURPOSE as THEME

    now = timezone.now()
    Company.objects.update_or_create(id=1, defaults={"name": "Storm"})
    rows = _invitations(old + fresh + 4)
    survey = rows[0].survey
    mails_ask(survey, [(row, 0) for row in rows], now=now)
    sent = OutboxMessage.objects.order_by("id")
    sent.update(state="sent", sent_at=now - dt.timedelta(hours=2))
    late = [row.pk for row in rows[old : old + fresh]]
    sent.filter(pk__in=_messages(late)).update(sent_at=timezone.now())
    older, ended, erased, dropped = rows[old + fresh :]
    Invitation.objects.filter(pk=older.pk).update(generation=2)
    Invitation.objects.filter(pk=ended.pk).update(ended_at=now)
    Invitation.objects.filter(pk=erased.pk).update(contact=None)
    Invitation.objects.filter(pk=dropped.pk).update(state="dropped", drop="throttled")
    some = [row.pk for row in rows[:50]]
    laid = {
        "old": [[row.pk, link_token(INVITATION, row.pk)] for row in rows[:old]],
        "fresh": [[pk, link_token(INVITATION, pk)] for pk in late],
        "refused": {
            "an older generation's": [link_token(INVITATION, older.pk)],
            "ended": [link_token(INVITATION, ended.pk)],
            "erased": [link_token(INVITATION, erased.pk)],
            "dropped": [link_token(INVITATION, dropped.pk)],
            "a later generation's": [link_token(INVITATION, pk, 2) for pk in some],
            "nobody's": [link_token(INVITATION, 10**9 + pk) for pk in some],
            "another purpose's": [
                link_token(purpose, pk, generation)
                for purpose in (UNSUBSCRIBE, THEME)
                for generation in (0, 1)
                for pk in some
            ],
        },
    }
    print(json.dumps(laid))  # noqa: T201 - read by the scenario


def _messages(invitations: list[int]) -> Any:
    from surveys.models import InvitationMail

    mails = InvitationMail.objects.filter(invitation__in=invitations)
    return mails.values("message_id")


def lay_pages() -> None:
    """This will make surveys of each state in our languages and print their tokens."""
    from accounts.models import Company
    from common.links import link_token
    from surveys.calculations.content import content_write
    from surveys.calculations.defaults import content_default
    from surveys.selectors.links import INVITATION

    Company.objects.update_or_create(id=1, defaults={"name": "Northlight"})
    words = content_write(content_default("nps", default_language="en"))
    laid = {
        f"{key} {language}": [
            link_token(INVITATION, row.pk)
            for row in _invitations(
                24, f"{key}-{language}", language=language, content=words, **fields
            )
        ]
        for language in ("en", "de", "ro")
        for key, fields in (
            ("open", {}),
            ("strict", {"counting": "sent"}),
            ("closed", {"state": "closed"}),
        )
    }
    print(json.dumps(laid))  # noqa: T201 - read by the tests


def _invitations(
    count: int,
    key: str = "storm",
    *,
    language: str = "en",
    content: Any = None,
    **fields: str,
) -> Any:
    """This will make customers with a contact each, all asked by one survey."""
    from django.utils import timezone

    from customers.models import Contact, Customer
    from surveys.models import Invitation, Survey, SurveyVersion
    from tests.world import CONTENT

    now = timezone.now()
    long_ago = now - dt.timedelta(days=400)
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=f"{key}-{n}", name=f"C{n}", customer_since=long_ago.date(),
            recorded_at=long_ago,
        )
        for n in range(count)
    )  # fmt: skip
    contacts = Contact.objects.bulk_create(
        Contact(
            customer=customer, name=f"Person {n}", email=f"{key}{n}@example.org",
            recorded_at=long_ago,
        )
        for n, customer in enumerate(customers)
    )  # fmt: skip
    survey = Survey.objects.create(
        key=key, name=key, kind="nps", started_at=now, created_at=now,
        **{"state": "running", **fields},
    )  # fmt: skip
    version = SurveyVersion.objects.create(
        survey=survey, number=1, content=content or CONTENT
    )
    return Invitation.objects.bulk_create(
        Invitation(
            survey=survey, version=version, customer_id=contact.customer_id,
            contact=contact, round="once", language=language, created_at=now,
            expires_at=now + dt.timedelta(days=30),
        )
        for contact in contacts
    )  # fmt: skip
