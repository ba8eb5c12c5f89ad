"""Reading what a provider's webhook says, once it has proved who it is."""

import datetime as dt
import hashlib
import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from anymail.exceptions import AnymailWarning
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.http import HttpRequest
from django.utils.module_loading import import_string

from common.errors import KeepwellError
from mail.enums import ReportKind
from mail.models import MailServer
from mail.transport.bounces import hard_bounce
from mail.transport.provider import METADATA, provider_values
from mail.transport.providers import PROVIDERS, Provider, Use

ID_LENGTH = 200
# Opens and clicks are nobody's business; the rest says what became of a mail.
KINDS = {
    EventType.SENT: ReportKind.TAKEN,
    EventType.DELIVERED: ReportKind.DELIVERED,
    EventType.DEFERRED: ReportKind.DELAYED,
    EventType.BOUNCED: ReportKind.RETURNED,
    EventType.REJECTED: ReportKind.REFUSED,
    EventType.FAILED: ReportKind.REFUSED,
    EventType.COMPLAINED: ReportKind.COMPLAINED,
    EventType.UNSUBSCRIBED: ReportKind.UNSUBSCRIBED,
}
# A provider that refuses because of what the recipient said to it earlier.
WISHES = {
    RejectReason.SPAM: ReportKind.COMPLAINED,
    RejectReason.UNSUBSCRIBED: ReportKind.UNSUBSCRIBED,
}


class ForgedReport(KeepwellError):
    """The request does not prove that it comes from the provider."""


class UnreadableReport(KeepwellError):
    """It comes from the provider, but is no report of what became of a mail."""


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to a mail, in the provider's eyes."""

    provider: str
    event_id: str
    kind: ReportKind
    provider_id: str
    token: str
    recipient: str
    description: str
    happened_at: dt.datetime | None


def reports_read(
    *, server: MailServer, request: HttpRequest, address: str
) -> list[Report]:
    """This will check a webhook's proof and return what it reports, no opens or clicks.

    `address` is the full address as the provider was told it, which some sign. Raises
    ForgedReport or UnreadableReport; neither says why to the outside.
    """
    provider = PROVIDERS[server.provider]
    view = _view(provider, provider_values(server), address)
    try:
        view.run_validators(request)
    except Exception as error:
        # Also what breaks while proving: a forger sends anything.
        raise ForgedReport(str(error)) from error
    try:
        events = view.parse_events(request)
        return list(_reports(provider.key, events))
    except Exception as error:
        raise UnreadableReport(str(error)) from error


def _view(provider: Provider, values: dict[str, Any], address: str) -> Any:
    settings = provider.settings(values, Use.HOOK)
    if not provider.webhook or any(name not in settings for name in provider.signed_by):
        msg = "Webhooks of this provider cannot prove where they come from."
        raise ForgedReport(msg)
    if provider.key == "mandrill":
        settings["webhook_url"] = address
    settings.setdefault("webhook_secret", "")
    with warnings.catch_warnings():
        # "Open to anyone": the key in the address has been checked before.
        warnings.simplefilter("ignore", AnymailWarning)
        try:
            return import_string(provider.webhook)(**settings)
        except Exception as error:
            # A key that is none.
            raise ForgedReport(str(error)) from error


def _reports(provider: str, events: list[AnymailTrackingEvent]) -> Iterator[Report]:
    for event in events:
        kind = _kind(provider, event)
        if kind is not None:
            yield Report(
                provider=provider,
                event_id=_event_id(event),
                kind=kind,
                provider_id=str(event.message_id or ""),
                token=str((event.metadata or {}).get(METADATA, "")),
                recipient=str(event.recipient or "").strip(),
                description=_description(event),
                happened_at=event.timestamp,
            )


def _kind(provider: str, event: AnymailTrackingEvent) -> ReportKind | None:
    if hard_bounce(provider, event):
        return ReportKind.BOUNCED
    if event.event_type == EventType.REJECTED and event.reject_reason in WISHES:
        return WISHES[event.reject_reason]
    return KINDS.get(event.event_type)


def _event_id(event: AnymailTrackingEvent) -> str:
    """This will return the provider's id, else a digest of what the event says."""
    given = str(event.event_id or "")
    if given and len(given) <= ID_LENGTH:
        return given
    when = event.timestamp.isoformat() if event.timestamp else ""
    said = [given, event.event_type, event.message_id, event.recipient, when]
    said += [event.reject_reason, event.description, event.mta_response]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _description(event: AnymailTrackingEvent) -> str:
    words = (event.description, event.mta_response)
    return " ".join(" ".join(str(word) for word in words if word).split())[:500]
