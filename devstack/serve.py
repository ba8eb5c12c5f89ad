"""This module will run the whole application until somebody presses Ctrl-C."""

import os
import socket
import sys

from devstack.application import answers, beat_spec, manage, web_spec, worker_spec
from devstack.collected import fingerprint, remember, up_to_date
from devstack.console import Console
from devstack.environment import application_environment, given_addresses
from devstack.errors import UnableToRun
from devstack.gateway import (
    ADDRESS,
    gateway_port,
    gateway_spec,
    gateway_wanted,
)
from devstack.places import Places, permanent_places
from devstack.progress import Progress
from devstack.run import build_assets, publish, shareable
from devstack.servers import remove_sockets, start_servers
from devstack.state import OWNER, Lock, State, lock, read_state, write_state
from devstack.supervisor import StopAsked, Supervisor


def serve(port: int, *, demo: bool) -> int:
    """This will start everything, print `ready http://…`, and watch."""
    console = Console(sys.stdout)
    places = permanent_places()
    with lock(places, OWNER) as owner, Supervisor(console) as supervisor:
        try:
            take_over(supervisor, places, owner)
            start_all(supervisor, places, port, demo=demo)
            supervisor.watch()
        except StopAsked:
            pass
        finally:
            supervisor.on_change = lambda: None
            console.passing("")
            if supervisor.children:
                console.say("Stopping …")
            supervisor.stop()
            state = read_state(places)
            if state is not None and state.pid == os.getpid():
                places.state.unlink()
                remove_sockets(places)
        console.say("Stopped.")
    return 0


def take_over(supervisor: Supervisor, places: Places, owner: Lock) -> None:
    """This will become the one who runs the servers, or say who already does."""
    progress = Progress(
        supervisor.console,
        "Waiting for another Keepwell command to finish",
        quiet_for=1,
    )
    while not owner.take():
        state = read_state(places)
        if state is not None and state.role == "server":
            msg = (
                f"Keepwell already runs here: process {state.pid}, {state.web}\n"
                "Use it, or stop it first (Ctrl-C in its window, or "
                f"'kill {state.pid}')."
            )
            raise UnableToRun(msg)
        progress.detail = f"process {state.pid}" if state else ""
        progress.tick()
        supervisor.pump(0.1)
    progress.finish()


def start_all(supervisor: Supervisor, places: Places, port: int, *, demo: bool) -> None:
    """This will start the processes in order and prepare the data between them."""
    console = supervisor.console
    require_free(port)
    address = f"http://127.0.0.1:{port}"
    write_state(places, State(os.getpid(), "server", {}, address))
    addresses = start_servers(supervisor, places, given_addresses())
    if gateway_wanted(places, os.environ, demo=demo):
        addresses[ADDRESS] = start_gateway(supervisor, places)
    environment = application_environment(
        places, addresses, demo=demo, base_url=address
    )
    state = State(os.getpid(), "server", shareable(addresses), address)
    build_assets(supervisor, environment)
    collect_static(supervisor, places, environment)
    supervisor.step(
        "Preparing the database", manage("migrate", "--noinput"), environment
    )
    logins: list[str] = []
    if demo:
        supervisor.step("Making the demo company", manage("demo"), environment)
        logins = supervisor.step(
            "Looking up the demo logins", manage("demo", "--show-logins"), environment
        )
    supervisor.start(web_spec(environment, port), "Starting the web server")
    supervisor.start(worker_spec(environment), "Starting the worker", wait=False)
    supervisor.start(beat_spec(environment, places), "Starting the clock", wait=False)
    publish(supervisor, places, state)
    greet(console, port, logins=logins, demo=demo)


def start_gateway(supervisor: Supervisor, places: Places) -> str:
    """This will start the fake gateway and return its address."""
    port = gateway_port(places)
    supervisor.start(gateway_spec(places, port), "Starting the fake gateway")
    return f"http://127.0.0.1:{port}"


def greet(console: Console, port: int, *, logins: list[str], demo: bool) -> None:
    """This will say how to come in."""
    for line in logins:
        console.say(line)
    if not demo and answers(port, "/setup/", within=10):
        console.say(
            "Nobody can sign in yet: the first page asks for you and your company."
        )
    console.say("Press Ctrl-C to stop.")
    console.say(f"ready http://127.0.0.1:{port}")


def collect_static(
    supervisor: Supervisor, places: Places, environment: dict[str, str]
) -> None:
    """This will gather static files for the web server, when any has changed."""
    found = fingerprint()
    where_it_was_said = environment["KEEPWELL_STATIC_ROOT"] == str(places.static)
    if where_it_was_said and up_to_date(places, found):
        return
    supervisor.step(
        "Collecting stylesheets, scripts and fonts",
        manage("collectstatic", "--noinput", "--clear", "--verbosity", "0"),
        environment,
    )
    remember(places, found)


def require_free(port: int) -> None:
    """This will refuse a port that another program listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            msg = (
                f"Port {port} needs root. Please choose one above 1023: "
                "script/server --port 8000"
            )
            raise UnableToRun(msg) from None
        except OSError:
            msg = (
                f"Port {port} is taken by another program. Please choose another: "
                f"script/server --port {port + 1 if port < 65535 else 8000}"
            )
            raise UnableToRun(msg) from None
