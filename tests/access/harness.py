"""Asking every address as everybody."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.objects import OBJECTS, Cast

SIGN_IN = "/sign-in/?next="


def addresses(resolver: Any = None, before: str = "") -> Iterator[tuple[str, str, Any]]:
    """This will walk all addresses: name, pattern and view."""
    for pattern in (resolver or get_resolver()).url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, path)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or "", path, pattern.callback


def answers(
    cast: Cast, name: str, on: str, ways: Mapping[str, Iterable[str]]
) -> dict[str, list[str]]:
    """This will ask one address by some methods, each as some people.

    What one of them does is undone before the next asks.
    """
    clients = cast.clients  # Signed in before anything is undone.
    with undone():
        url = reverse(name, args=OBJECTS[on](cast))
        return {
            method: [word(asked(clients[column], method, url)) for column in who]
            for method, who in ways.items()
        }


def asked(client: Client, method: str, url: str, **data: Any) -> HttpResponse:
    """This will ask, and leave database and browser as they were."""
    cookies = deepcopy(client.cookies)
    with undone():
        response: HttpResponse = getattr(client, method.lower())(url, **data)
    client.cookies = cookies
    return response


@contextmanager
def undone() -> Iterator[None]:
    """This will take back what happens within."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def word(response: HttpResponse) -> str:
    if response.status_code not in {301, 302, 303}:
        return str(response.status_code)
    return "in" if response["Location"].startswith(SIGN_IN) else "go"
