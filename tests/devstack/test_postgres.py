"""The embedded PostgreSQL: its locale and settings, and what a crash leaves."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from devstack.binaries import Binaries
from devstack.errors import UnableToRun
from devstack.liveness import is_alive
from devstack.memory import memory_bytes, memory_settings
from devstack.places import CHECKOUT, Places
from devstack.postgres import (
    AUDIT_ROLE,
    NAME,
    SUPERUSER,
    cluster_exists,
    database_url,
    make_cluster,
    postgres_spec,
    recorded_pid,
    remove_stale,
    stop_orphan,
)
from devstack.processes import Child
from devstack.supervisor import Supervisor
from devstack.throwaway import throwaway_places
from tests.devstack.conftest import wait_until
from tests.devstack.test_liveness import zombie


@pytest.fixture(scope="module")
def cluster(binaries: Binaries) -> Iterator[Places]:
    with throwaway_places() as places:
        make_cluster(places, binaries, fast=True)
        yield places


def ask(
    places: Places, question: str, user: str = NAME, database: str = NAME
) -> list[tuple[object, ...]]:
    address = f"host={places.sockets} user={user} dbname={database}"
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(question)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def server(
    cluster: Places, binaries: Binaries, supervisor: Supervisor
) -> Iterator[Child]:
    yield supervisor.start(postgres_spec(cluster, binaries, fast=True))
    supervisor.stop()


def test_words_beyond_ascii_have_trigrams(cluster: Places, server: Child) -> None:
    ask(cluster, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    [(trigrams,)] = ask(cluster, "SELECT cardinality(show_trgm('Привет'))")
    assert trigrams == 7
    [found] = ask(
        cluster,
        "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding)"
        " FROM pg_database WHERE datname = 'keepwell'",
    )
    assert found == ("b", "C.UTF-8", "UTF8")


def test_the_application_is_no_superuser(cluster: Places, server: Child) -> None:
    roles = ask(
        cluster,
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles"
        " WHERE rolname !~ '^pg_' ORDER BY rolname",
    )
    assert roles == [
        ("keepwell", False, False, True, True),
        ("keepwell_audit", False, False, False, False),
        ("postgres", True, True, True, True),
    ]
    assert (
        ask(
            cluster,
            "SELECT * FROM pg_auth_members WHERE roleid::regrole::text !~ '^pg_'",
        )
        == []
    )
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'keepwell'"
    assert ask(cluster, owner) == [("keepwell",)]


def test_every_later_database_has_the_door(cluster: Places, server: Child) -> None:
    ask(cluster, "CREATE DATABASE later", database="postgres")
    door = "SELECT keepwell_audit_protect()"
    assert ask(cluster, door, database="later") == [(False,)]
    ask(cluster, "DROP DATABASE later", database="postgres")


def test_docker_makes_the_same_roles(
    places: Places, binaries: Binaries, supervisor: Supervisor
) -> None:
    """The script of docker-compose.yml, on a cluster that looks like the image's."""
    make_cluster(places, binaries, fast=True)
    supervisor.start(postgres_spec(places, binaries, fast=True))
    gone = "DROP FUNCTION IF EXISTS keepwell_audit_protect()"
    ask(places, "DROP DATABASE keepwell", SUPERUSER, "postgres")
    ask(places, gone, SUPERUSER, "template1")
    ask(places, "DROP ROLE keepwell, keepwell_audit", SUPERUSER, "postgres")
    script = (CHECKOUT / "devstack" / "first_start.sh").read_text()
    done = subprocess.run(
        ["sh", "-c", script.replace("/keepwell/audit_role.sql", str(AUDIT_ROLE))],
        env={
            "PATH": f"{binaries.postgres}:{os.environ['PATH']}",
            "PGHOST": str(places.sockets),
            "POSTGRES_USER": SUPERUSER,
            "KEEPWELL_PASSWORD": "it's a 'password'",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ask(places, "SELECT keepwell_audit_protect()") == [(False,)]
    found = ask(
        places,
        "SELECT rolsuper, rolcreaterole, pg_get_userbyid(datdba) FROM pg_roles,"
        " pg_database WHERE rolname = current_user AND datname = current_database()",
    )
    assert found == [(False, False, "keepwell")]


def test_settings(cluster: Places, server: Child) -> None:
    names = (
        *("wal_compression", "jit", "max_parallel_workers"),
        *("listen_addresses", "unix_socket_permissions", "shared_buffers"),
        *("work_mem", "max_connections", "fsync"),
    )
    found = {name: ask(cluster, f"SHOW {name}")[0][0] for name in names}
    assert found == {
        "wal_compression": "off",
        "jit": "off",
        "max_parallel_workers": "0",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "max_connections": "200",
        "fsync": "off",
    }


def test_lasting_data_is_written_safely(places: Places, binaries: Binaries) -> None:
    words = " ".join(str(word) for word in postgres_spec(places, binaries).command)
    assert "fsync" not in words
    assert "max_connections=100" in words
    assert (
        f"shared_buffers={memory_settings(memory_bytes())['shared_buffers']}" in words
    )
    assert words.count("shared_buffers=") == 1


def test_address_names_the_socket(cluster: Places) -> None:
    folder = str(cluster.sockets).replace("/", "%2F")
    assert database_url(cluster) == f"postgresql://keepwell@{folder}/keepwell"


def dead() -> int:
    with subprocess.Popen(["true"]) as process:
        pass
    return process.pid


def foreign() -> int:
    process = subprocess.Popen(["sleep", "300"])
    running.append(process)
    return process.pid


running: list[subprocess.Popen[bytes]] = []


@pytest.mark.parametrize("left_by", [dead, zombie, foreign, lambda: -dead()])
def test_a_stale_lock_is_removed(
    cluster: Places,
    binaries: Binaries,
    supervisor: Supervisor,
    left_by: Callable[[], int],
) -> None:
    pid = left_by()
    lock = cluster.postgres / "postmaster.pid"
    lock.write_text(f"{pid}\n{cluster.postgres}\n1\n5432\n{cluster.sockets}\n\n")
    (cluster.sockets / ".s.PGSQL.5432.lock").write_text(f"{pid}\n")
    (cluster.sockets / ".s.PGSQL.5432").touch()

    supervisor.start(postgres_spec(cluster, binaries, fast=True))

    assert ask(cluster, "SELECT 1") == [(1,)]
    for process in running:
        assert process.poll() is None, "a process that is not ours was ended"
        process.kill()
        process.wait()
    running.clear()


@pytest.mark.parametrize("text", ["", "no number\n", "0\n"])
def test_a_lock_without_a_process(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text)
    assert recorded_pid(tmp_path / "lock") is None
    assert recorded_pid(tmp_path / "missing") is None


def test_an_orphan_is_stopped_first(
    cluster: Places, binaries: Binaries, supervisor: Supervisor, server: Child
) -> None:
    remove_stale(cluster)
    assert not is_alive(server.pid)
    assert not (cluster.postgres / "postmaster.pid").exists()


def test_an_orphan_that_does_not_stop_is_named() -> None:
    code = "trap '' INT QUIT; echo deaf; while :; do sleep 0.1; done"
    with subprocess.Popen(["sh", "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(UnableToRun, match=f"kill -9 {process.pid}"):
            stop_orphan(process.pid, patience=0.1)
        process.kill()


def test_data_survives_kill_9_of_the_server(
    places: Places, binaries: Binaries, supervisor: Supervisor
) -> None:
    make_cluster(places, binaries)
    child = supervisor.start(postgres_spec(places, binaries))
    ask(places, "CREATE TABLE kept AS SELECT 42 AS answer")
    first = child.pid
    os.kill(first, signal.SIGKILL)

    def answers() -> bool:
        supervisor.look_after(0.05)
        try:
            return ask(places, "SELECT answer FROM kept") == [(42,)]
        except psycopg2.OperationalError:
            return False

    wait_until(answers)
    assert child.pid != first


def test_an_unfinished_cluster_is_made_anew(places: Places, binaries: Binaries) -> None:
    half = places.data / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert not cluster_exists(places)
    make_cluster(places, binaries, fast=True)
    assert cluster_exists(places)
    assert not half.exists()


def test_a_cluster_of_another_major_is_refused(places: Places) -> None:
    places.postgres.mkdir()
    (places.postgres / "PG_VERSION").write_text("17\n")
    with pytest.raises(UnableToRun, match="made by PostgreSQL 17"):
        cluster_exists(places)


def test_a_cluster_that_cannot_be_made_says_why(places: Places, var: Path) -> None:
    initdb = var / "initdb"
    initdb.write_text("#!/bin/sh\necho no space left >&2\nexit 1\n")
    initdb.chmod(0o755)
    with pytest.raises(UnableToRun, match=r"could not be made\.\nno space left"):
        make_cluster(places, Binaries(var, var))
    assert not cluster_exists(places)


def test_no_port_is_opened(cluster: Places, server: Child) -> None:
    process = Path(f"/proc/{server.pid}")
    open_ports = {
        line.split()[9]
        for family in ("tcp", "tcp6")
        for line in (process / "net" / family).read_text().splitlines()[1:]
    }
    links = [str(entry.readlink()) for entry in (process / "fd").iterdir()]
    own = {link[8:-1] for link in links if link.startswith("socket:[")}
    assert own, "the server's sockets could not be seen"
    assert not own & open_ports
