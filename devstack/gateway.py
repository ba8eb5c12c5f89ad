"""This module will run the fake gateway that the demo's payments go to."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from devstack.application import answers
from devstack.places import Places
from devstack.processes import Spec

ADDRESS = "KEEPWELL_STRIPE_ADDRESS"
HOST = "127.0.0.1"


def gateway_wanted(places: Places, environ: Mapping[str, str], *, demo: bool) -> bool:
    """This will tell whether to start one: not where a person set an address.

    Where a demo was made once its payments go there, whatever is asked for today: they
    must never reach somebody's real account.
    """
    return not environ.get(ADDRESS) and (demo or journal_of(places).exists())


def journal_of(places: Places) -> Path:
    """This will return the file that keeps what stands at the gateway."""
    return places.var / "gateway.jsonl"


def gateway_spec(places: Places, port: int) -> Spec:
    """This will describe the process. It needs nothing of the application."""
    journal = ("--journal", journal_of(places))
    return Spec(
        name="gateway",
        command=[sys.executable, "-m", "fakegateway", "--port", str(port), *journal],
        ready=lambda: answers(port, "/"),
        patience=30,
    )


def gateway_port(places: Places) -> int:
    """This will return the port of the last time, or another where that is taken.

    Links to the gateway's pages stand in mails and on pages that were made earlier.
    """
    path = places.var / "gateway_port"
    known = int(path.read_text()) if path.exists() else 0
    port = known if known and _is_free(known) else _any_free()
    path.write_text(str(port))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _any_free() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
