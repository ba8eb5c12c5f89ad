"""`script/server`, with the real servers and dummies for web, worker and beat."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from devstack import serve
from devstack.__main__ import entry
from devstack.application import answers, beat_spec, web_spec, worker_spec
from devstack.console import Console
from devstack.errors import UnableToRun
from devstack.gateway import ADDRESS, gateway_port, gateway_wanted, journal_of
from devstack.places import Places
from devstack.processes import Spec
from devstack.serve import require_free, take_over
from devstack.state import OWNER, State, lock, read_state, write_state
from devstack.supervisor import StopAsked, Supervisor
from tests.devstack.conftest import Started, using, wait_until
from tests.devstack.test_run import RUN

SERVER = ("-m", "tests.devstack.dummy_server")
Start = Callable[..., Started]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_from_start_to_ctrl_c(start: Start, var: Path, number: int) -> None:
    port = free_port()
    server = start(*SERVER, "--port", str(port))
    server.wait_for(f"ready http://127.0.0.1:{port}")
    for name in ("web", "worker", "beat"):
        server.wait_for(f"{name:<8} | arrives")
    began = time.monotonic()
    server.process.send_signal(number)
    assert server.end() == 0
    assert time.monotonic() - began < 10
    assert using(var) == []

    said = [line.rsplit(" (", 1)[0] for line in server.output.splitlines()]
    order = [line for line in said if line.endswith(" leaves")]
    assert order == ["beat     | leaves", "worker   | leaves", "web      | leaves"]
    assert said[-1] == "Stopped."
    steps = [line.removesuffix(": done") for line in said if line.endswith(": done")]
    assert steps == [
        "Making an empty database",
        "Starting PostgreSQL",
        "Starting Valkey (the job queue)",
        "Starting the fake gateway",
        "Collecting stylesheets, scripts and fonts",
        "Preparing the database",
        "Making the demo company",
        "Looking up the demo logins",
        "Starting the web server",
        "Starting the worker",
        "Starting the clock",
    ]
    logins = server.output.index("you@demo.example  secret")
    assert logins < server.output.index("\nready http://")


def test_no_demo(start: Start) -> None:
    server = start(*SERVER, "--no-demo", "--port", str(free_port()))
    server.wait_for("ready http://")
    assert "demo" not in server.output
    # The dummy of a web server has no page for the first visit, nor any other.
    assert "Nobody can sign in yet" not in server.output


def test_an_empty_installation_says_who_comes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def answering(port: int, path: str, **_: float) -> bool:
        asked.append((port, path))
        return True

    monkeypatch.setattr(serve, "answers", answering)
    serve.greet(Console(sys.stdout), 8123, logins=[], demo=False)
    assert asked == [(8123, "/setup/")]
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Nobody can sign in yet")
    assert said[-1] == "ready http://127.0.0.1:8123"
    serve.greet(Console(sys.stdout), 8123, logins=["you  secret"], demo=True)
    assert "Nobody can sign in yet" not in capsys.readouterr().out


def test_a_second_server_says_who_runs(start: Start) -> None:
    port = free_port()
    first = start(*SERVER, "--no-demo", "--port", str(port))
    first.wait_for("ready http://")
    second = start(*SERVER, "--no-demo", "--port", str(port))
    assert second.end(10) == 1
    assert "already runs here" in second.output
    assert f"process {first.process.pid}, http://127.0.0.1:{port}" in second.output
    assert first.process.poll() is None


def test_other_commands_use_the_running_servers(start: Start) -> None:
    server = start(*SERVER, "--no-demo", "--port", str(free_port()))
    server.wait_for("ready http://")
    guest = start(*RUN, "sh", "-c", "cat $KEEPWELL_STATE")
    assert guest.end() == 0
    assert f'"pid": {server.process.pid}, "role": "server"' in guest.output
    assert server.process.poll() is None


def test_kill_9_leaves_no_orphan(start: Start, var: Path) -> None:
    server = start(*SERVER, "--no-demo", "--port", str(free_port()))
    server.wait_for("ready http://")
    server.process.kill()
    server.end()
    wait_until(lambda: not using(var))
    again = start(*SERVER, "--no-demo", "--port", str(free_port()))
    again.wait_for("ready http://")
    assert "Making an empty database" not in again.output


def test_kill_9_of_each_process_is_mended(
    start: Start, var: Path, places: Places
) -> None:
    server = start(*SERVER, "--no-demo", "--port", str(free_port()))
    server.wait_for("ready http://")
    here = Places(var, var, places.sockets)
    before = read_state(here)
    assert before is not None
    assert list(before.pids) == ["postgres", "valkey", "web", "worker", "beat"]
    for name, pid in before.pids.items():
        os.kill(pid, signal.SIGKILL)
        server.wait_for(f"{name} died (ended by SIGKILL); starting it again")

    def all_new() -> bool:
        now = read_state(here)
        return now is not None and not set(now.pids.values()) & set(
            before.pids.values()
        )

    wait_until(all_new)


def test_a_taken_port_is_explained(start: Start, var: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = start(*SERVER, "--port", str(port))
        assert server.end(10) == 1
    assert f"Port {port} is taken" in server.output
    assert "script/server --port" in server.output
    assert not (var / "postgres").exists()
    assert not (var / "state.json").exists()


def test_a_low_port_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_socket: object, _address: object) -> None:
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse, raising=False)
    with pytest.raises(UnableToRun, match="above 1023"):
        require_free(80)


def test_a_server_waits_for_a_command(places: Places, supervisor: Supervisor) -> None:
    write_state(places, State(os.getpid(), "run", {}))
    with lock(places, OWNER) as other, lock(places, OWNER) as owner:
        assert other.take()
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(StopAsked):
            take_over(supervisor, places, owner)
        other.release()
        supervisor.stops_asked.clear()
        take_over(supervisor, places, owner)
        assert not other.take()


def test_the_commands_of_the_application(places: Places) -> None:
    environment = {"DATABASE_URL": "d"}
    web = web_spec(environment, 8123)
    assert web.command[1:4] == ["-m", "gunicorn", "config.wsgi:application"]
    assert "--no-control-socket" in web.command
    assert web.command[-1] == "127.0.0.1:8123"
    worker = worker_spec(environment)
    assert worker.environment == {"DATABASE_URL": "d", "OMP_NUM_THREADS": "1"}
    beat = beat_spec(environment, places)
    assert beat.command[-2:] == ["-s", places.var / "beat"]
    assert "--pidfile=" in beat.command


def test_the_fake_gateway_keeps_its_port_if_it_can(places: Places) -> None:
    port = gateway_port(places)
    assert gateway_port(places) == port
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = gateway_port(places)
        assert moved != port
    assert gateway_port(places) == moved


def test_the_fake_gateway_is_for_the_demo_and_never_beside_a_real_one(
    places: Places,
) -> None:
    assert gateway_wanted(places, {}, demo=True)
    assert not gateway_wanted(places, {}, demo=False)
    assert not gateway_wanted(places, {ADDRESS: "http://127.0.0.1:1"}, demo=True)
    journal_of(places).touch()
    assert gateway_wanted(places, {}, demo=False)


def test_a_silent_port_does_not_answer() -> None:
    assert not answers(free_port())


def start_here(
    monkeypatch: pytest.MonkeyPatch, var: Path, *words: str, given: bool = True
) -> int | str:
    """Runs the server in this process; it gets a Ctrl-C once the web server is up."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "given" if given else "")
    monkeypatch.setenv("KEEPWELL_VAR", str(var))
    quiet = ["sleep", "300"]

    def ready() -> bool:
        os.kill(os.getpid(), signal.SIGINT)
        return True

    monkeypatch.setattr(serve, "build_assets", lambda *_: None)
    monkeypatch.setattr(serve, "manage", lambda *said: ["echo", *said])
    monkeypatch.setattr(
        serve, "web_spec", lambda *_: Spec(name="web", command=quiet, ready=ready)
    )
    for name in ("worker", "beat"):
        monkeypatch.setattr(
            serve,
            f"{name}_spec",
            lambda *_, name=name: Spec(name=name, command=quiet),
        )
    return entry(["server", "--port", str(free_port()), *words])


def test_given_addresses_start_no_servers(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start_here(monkeypatch, var) == 0
    said = capsys.readouterr().out
    assert "demo --show-logins\n" in said
    assert "PostgreSQL" not in said
    assert said.endswith("Stopping …\nStopped.\n")
    assert not (var / "state.json").exists()
    assert not (var / "postgres").exists()


def test_without_demo_in_this_process(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start_here(monkeypatch, var, "--no-demo", given=False) == 0
    said = capsys.readouterr().out
    assert "demo" not in said
    assert "Starting PostgreSQL: done" in said


def test_a_running_server_in_this_process(
    var: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Places(var, var, places.sockets)
    write_state(here, State(os.getppid(), "server", {}, "http://127.0.0.1:1"))
    with lock(here, OWNER) as other:
        assert other.take()
        refused = start_here(monkeypatch, var)
    assert f"process {os.getppid()}, http://127.0.0.1:1" in str(refused)
    assert read_state(here) is not None, "the state of the running server was removed"


def test_an_interrupted_command_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_words: list[str]) -> int:
        raise StopAsked

    monkeypatch.setattr("devstack.__main__.main", interrupted)
    assert entry([]) == 130
