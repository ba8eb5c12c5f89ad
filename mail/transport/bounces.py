"""Which bounces mean that an address does not exist.

anymail calls a full mailbox and an unknown person "bounced" alike; only the second may put
an address on the suppression list. Where a provider says which, its own words are read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

Words = Mapping[str, Any]

# The provider has seen the address fail before, or sees that it is none.
DEAD = {RejectReason.INVALID, RejectReason.BOUNCED}
ENDS = {EventType.BOUNCED, EventType.REJECTED}


def _sparkpost(event: Words) -> bool:
    (inner,) = event["msys"].values()
    # 10: invalid recipient, 30: no such person.
    return str(inner.get("bounce_class")) in {"10", "30"}


def _unisender_go(event: Words) -> bool:
    status = event.get("delivery_info", {}).get("delivery_status")
    return status in {"err_user_unknown", "err_user_inactive", "err_mailbox_discarded"}


_HARD: Mapping[str, Callable[[Words], bool]] = {
    "brevo": lambda event: event.get("event") in {"hard_bounce", "invalid_email"},
    "mailersend": lambda event: event["data"].get("type") == "hard_bounced",
    "mailgun": lambda event: (
        event["event-data"].get("reason") in {"bounce", "suppress-bounce"}
    ),
    "mailjet": lambda event: bool(event.get("hard_bounce")),
    "mailtrap": lambda event: event.get("event") == "bounce",
    "mandrill": lambda event: event.get("event") == "hard_bounce",
    "postmark": lambda event: event.get("Type") in {"HardBounce", "BadEmailAddress"},
    "resend": lambda event: event["data"]["bounce"].get("type") == "Permanent",
    "sendgrid": lambda event: event.get("type", "bounce") == "bounce",
    "sparkpost": _sparkpost,
    "unisender_go": _unisender_go,
}


def hard_bounce(provider: str, event: AnymailTrackingEvent) -> bool:
    """This will be true when the address itself does not work.

    In doubt, false: an address wrongly kept costs a bounce, one wrongly listed a customer.
    """
    if event.event_type not in ENDS:
        return False
    if event.event_type == EventType.REJECTED and event.reject_reason in DEAD:
        return True
    try:
        return _HARD[provider](event.esp_event)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
