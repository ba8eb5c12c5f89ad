"""This module will describe the embedded Valkey (a Redis-compatible server)."""

import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path

from devstack.binaries import Binaries
from devstack.places import Places
from devstack.postgres import server_environment
from devstack.processes import Spec

# Shared with docker-compose.yml: a broker that drops keys under memory pressure
# loses work, one without a log loses it in a crash.
DURABILITY: Sequence[str] = (
    *("--appendonly", "yes"),
    *("--appendfsync", "everysec"),
    *("--maxmemory-policy", "noeviction"),
)

USUAL = (
    "WARNING Memory overcommit",
    "WARNING The TCP backlog",
    "Received SIGTERM",
    "User requested shutdown",
    "ready to exit, bye bye",
)


def socket_path(places: Places) -> Path:
    """This will return the socket of the server."""
    return places.sockets / "valkey.sock"


def redis_url(places: Places) -> str:
    """This will return the server's address in the form Celery understands."""
    return f"redis+socket://{socket_path(places)}"


def valkey_spec(places: Places, binaries: Binaries) -> Spec:
    """This will describe the server: one socket, no TCP, every write logged."""
    path = socket_path(places)

    def prepare() -> None:
        stop_orphan(path)
        path.unlink(missing_ok=True)

    return Spec(
        name="valkey",
        command=[
            binaries.valkey_server,
            *("--port", "0"),
            *("--unixsocket", str(path), "--unixsocketperm", "700"),
            *("--dir", str(places.valkey), "--save", "", *DURABILITY),
            *("--databases", "64", "--loglevel", "warning", "--daemonize", "no"),
        ],
        environment=server_environment(),
        folder=Path("/"),
        account=places.account,
        stop_signal=signal.SIGTERM,
        hard_signal=signal.SIGTERM,
        death_signal=signal.SIGTERM,
        grace=1.0,
        prepare=prepare,
        ready=lambda: ask(path, "PING").startswith("+PONG"),
        patience=120,
        keep_line=worth_showing,
    )


def worth_showing(line: str) -> bool:
    """This will drop what every start and stop would repeat."""
    return bool(line.strip()) and not any(usual in line for usual in USUAL)


def ask(path: Path, command: str) -> str:
    """This will send one command and return its raw answer, empty if none came."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(512).decode(errors="replace")
    except OSError:
        return ""


def stop_orphan(path: Path, patience: float = 10.0) -> None:
    """This will stop a server whose supervisor was killed, if one still answers.

    Two servers must never append to one log.
    """
    until = time.monotonic() + patience
    while ask(path, "PING") and time.monotonic() < until:
        ask(path, "SHUTDOWN")
        time.sleep(0.05)
