"""Webhooks as the providers post them, signed with real signatures."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from tests import world

KEY = "a-long-key"
SECRETS: Mapping[str, dict[str, str]] = {
    "postmark": {"server_token": "t", "webhook_secret": "user:password"},
    "mailgun": {"api_key": "k", "webhook_signing_key": "mailgun-signing-key"},
    "mailersend": {"api_token": "t", "signing_secret": "mailersend-secret"},
    "mandrill": {"api_key": "k", "webhook_key": "mandrill-key"},
    "resend": {
        "api_key": "k",
        "signing_secret": "whsec_" + base64.b64encode(b"resend-secret").decode(),
    },
    "unisender_go": {"api_key": "unisender-key"},
    "brevo": {"api_key": "k"},
}


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    """This will make the key that SendGrid signs with, once a process."""
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_public() -> str:
    """This will return the public half as SendGrid shows it: base64, no frame."""
    made = sendgrid_key().public_key()
    raw = made.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(raw).decode()


def post(provider: str, body: Any, *, key: str = KEY, **headers: str) -> Any:
    """This will post JSON the way a machine does: no cookie, no token."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(
        f"/hooks/mail/{provider}/{key}/",
        data=raw,
        content_type=headers.pop("content_type", "application/json"),
        headers=headers,
    )


def basic(credentials: str) -> dict[str, str]:
    """This will return the header of a user name and password."""
    made = base64.b64encode(credentials.encode()).decode()
    return {"Authorization": f"Basic {made}"}


def post_postmark(event: Mapping[str, Any], auth: str = "user:password") -> Any:
    return post("postmark", event, **basic(auth))


def postmark_event(kind: str, to: str, **fields: Any) -> dict[str, Any]:
    """This will make an event of Postmark's: HardBounce, SpamComplaint, Delivery …"""
    at = fields.pop("at", world.NOW).isoformat().replace("+00:00", "Z")
    event = {"MessageID": fields.pop("message_id", "pm-1"), **fields}
    if kind == "Delivery":
        return {"RecordType": kind, "Recipient": to, "DeliveredAt": at, **event}
    if kind == "SubscriptionChange":
        reason = {"SuppressSending": True, "SuppressionReason": "ManualSuppression"}
        return {
            "RecordType": kind,
            "Recipient": to,
            "ChangedAt": at,
            **reason,
            **event,
        }
    record = "SpamComplaint" if kind == "SpamComplaint" else "Bounce"
    words = {"Description": "The server was unable to deliver your message."}
    return {
        "RecordType": record,
        "Type": kind,
        "Email": to,
        "BouncedAt": at,
        **words,
        **event,
    }


def mailgun_event(kind: str, to: str, *, token: str, **fields: Any) -> dict[str, Any]:
    """This will make an event of Mailgun's with a genuine signature."""
    stamp = str(int(fields.pop("at", world.NOW).timestamp()))
    key = SECRETS["mailgun"]["webhook_signing_key"].encode()
    signature = hmac.new(key, f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {
        "event": kind,
        "recipient": to,
        "timestamp": float(stamp),
        "message": {"headers": {"message-id": "mg-1@mg.example.org"}},
        **fields,
    }
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": data,
    }


def post_sendgrid(events: list[dict[str, Any]], *, forged: bool = False) -> Any:
    """This will post signed events; forged: one byte of them was changed afterwards."""
    raw = json.dumps(events).encode()
    stamp = str(int(dt.datetime(2026, 6, 30, tzinfo=dt.UTC).timestamp()))
    signed = sendgrid_key().sign(stamp.encode() + raw, ec.ECDSA(hashes.SHA256()))
    if forged:
        raw = raw.replace(b"bounce", b"bouncE")
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signed).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }
    return post("sendgrid", raw, **headers)


def svix_headers(raw: bytes, *, event_id: str = "msg_1", key: bytes) -> dict[str, str]:
    """This will sign what Resend posts."""
    stamp = "1782820800"
    mac = hmac.new(key, f"{event_id}.{stamp}.".encode() + raw, hashlib.sha256)
    return {
        "svix-id": event_id,
        "svix-timestamp": stamp,
        "svix-signature": "v1,bm9uc2Vuc2U= v1,"
        + base64.b64encode(mac.digest()).decode(),
    }
