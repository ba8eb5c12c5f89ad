"""HTTP on this machine's own address: Stripe's API, the control API and the pages."""

import json
import socket
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fakegateway import pages
from fakegateway.api import Api, Reply, Request
from fakegateway.control import Control
from fakegateway.sender import Sender
from fakegateway.store import Store

HOST = "127.0.0.1"
HTML = "text/html; charset=utf-8"


class Server(ThreadingHTTPServer):
    """One process, a thread per connection, one store."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int = 0, journal: Path | None = None) -> None:
        self.store = Store(journal)
        self.api = Api(self.store)
        self.control = Control(self.api)
        super().__init__((HOST, port), Handler)
        self.store.address = f"http://{HOST}:{self.server_address[1]}"
        self.sender = Sender(self.store)
        self.sender.start()

    def server_close(self) -> None:
        """This will let everything go."""
        self.sender.ends.set()
        self.sender.join(5)
        super().server_close()
        self.store.journal.close()

    def handle_error(self, _request: Any, _client: Any) -> None:
        """Whoever hangs up in the middle is no news here."""


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    protocol_version = "HTTP/1.1"
    server: Server
    # An answer leaves at once, in one piece.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120

    def log_message(self, *_words: Any) -> None:
        """Nothing is logged: the ledger and the counts tell."""

    def do_GET(self) -> None:
        """This will answer."""
        self._answer("GET")

    def do_POST(self) -> None:
        """This will answer."""
        self._answer("POST")

    def do_DELETE(self) -> None:
        """This will answer."""
        self._answer("DELETE")

    def _answer(self, verb: str) -> None:
        try:
            self._answer_to(verb)
        except ConnectionError:
            self.close_connection = True  # whoever hangs up in the middle is no news
        except Exception as error:  # noqa: BLE001 (a bug of ours is no lost answer)
            traceback.print_exc()
            words = f"The fake gateway itself failed: {error!r}"
            told = {"error": {"type": "api_error", "message": words}}
            self._send(500, "application/json", json.dumps(told).encode())

    def _answer_to(self, verb: str) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        if parts.path.startswith("/v1/"):
            self._api(verb, parts.path, parts.query, body)
        elif parts.path.startswith("/_/"):
            self._control(verb, parts.path, body)
        elif parts.path == "/":
            self._send(200, HTML, b"<!doctype html><p>Fake gateway: no money moves")
        else:
            self._page(verb, parts.path, body)

    def _api(self, verb: str, path: str, query: str, body: str) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        key = self.headers.get("Idempotency-Key", "")
        asked = Request(verb, path, query, body, bearer, key)
        reply: Reply = self.server.api.answered(asked)
        if reply.lost:
            self._hang_up()
            return
        told = json.dumps(reply.body).encode()
        self._send(reply.status, "application/json", told, reply.headers)

    def _control(self, verb: str, path: str, body: str) -> None:
        # A form on some page in a browser cannot send this type.
        wanted = verb == "GET" or "json" in self.headers.get("Content-Type", "")
        if not wanted:
            self._send(415, "application/json", b"{}")
            return
        told = json.loads(body) if body else {}
        status, answer = self.server.control.answered(verb, path, told)
        self._send(status, "application/json", json.dumps(answer).encode())

    def _page(self, verb: str, path: str, body: str) -> None:
        store = self.server.store
        with store.lock:
            if verb == "POST":
                status, text = pages.sent(store, path, body)
            else:
                status, text = pages.page(store, path)
            store.flush()
        self._send(status, HTML, text.encode())

    def _send(
        self, status: int, kind: str, body: bytes, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(body))}
        headers["Cache-Control"] = "no-store"
        for name, value in {**headers, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
