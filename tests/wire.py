"""Requests over connections that stay open: fast enough for a hundred thousand of them."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

# A browser of nobody in particular.
PERSON = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Mobile Safari/537.36"
)
# The server closes a connection that was silent for two seconds.
SILENCE = 1.0
NO_BODY = {204, 304}
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the headers without the date, in small letters, sorted."""

    status: int
    headers: tuple[str, ...]
    body: bytes
    seconds: float


class Wire:
    """One connection of one client."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.place = (str(parts.hostname), int(parts.port or 80))
        self.stream: Any = None
        self.used = 0.0

    def ask(self, method: str, path: str, body: str = "", agent: str = PERSON) -> Reply:
        """This will send one request and read its answer."""
        if self.stream is None or time.monotonic() - self.used > SILENCE:
            self._open()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.place[0]}:{self.place[1]}",
            f"User-Agent: {agent}",
        ]
        body = body if method == "POST" else ""
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        began = time.monotonic()
        self.stream.write("\r\n".join([*lines, "", body]).encode())
        self.stream.flush()
        return self._read(method, began)

    def close(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    def _open(self) -> None:
        self.close()
        connection = socket.create_connection(self.place, timeout=240)
        self.stream = connection.makefile("rwb")
        connection.close()

    def _read(self, method: str, began: float) -> Reply:
        first = self.stream.readline()
        if not first:
            raise ConnectionResetError(method)
        status, headers, length, stays = int(first.split()[1]), [], 0, True
        while line := self.stream.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            small = name.lower()
            if small == "content-length":
                length = int(value)
            stays = stays and line.lower() != "connection: close"
            if small not in {"date", "connection"}:
                headers.append(f"{small}:{value}")
        silent = method == "HEAD" or status in NO_BODY
        body = b"" if silent else self.stream.read(length)
        self.used = time.monotonic()
        if not stays:
            self.close()
        return Reply(status, tuple(sorted(headers)), body, self.used - began)


def share_out(
    address: str,
    things: Sequence[Thing],
    work: Callable[[Wire, Thing], None],
    threads: int = 8,
) -> None:
    """This will do the work for all things, each thread over a connection of its own."""
    trouble: list[BaseException] = []

    def go(part: Sequence[Thing]) -> None:
        wire = Wire(address)
        try:
            for thing in part:
                work(wire, thing)
        except BaseException as error:  # noqa: BLE001 - raised again below
            trouble.append(error)
        finally:
            wire.close()

    running = [
        threading.Thread(target=go, args=[things[number::threads]])
        for number in range(threads)
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if trouble:
        raise trouble[0]
