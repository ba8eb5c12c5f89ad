"""The one answer to "from where?": for lock-outs and for the audit log."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# One line of a home or an office gets a whole network of this size, so whoever has it
# could take a new address for every guess.
IPV6_LINE = 64


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


def lockout_address(request: HttpRequest) -> str | None:
    """This will return the address that wrong passwords are counted against.

    An IPv6 address stands for its whole line (/64), an IPv4 address in IPv6 dress for
    itself. None where there is no address at all: then they count for the person alone.
    """
    for text in (client_address(request), request.META.get("REMOTE_ADDR", "")):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        # A zone ("%eth0") is no part of what the database takes.
        number = int(address) >> (128 - IPV6_LINE) << (128 - IPV6_LINE)
        return str(ipaddress.IPv6Address(number))
    return None
