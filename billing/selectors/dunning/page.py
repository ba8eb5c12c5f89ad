"""What stands on the page of a failed payment."""

from django.db.models import Q

from accounts.models import Company, User
from accounts.models.reach import reach_of
from billing.models import (
    DunningAction,
    DunningCase,
    DunningVersion,
    Invoice,
    PaymentAttempt,
)
from mail.models import OutboxMessage

MAILS_SHOWN = 30


def case_of(invoice: Invoice) -> DunningCase | None:
    """This will return the case of an invoice, if a payment of it has failed. One query."""
    return DunningCase.objects.filter(invoice=invoice).first()


def attempts_of(case: DunningCase) -> list[PaymentAttempt]:
    """This will list every try of the case's invoice, the first one first. One query."""
    rows = PaymentAttempt.objects.filter(invoice=case.invoice_id)
    return list(rows.select_related("method", "actor").order_by("number"))


def actions_of(case: DunningCase) -> list[DunningAction]:
    """This will list what was done and what was left out, in order. One query."""
    rows = DunningAction.objects.filter(case=case)
    return list(rows.select_related("actor").order_by("done_at", "pk"))


def mails_of(
    case: DunningCase, attempts: list[PaymentAttempt], *, user: User
) -> list[OutboxMessage]:
    """This will list the mails about a case, the newest first. One query."""
    tries = [one.pk for one in attempts]
    about = Q(data__case=case.pk) | Q(data__attempt__in=tries)
    rows = OutboxMessage.objects.visible_to(user).filter(
        about, customer=case.customer_id, kind__startswith="billing."
    )
    return list(rows.order_by("-created_at", "-pk")[:MAILS_SHOWN])


def version_of(case: DunningCase) -> DunningVersion:
    """This will read the version of the policy that a case uses, with its steps."""
    rows = DunningVersion.objects.select_related("policy").prefetch_related("steps")
    return rows.get(pk=case.version_id)


def people_for(case: DunningCase, *, company: Company) -> list[User]:
    """This will list who may be given a task about a case: who may change the customer.

    One query, and another per person whose team counts.
    """
    rows = User.objects.filter(is_active=True).order_by("name", "pk")
    owner = case.customer.owner_id
    return [one for one in rows if owner in reach_of(one, company).changes]
