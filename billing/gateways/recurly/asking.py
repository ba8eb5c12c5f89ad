"""Asking Recurly (recurly.com/developers/api/v2021-02-25): only ever GET."""

import datetime as dt
from typing import Any

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.gateways.base import UnableToReachGateway, UnableToUseGateway
from billing.gateways.fields import Fields, section

VERSION = "application/vnd.recurly.v2021-02-25+json"
CONNECT_SECONDS = 5


def asked(key: str, path: str) -> Fields | None:
    """This will return what stands at a path; None where nothing does.

    Raises UnableToReachGateway and UnableToUseGateway.
    """
    try:
        response = requests.get(
            f"{settings.RECURLY_ADDRESS}{path}",
            auth=(key, ""),
            headers={"Accept": VERSION},
            timeout=(CONNECT_SECONDS, settings.GATEWAY_SECONDS),
            allow_redirects=False,
        )
        told: Any = response.json() if response.status_code == 200 else None
    except (requests.RequestException, ValueError):
        raise UnableToReachGateway(_("Recurly did not answer.")) from None
    if response.status_code == 200:
        return section(told)
    if response.status_code == 404:
        return None
    if response.status_code in {401, 403}:
        raise UnableToUseGateway(_("Recurly does not accept the key of this account."))
    text = _("Recurly answered %(status)s.") % {"status": response.status_code}
    raise UnableToReachGateway(text, after=_wait(response))


def _wait(response: requests.Response) -> float | None:
    """This will return for how many seconds Recurly wants to be left alone, if it says."""
    told = response.headers.get("X-RateLimit-Reset", "")
    if response.status_code != 429 or not told.isdecimal():
        return None
    until = dt.datetime.fromtimestamp(int(told), dt.UTC)
    return max(1.0, (until - timezone.now()).total_seconds())
