"""Resend signs its webhooks by the scheme of Svix (docs.svix.com, "Verifying manually").

anymail leaves the comparison to a package of its own; it is a single HMAC.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.resend import ResendTrackingWebhookView
from django.http import HttpRequest

PREFIX = "whsec_"


class ResendWebhookView(ResendTrackingWebhookView):  # type: ignore[misc]
    """Reads Resend's events; every delivery must be signed."""

    def __init__(self, *, signing_secret: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.key = _key(signing_secret)

    def validate_request(self, request: HttpRequest) -> None:
        """This will raise AnymailWebhookValidationFailure unless a signature fits.

        The time in it is not held against the clock: a repeated delivery is known by its
        id, and a clock that runs ahead would turn all of them away.
        """
        about = (
            f"{request.headers.get('svix-id')}.{request.headers.get('svix-timestamp')}."
        )
        mac = hmac.new(self.key, about.encode() + request.body, hashlib.sha256)
        expected = base64.b64encode(mac.digest()).decode()
        # "v1,<signature> v1,<signature>": more than one while a key is changed.
        given = request.headers.get("svix-signature", "").split()
        if not any(
            [  # noqa: C419 - every one is compared, so the time tells nothing
                hmac.compare_digest(f"v1,{expected}".encode(), one.encode())
                for one in given
            ]
        ):
            raise AnymailWebhookValidationFailure


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise AnymailWebhookValidationFailure from None
