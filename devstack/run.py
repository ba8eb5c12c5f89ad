"""This module will run one command with the servers up and the environment set."""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from devstack.application import manage
from devstack.console import Console
from devstack.environment import ADDRESSES, application_environment, given_addresses
from devstack.errors import UnableToRun
from devstack.liveness import is_alive
from devstack.places import CHECKOUT, Places, permanent_places
from devstack.progress import Progress
from devstack.servers import remove_sockets, start_servers
from devstack.state import GUESTS, OWNER, Lock, State, lock, read_state, write_state
from devstack.supervisor import Supervisor
from devstack.throwaway import throwaway_places

# Quick steps before a short command would only be noise.
QUIET_FOR = 1.5
TERMINAL = "/dev/tty"


def run(command: Sequence[str], *, migrate: bool = False) -> int:
    """This will run a command on this checkout's data and return its exit code."""
    with Supervisor(Console(sys.stderr), quiet_for=QUIET_FOR) as supervisor:
        places = permanent_places()
        with shared_servers(supervisor, places) as addresses:
            environment = application_environment(places, addresses)
            if migrate:
                migration = manage("migrate", "--noinput")
                supervisor.step("Preparing the database", migration, environment)
            return supervisor.foreground(command, environment, pass_on=worth_passing_on)


def run_throwaway(
    command: Sequence[str], *, fast: bool = False, assets: bool = False
) -> int:
    """This will run a command on empty servers that vanish afterwards."""
    with (
        throwaway_places() as places,
        Supervisor(Console(sys.stderr), quiet_for=QUIET_FOR) as supervisor,
    ):
        given = given_addresses()
        addresses = start_servers(supervisor, places, given, fast=fast)
        publish(supervisor, places, State(os.getpid(), "throwaway", addresses))
        environment = application_environment(places, addresses)
        if assets:
            build_assets(supervisor, environment)
        return supervisor.foreground(command, environment, pass_on=worth_passing_on)


def build_assets(supervisor: Supervisor, environment: dict[str, str]) -> None:
    """This will build languages and the font, one command at a time."""
    if not list(CHECKOUT.glob("*/management/commands/build_assets.py")):
        return
    with (CHECKOUT / "manage.py").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        words = "Building languages and the font"
        supervisor.step(words, manage("build_assets"), environment)


@contextmanager
def shared_servers(supervisor: Supervisor, places: Places) -> Iterator[dict[str, str]]:
    """This will give the addresses of servers: given, running, or its own."""
    given = given_addresses()
    if set(ADDRESSES) <= set(given):
        yield given
        return
    with lock(places, OWNER) as owner, lock(places, GUESTS) as guests:
        state = join_or_own(supervisor, places, owner, guests)
        if state is None:
            with own_servers(supervisor, places, guests) as addresses:
                yield addresses
        else:
            yield joined_addresses(state, given)


def join_or_own(
    supervisor: Supervisor, places: Places, owner: Lock, guests: Lock
) -> State | None:
    """This will return the state of the servers' owner, or None as their owner.

    A guest holds the guests' lock, so that the owner does not stop under it; it
    looks again after taking it, because the owner may have ended in between.
    """
    progress = Progress(
        supervisor.console, "Waiting for the servers", quiet_for=QUIET_FOR
    )
    while not owner.take():
        state = read_state(places)
        if state and state.ready and is_alive(state.pid) and guests.take(shared=True):
            if read_state(places) == state and not owner.take():
                progress.finish()
                return state
            guests.release()
        progress.tick()
        supervisor.pump(0.1)
    progress.finish()
    return None


def joined_addresses(state: State, given: dict[str, str]) -> dict[str, str]:
    """This will return the owner's addresses, what is given here coming first."""
    addresses = {**state.addresses, **given}
    for name in ADDRESSES:
        if name not in addresses:
            msg = (
                f"Keepwell runs (process {state.pid}) with a {name} of its own. "
                f"Please set the same {name} here."
            )
            raise UnableToRun(msg)
    return addresses


@contextmanager
def own_servers(
    supervisor: Supervisor, places: Places, guests: Lock
) -> Iterator[dict[str, str]]:
    """This will start the servers, let others use them, and wait for those others."""
    given = given_addresses()
    try:
        addresses = start_servers(supervisor, places, given)
        publish(supervisor, places, State(os.getpid(), "run", shareable(addresses)))
        yield addresses
        progress = Progress(
            supervisor.console,
            "Waiting for other commands that use the database",
            quiet_for=QUIET_FOR,
        )
        while not guests.take():
            progress.tick()
            supervisor.look_after(0.1)
        progress.finish()
    finally:
        supervisor.on_change = lambda: None
        places.state.unlink(missing_ok=True)
        supervisor.stop()
        remove_sockets(places)


def shareable(addresses: dict[str, str]) -> dict[str, str]:
    """This will leave out addresses a person set: they may hold passwords."""
    given = given_addresses()
    return {name: url for name, url in addresses.items() if name not in given}


def publish(supervisor: Supervisor, places: Places, state: State) -> None:
    """This will write the state file now and whenever a process is replaced."""

    def write() -> None:
        pids = {child.spec.name: child.pid for child in supervisor.children}
        fresh = State(state.pid, state.role, state.addresses, state.web, True, pids)
        write_state(places, fresh)

    supervisor.on_change = write
    write()


def worth_passing_on(number: int) -> bool:
    """This will tell whether the command still has to be told of a signal.

    Ctrl-C on a terminal reaches every process of the foreground, so that the
    command has had it already.
    """
    if number != signal.SIGINT:
        return True
    try:
        terminal = os.open(TERMINAL, os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return True
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:
        return True
    finally:
        os.close(terminal)
