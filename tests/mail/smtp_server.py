"""A mail server that answers what it is told to, on a free port of this machine."""

import contextlib
import socket
import ssl
import threading
from collections import defaultdict
from typing import Self

HANG_UP = "hang up"
SAY_NOTHING = "say nothing"
USUAL = {
    "connect": "220 mail.example ready",
    "EHLO": "250-mail.example\r\n250-SIZE 1000000\r\n250 8BITMIME",
    "MAIL": "250 sender ok",
    "RCPT": "250 recipient ok",
    "DATA": "354 go ahead",
    "body": "250 taken as 77",
    "RSET": "250 forgotten",
    "NOOP": "250 still here",
    "QUIT": "221 bye",
    "AUTH": "235 welcome",
    "STARTTLS": "220 go ahead",
}


class Server:
    """Takes one connection at a time. `answers[stage]` is used up from its beginning."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, at_once: bool = False):
        self.tls, self.at_once = tls, at_once
        self.answers: dict[str, list[str]] = defaultdict(list)
        self.usual = dict(USUAL)
        self.taken: list[bytes] = []
        self.lines: list[str] = []
        self.connections = 0
        self.hang_up_after_mail = False
        self.done = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        # Wakes the accept.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=30).close()
        self.thread.join(60)
        self.listener.close()

    def _serve(self) -> None:
        while not self.done.is_set():
            connection, _ = self.listener.accept()
            if self.done.is_set():
                connection.close()
                return
            self.connections += 1
            with contextlib.suppress(OSError, ssl.SSLError):
                self._talk(connection)
            connection.close()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        if self.tls and self.at_once:
            connection = self.tls.wrap_socket(connection, server_side=True)
        file = connection.makefile("rb")
        if not self._say(connection, "connect"):
            return
        while line := file.readline():
            text = line.decode().strip()
            self.lines.append(text)
            stage = text.split(" ")[0].upper()
            if not self._say(connection, stage):
                break
            if stage == "STARTTLS" and self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                file = connection.makefile("rb")
            if stage == "QUIT":
                break
            if stage == "DATA" and self.said.startswith("354"):
                body = b""
                while (part := file.readline()) not in {b".\r\n", b""}:
                    body += part
                if not part:
                    break
                self.taken.append(body)
                if not self._say(connection, "body"):
                    break
                if self.hang_up_after_mail:
                    break
        connection.close()

    def _say(self, connection: socket.socket, stage: str) -> bool:
        waiting = self.answers[stage]
        self.said = waiting.pop(0) if waiting else self.usual.get(stage, "502 what")
        if self.said == HANG_UP:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        if self.said == SAY_NOTHING:
            self.done.wait(3)
            return False
        connection.sendall(self.said.encode() + b"\r\n")
        return True
