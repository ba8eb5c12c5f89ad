"""A mail provider on this machine: speaks enough of Postmark's, Mailgun's and SendGrid's
interfaces for their official client, keeps a ledger, and fails the way real ones do."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

POSTMARK_TOKEN = "postmark-server-token"
# An address that the provider knows to be dead.
INACTIVE = "gone@example.net"
# One that no mail server could exist for.
IMPOSSIBLE = "nobody@-.example"


class FakeProvider(ThreadingHTTPServer):
    """`ledger` is what it has really taken, `fault` what it does to the next requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ledger: list[dict[str, Any]] = []
        self.connections = 0
        self.fault = ""
        self.slow_seconds = 2.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


@contextmanager
def fake_provider() -> Iterator[FakeProvider]:
    """This will run one in a thread of its own."""
    server = FakeProvider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: FakeProvider
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        self.server.connections += 1
        super().setup()

    def log_message(self, *args: Any) -> None:
        """Silence."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.server.fault
        if fault == "reset before":
            self._hang_up()
            return
        if fault.isdigit():
            self._answer(int(fault), {"message": f"fault {fault}", "Message": "no"})
            return
        status, answer = self._take(body)
        if fault == "lost reply":
            self._hang_up()
            return
        if fault == "slow":
            time.sleep(self.server.slow_seconds)
        if fault == "nonsense":
            answer = ["?"]
        self._answer(status, answer)

    def _take(self, body: bytes) -> tuple[int, Any]:
        if self.path == "/email":
            return self._postmark(json.loads(body))
        if self.path.endswith("/messages"):
            return self._mailgun(body)
        return self._sendgrid(json.loads(body))

    def _postmark(self, mail: dict[str, Any]) -> tuple[int, Any]:
        if self.headers["X-Postmark-Server-Token"] != POSTMARK_TOKEN:
            return 401, {"ErrorCode": 10, "Message": "No Account or Server API tokens."}
        if mail["To"].endswith(f"<{INACTIVE}>") or mail["To"] == INACTIVE:
            words = (
                "You tried to send to recipient(s) that have been marked as inactive.\n"
                f"Found inactive addresses: {INACTIVE}.\nInactive recipients are ones that"
                " have generated a hard bounce, a spam complaint, or a manual suppression."
            )
            return 422, {"ErrorCode": 406, "Message": words}
        if IMPOSSIBLE in mail["To"]:
            words = f"Error parsing 'To': Illegal email address '{IMPOSSIBLE}'."
            return 422, {"ErrorCode": 300, "Message": words}
        self.server.ledger.append(mail)
        made = f"pm-{len(self.server.ledger)}"
        return 200, {
            "To": mail["To"],
            "MessageID": made,
            "ErrorCode": 0,
            "Message": "OK",
        }

    def _mailgun(self, body: bytes) -> tuple[int, Any]:
        mail = _form(self.headers["Content-Type"], body)
        self.server.ledger.append(mail)
        made = f"<mg-{len(self.server.ledger)}@mg.example.org>"
        return 200, {"id": made, "message": "Queued. Thank you."}

    def _sendgrid(self, mail: dict[str, Any]) -> tuple[int, Any]:
        self.server.ledger.append(mail)
        return 202, None

    def _answer(self, status: int, answer: Any) -> None:
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.close()


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(body.decode()).items()}
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts = BytesParser().parsebytes(head + body).get_payload()
    return {
        part.get_param("name", header="content-disposition"): part.get_payload(
            decode=True
        ).decode()
        for part in parts
    }
