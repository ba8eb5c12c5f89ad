"""PostgreSQL and Valkey of one's own, durable, to be crashed, hung and started again."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devstack.binaries import Binaries, find_binaries
from devstack.places import make_folder
from devstack.postgres import database_url, make_cluster, postgres_spec
from devstack.processes import Spec, tie_to_parent
from devstack.throwaway import throwaway_places
from devstack.valkey import redis_url, valkey_spec
from tests import once


class Server:
    """One server process, as the supervisor would start it."""

    def __init__(self, spec: Spec, log: Path) -> None:
        self.spec, self.log = spec, log
        self.start()

    def start(self) -> None:
        """This will start the server and wait until it answers."""
        spec = self.spec
        if spec.prepare:
            spec.prepare()
        account = spec.account
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(part) for part in spec.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=spec.folder,
                env=dict(spec.environment),
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=tie_to_parent(spec.death_signal),  # noqa: PLW1509
            )
        end = time.monotonic() + spec.patience
        while not (spec.ready and spec.ready()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise TimeoutError(self.log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)

    def crash(self) -> None:
        """This will end it without a word to its clients (PostgreSQL: "immediate")."""
        self.process.send_signal(self.spec.hard_signal)
        self.process.wait(30)

    def hang(self) -> None:
        """This will stop it from answering while its connections stay open."""
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """This will let it go on where it hung."""
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """This will end it for good."""
        self.wake()
        self.process.send_signal(self.spec.stop_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Servers:
    """The pair, and where they answer."""

    def __init__(
        self, postgres: Server, valkey: Server, addresses: dict[str, str]
    ) -> None:
        self.postgres, self.valkey, self.addresses = postgres, valkey, addresses


def migrated_cluster(binaries: Binaries) -> Path:
    """This will return the folder of a cluster to copy: all tables, shut down cleanly."""
    kept = once.run_folder() / "cluster"

    def make() -> None:
        with throwaway_places() as places:
            make_cluster(places, binaries)
            server = Server(postgres_spec(places, binaries), places.var / "log")
            try:
                once.manage(["migrate", "-v0"], {"DATABASE_URL": database_url(places)})
            finally:
                server.stop()
            copy_tree(places.postgres, kept)

    once.made_once("cluster", make)
    return kept


def copy_tree(source: Path, target: Path) -> None:
    """This will copy a folder with the owners of its files."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


@contextmanager
def own_servers() -> Iterator[Servers]:
    """This will start a fresh pair that keeps what it acknowledged, and remove it after.

    Not the throw-away settings of the tests: a crash here must lose nothing.
    """
    with throwaway_places() as places:
        binaries = find_binaries(places.account)
        log = places.var / "servers.log"
        copy_tree(migrated_cluster(binaries), places.postgres)
        make_folder(places.valkey, 0o700, places.account)
        postgres = Server(postgres_spec(places, binaries), log)
        try:
            valkey = Server(valkey_spec(places, binaries), log)
            try:
                yield Servers(
                    postgres,
                    valkey,
                    {
                        "DATABASE_URL": database_url(places),
                        "REDIS_URL": redis_url(places),
                    },
                )
            finally:
                valkey.stop()
        finally:
            postgres.stop()
