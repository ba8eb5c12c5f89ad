"""The one answer to "from where?": for lock-outs and for the audit log."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """This will return the address of whoever sent the request.

    Forwarding headers are believed only as far as our own proxies wrote them: with
    KEEPWELL_PROXIES=n the n-th entry of X-Forwarded-For counted from the right, with
    none (the default) the connection's own address. What a visitor writes into the
    header stands further left and changes nothing.
    """
    connection: str = request.META.get("REMOTE_ADDR", "")
    proxies: int = settings.PROXIES
    if not proxies:
        return connection
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if len(forwarded) < proxies:
        return connection
    return forwarded[-proxies].strip() or connection
