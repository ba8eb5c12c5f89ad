"""This module will make and describe the embedded PostgreSQL server."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from devstack.binaries import Binaries
from devstack.errors import UnableToRun
from devstack.liveness import command_line, is_alive
from devstack.memory import memory_bytes, memory_settings
from devstack.places import Account, Places, make_folder
from devstack.processes import Spec

MAJOR = "18"
NAME = "keepwell"
# Owns the cluster and is needed by nothing of ours; the application is no superuser.
SUPERUSER = "postgres"
# Who owns the audit log. docker-compose.yml runs the same file.
AUDIT_ROLE = Path(__file__).with_name("audit_role.sql")

# With plain --locale=C pg_trgm drops every letter beyond ASCII.
INITDB_ARGUMENTS = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
    "--encoding=UTF8",
)

SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "max_connections": "100",
    # Parallel query gains nothing here, and Docker's 64 MB of /dev/shm break it.
    "max_parallel_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # Compressed, the nightly write of a month of usage takes 73 s instead of 4 s.
    "wal_compression": "off",
    # A night writes more than the usual gigabyte between two checkpoints.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
PRIVATE: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_line_prefix": "",
}
THROWAWAY: Mapping[str, str] = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Every worker's database would be looked after while its tests run.
    "autovacuum": "off",
    # Tests break constraints on purpose; their messages would drown the report.
    "log_min_messages": "panic",
    "log_min_error_statement": "panic",
}


def database_url(places: Places) -> str:
    """This will return the address of the embedded server, through its socket."""
    return f"postgresql://{NAME}@{quote(str(places.sockets), safe='')}/{NAME}"


def postgres_spec(places: Places, binaries: Binaries, *, fast: bool = False) -> Spec:
    """This will describe the server; `fast` gives up safety for throw-away data."""
    sized = THROWAWAY if fast else memory_settings(memory_bytes())
    settings = {**SETTINGS, **PRIVATE, **sized}
    flags = [part for item in settings.items() for part in ("-c", "=".join(item))]
    program = binaries.postgres / "postgres"

    def prepare() -> None:
        remove_stale(places)

    def ready() -> bool:
        asked = subprocess.run(
            [binaries.postgres / "pg_isready", "-q", "-h", places.sockets, "-U", NAME],
            capture_output=True,
            check=False,
        )
        return asked.returncode == 0

    return Spec(
        name="postgres",
        command=[program, "-D", places.postgres, "-k", places.sockets, *flags],
        environment=server_environment(),
        folder=Path("/"),
        account=places.account,
        stop_signal=signal.SIGINT,
        hard_signal=signal.SIGQUIT,
        death_signal=signal.SIGINT,
        grace=2.5,
        prepare=prepare,
        ready=ready,
        # Recovery after a power cut reads the log since the last checkpoint.
        patience=300,
        keep_line=worth_showing,
    )


def worth_showing(line: str) -> bool:
    """This will drop news of a usual day and the echo of our own asking."""
    return not line.startswith(("LOG:", "FATAL:  the database system is starting up"))


def server_environment() -> dict[str, str]:
    """This will return the environment of a server: nothing of ours but the time."""
    kept = ("PATH", "TZ", "LD_LIBRARY_PATH", "TMPDIR")
    chosen = {name: os.environ[name] for name in kept if name in os.environ}
    return {**chosen, "LC_ALL": "C"}


def cluster_exists(places: Places) -> bool:
    """This will tell whether there is a database; refuse one of another major."""
    try:
        found = (places.postgres / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return False
    except PermissionError:
        msg = (
            f"{places.postgres} belongs to another user. Please run as the user who "
            "started Keepwell first, or set KEEPWELL_VAR to a folder of your own."
        )
        raise UnableToRun(msg) from None
    if found != MAJOR:
        msg = (
            f"{places.postgres} was made by PostgreSQL {found}, and this is "
            f"PostgreSQL {MAJOR}. Please dump it with the old version of Keepwell, "
            "move the folder away, and load the dump."
        )
        raise UnableToRun(msg)
    return True


def make_cluster(places: Places, binaries: Binaries, *, fast: bool = False) -> None:
    """This will make an empty cluster with its database, or nothing at all.

    Everything happens beside the final name, so that a start killed in the
    middle leaves nothing half made.
    """
    fresh = places.postgres.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    make_folder(fresh, 0o700, places.account)
    sync = ["--no-sync"] if fast else []
    initdb = [
        binaries.postgres / "initdb",
        *("-D", fresh, "-U", SUPERUSER, "--auth=trust", "--no-instructions"),
        *INITDB_ARGUMENTS,
        *sync,
    ]
    _run_as(places.account, [str(part) for part in initdb])
    # What template1 holds, every later database has too: those of the tests as well.
    program = binaries.postgres / "postgres"
    single = [program, "--single", "-D", fresh, "-j", "template1"]
    _run_as(places.account, [str(part) for part in single], say=first_statements())
    fresh.rename(places.postgres)


def first_statements() -> str:
    """This will return what makes roles and database, for a single-user server.

    The application's role owns its database and may make others, for tests.
    """
    return (
        f"{AUDIT_ROLE.read_text()}"
        f"CREATE ROLE {NAME} LOGIN CREATEDB;\n\n"
        f"CREATE DATABASE {NAME} OWNER {NAME};\n\n"
    )


def _run_as(account: Account | None, command: list[str], say: str = "") -> None:
    done = subprocess.run(
        command,
        input=say,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=server_environment(),
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    # A single-user server reports a failed statement only in words.
    if done.returncode or "ERROR:" in done.stderr:
        msg = f"The database could not be made.\n{(done.stdout + done.stderr).strip()}"
        raise UnableToRun(msg)


def remove_stale(places: Places) -> None:
    """This will clear what a killed server left in the way of the next one.

    Call it only while holding the lock of the data folder: then a server that
    still runs on it is an orphan, and is asked to stop.
    """
    for lock in (
        places.postgres / "postmaster.pid",
        places.sockets / ".s.PGSQL.5432.lock",
    ):
        pid = recorded_pid(lock)
        if pid is not None and is_our_postgres(pid, places.postgres):
            stop_orphan(pid)
        lock.unlink(missing_ok=True)
    (places.sockets / ".s.PGSQL.5432").unlink(missing_ok=True)


def recorded_pid(lock: Path) -> int | None:
    """This will return the process a lock file names, None without a sound one."""
    try:
        pid = int(lock.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    # A standalone server writes its number negated.
    return abs(pid) or None


def is_our_postgres(pid: int, data: Path) -> bool:
    """This will tell whether a living process is the server of this cluster.

    After a restart of the machine the number may belong to anybody.
    """
    if not is_alive(pid):
        return False
    words = command_line(pid).split(" ")
    return Path(words[0]).name == "postgres" and str(data) in words


def stop_orphan(pid: int, patience: float = 10.0) -> None:
    """This will stop a server whose supervisor is gone: fast, then at once."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if not is_alive(pid):
                return
            time.sleep(0.05)
    msg = (
        f"An old PostgreSQL (process {pid}) does not stop. Please end it with "
        f"'kill -9 {pid}' and start again."
    )
    raise UnableToRun(msg)
