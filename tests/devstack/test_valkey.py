"""The embedded Valkey: safe settings, private socket, no second writer."""

import stat

import pytest

from devstack.binaries import Binaries
from devstack.liveness import is_alive
from devstack.places import Places, make_folder
from devstack.processes import Child
from devstack.supervisor import Supervisor
from devstack.valkey import (
    ask,
    redis_url,
    socket_path,
    stop_orphan,
    valkey_spec,
    worth_showing,
)


@pytest.fixture
def server(places: Places, binaries: Binaries, supervisor: Supervisor) -> Child:
    make_folder(places.valkey, 0o700, places.account)
    return supervisor.start(valkey_spec(places, binaries))


def test_settings(places: Places, server: Child) -> None:
    def setting(name: str) -> str:
        return ask(socket_path(places), f"CONFIG GET {name}").split("\r\n")[4]

    assert setting("appendonly") == "yes"
    assert setting("appendfsync") == "everysec"
    assert setting("maxmemory-policy") == "noeviction"
    assert setting("port") == "0"
    assert stat.S_IMODE(socket_path(places).stat().st_mode) == 0o700
    assert redis_url(places) == f"redis+socket://{socket_path(places)}"


def test_what_was_queued_survives_a_restart(
    places: Places, binaries: Binaries, supervisor: Supervisor, server: Child
) -> None:
    assert ask(socket_path(places), "SET key kept") == "+OK\r\n"
    supervisor.stop()
    assert not is_alive(server.pid)
    supervisor.start(valkey_spec(places, binaries))
    assert ask(socket_path(places), "GET key") == "$4\r\nkept\r\n"


def test_an_orphan_is_stopped_first(places: Places, server: Child) -> None:
    stop_orphan(socket_path(places))
    assert server.process is not None
    server.process.wait(5)
    assert ask(socket_path(places), "PING") == ""


def test_only_news_is_shown() -> None:
    assert not worth_showing("")
    assert not worth_showing("1:signal-handler (1) Received SIGTERM scheduling …")
    assert worth_showing("1:M # Can't save in background: fork: no memory")
