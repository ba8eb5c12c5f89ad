"""When a gateway refuses us ourselves: nobody's payment has failed, we cannot ask."""

import datetime as dt

from billing.models import GatewayAccount

# It is asked again after these, the longer the longer it lasts.
SHORTEST = dt.timedelta(minutes=5)
LONGEST = dt.timedelta(hours=6)
WORDS = 500


def account_trouble_note(
    *, account: GatewayAccount, text: str, now: dt.datetime
) -> dt.datetime:
    """This will note that an account lets us in no more, and return when to ask again.

    The pause grows by half of the time it has lasted, from five minutes to six hours.
    """
    began = account.trouble_at if account.resumes_at and account.trouble_at else now
    until = now + min(LONGEST, max(SHORTEST, (now - began) / 2))
    GatewayAccount.objects.filter(pk=account.pk).update(
        trouble=" ".join(text.split())[:WORDS] or "?",
        trouble_at=began,
        resumes_at=until,
    )
    return until


def account_trouble_clear(*, account: GatewayAccount) -> None:
    """This will forget the trouble: it has answered. One statement, often none."""
    if account.resumes_at is not None:
        GatewayAccount.objects.filter(pk=account.pk, resumes_at__isnull=False).update(
            trouble="", trouble_at=None, resumes_at=None
        )
