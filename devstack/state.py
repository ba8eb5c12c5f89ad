"""This module will let commands share the servers that one of them started."""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from devstack.errors import UnableToRun
from devstack.places import Places


@dataclass(frozen=True)
class State:
    """This will say who runs the servers and where they listen."""

    pid: int
    role: str
    addresses: Mapping[str, str]
    web: str = ""
    ready: bool = False
    pids: Mapping[str, int] = field(default_factory=dict)


def write_state(places: Places, state: State) -> None:
    """This will replace the state file in one step."""
    fresh = places.state.with_name(f"state.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(state), file)
    fresh.replace(places.state)


def read_state(places: Places) -> State | None:
    """This will return what the running command wrote, None before it did."""
    try:
        return State(**json.loads(places.state.read_text()))
    except (OSError, ValueError, TypeError):
        return None


class Lock:
    """This will hold a file that the kernel releases even after kill -9."""

    def __init__(self, places: Places, name: str) -> None:
        """This will open the file; nothing is locked yet."""
        path = places.var / name
        try:
            self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            msg = f"{path} cannot be opened: {error.strerror}."
            raise UnableToRun(msg) from None

    def take(self, *, shared: bool = False) -> bool:
        """This will try to take the lock at once, and tell whether it worked."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(
        self, *, shared: bool = False, idle: Callable[[], None] = lambda: None
    ) -> None:
        """This will take the lock as soon as it is free, calling `idle` meanwhile."""
        while not self.take(shared=shared):
            idle()
            time.sleep(0.1)

    def release(self) -> None:
        """This will let others take the lock."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """This will release the lock and the file."""
        os.close(self.descriptor)


@contextmanager
def lock(places: Places, name: str) -> Iterator[Lock]:
    """This will give a lock and release it at the end."""
    held = Lock(places, name)
    try:
        yield held
    finally:
        held.close()


# Held by the one command that runs the servers of this folder.
OWNER = "owner.lock"
# Held, shared, by commands that use the servers of another command.
GUESTS = "guests.lock"
