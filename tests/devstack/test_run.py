"""Commands share one pair of servers, and nothing outlives the last of them."""

import os
import pty
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from devstack import run as module
from devstack.__main__ import arguments, main
from devstack.errors import UnableToRun
from devstack.places import CHECKOUT, Places
from devstack.run import (
    build_assets,
    join_or_own,
    joined_addresses,
    shared_servers,
    worth_passing_on,
)
from devstack.state import GUESTS, OWNER, Lock, State, lock, read_state, write_state
from devstack.supervisor import StopAsked, Supervisor
from tests.devstack.conftest import Started, using, wait_until

RUN = ("-m", "devstack", "run", "--")
Start = Callable[..., Started]

SQL = """
import os, sys, psycopg2
c = psycopg2.connect(os.environ["DATABASE_URL"])
c.autocommit = True
k = c.cursor()
k.execute(sys.argv[1])
print(k.fetchall() if k.description else "written", flush=True)
"""


def sql(statement: str) -> tuple[str, ...]:
    return (*RUN, sys.executable, "-c", SQL, statement)


def test_environment_and_exit_code(start: Start, var: Path) -> None:
    code = 'echo "$DATABASE_URL $REDIS_URL $(cat $KEEPWELL_STATE)"; exit 3'
    command = start(*RUN, "sh", "-c", code)
    assert command.end() == 3
    assert "postgresql://keepwell@%2Ftmp%2Fkeepwell-" in command.output
    assert "redis+socket:///tmp/keepwell-" in command.output
    assert '"role": "run"' in command.output
    assert not (var / "state.json").exists()
    assert using(var) == []


def test_a_second_command_uses_the_same_servers(start: Start) -> None:
    first = start(*RUN, "sh", "-c", "cat $KEEPWELL_STATE; echo; echo up; sleep 4")
    first.wait_for("up")
    second = start(*RUN, "sh", "-c", "cat $KEEPWELL_STATE; echo; sleep 1; echo bye")
    assert second.end() == 0
    assert first.output.splitlines()[0] == second.output.splitlines()[0]
    assert first.end() == 0


def test_servers_stay_until_the_last_guest_leaves(start: Start) -> None:
    owner = start(*RUN, "sh", "-c", "echo up; sleep 1")
    owner.wait_for("up")
    guest = start(
        *RUN,
        sys.executable,
        "-c",
        f"import time; print('in', flush=True); time.sleep(3)\n{SQL}",
        "SELECT 7",
    )
    guest.wait_for("in")
    assert guest.end() == 0
    assert "[(7,)]" in guest.output
    assert owner.end() == 0
    assert "Waiting for other commands" in owner.output


def test_kill_9_leaves_no_orphan_and_the_data(start: Start, var: Path) -> None:
    assert start(*sql("CREATE TABLE kept AS SELECT 42 AS answer")).end() == 0
    doomed = start(*RUN, "sh", "-c", "echo up; exec sleep 300")
    doomed.wait_for("up")
    state = (var / "state.json").read_text()
    doomed.process.kill()
    doomed.end()
    wait_until(lambda: not using(var))
    # The state of the dead is still there, and deceives nobody.
    assert (var / "state.json").read_text() == state
    again = start(*sql("SELECT answer FROM kept"))
    assert again.end() == 0
    assert "[(42,)]" in again.output


def test_kill_9_and_an_immediate_start(start: Start) -> None:
    doomed = start(*RUN, "sh", "-c", "echo up; exec sleep 300")
    doomed.wait_for("up")
    doomed.process.kill()
    again = start(*sql("SELECT 1"))
    assert again.end() == 0
    assert "[(1,)]" in again.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_reach_the_command(start: Start, var: Path, number: int) -> None:
    code = (
        "import signal, sys, time\n"
        "def end(*_): print('told', flush=True); sys.exit(9)\n"
        "signal.signal(signal.SIGINT, end); signal.signal(signal.SIGTERM, end)\n"
        "print('up', flush=True); time.sleep(300)"
    )
    command = start(*RUN, sys.executable, "-c", code)
    command.wait_for("up")
    command.process.send_signal(number)
    assert command.end() == 9
    assert "told" in command.output
    assert using(var) == []


def test_given_addresses_start_nothing(start: Start, var: Path) -> None:
    command = start(
        *RUN,
        *("sh", "-c", "echo $DATABASE_URL $REDIS_URL; ls $KEEPWELL_VAR"),
        DATABASE_URL="postgresql://db.example/x",
        REDIS_URL="redis://queue.example/0",
    )
    assert command.end() == 0
    first, *rest = command.output.splitlines()
    assert first == "postgresql://db.example/x redis://queue.example/0"
    assert "postgres" not in rest
    assert "valkey" not in rest
    assert not (var / "state.json").exists()


def test_one_given_address_starts_the_other(start: Start, var: Path) -> None:
    code = "echo $DATABASE_URL; cat $KEEPWELL_STATE"
    command = start(*RUN, "sh", "-c", code, DATABASE_URL="postgresql://:hush@db/x")
    assert command.end() == 0
    first, state = command.output.splitlines()
    assert first == "postgresql://:hush@db/x"
    assert "valkey.sock" in state
    assert "hush" not in state, "a given address may hold a password"
    assert not (var / "postgres").exists()


def test_throwaway_servers_vanish(start: Start, var: Path) -> None:
    words = ("-m", "devstack", "run", "--throwaway", "--")
    command = start(*words, "sh", "-c", "echo $KEEPWELL_STATIC_ROOT")
    assert command.end() == 0
    root = Path(command.output.strip()).parent.parent
    assert root.name.startswith("keepwell-test-")
    assert not root.exists()
    assert {path.name for path in var.iterdir()} == {command.log.name}


def test_two_throwaway_commands_at_once(start: Start) -> None:
    words = ("-m", "devstack", "run", "--throwaway", "--")
    both = [start(*words, sys.executable, "-c", SQL, "SELECT 5") for _ in range(2)]
    assert [one.end() for one in both] == [0, 0]
    assert all("[(5,)]" in one.output for one in both)


def test_a_missing_command_is_explained(start: Start) -> None:
    command = start(*RUN)
    assert command.end() == 1
    assert "Please name the command" in command.output


def test_the_state_of_a_dead_process_is_waited_out(
    places: Places, supervisor: Supervisor
) -> None:
    write_state(places, State(2**22 + 1, "run", {}, ready=True))
    with (
        lock(places, OWNER) as other,
        lock(places, OWNER) as owner,
        lock(places, GUESTS) as guests,
    ):
        assert other.take()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopAsked):
            join_or_own(supervisor, places, owner, guests)
        other.release()
        supervisor.stops_asked.clear()
        assert join_or_own(supervisor, places, owner, guests) is None


def test_joining_needs_the_same_addresses() -> None:
    state = State(1, "server", {"REDIS_URL": "redis+socket:///r"}, ready=True)
    with pytest.raises(UnableToRun, match="with a DATABASE_URL of its own"):
        joined_addresses(state, {})
    given = {"DATABASE_URL": "postgresql://d"}
    assert joined_addresses(state, given) == {
        "DATABASE_URL": "postgresql://d",
        "REDIS_URL": "redis+socket:///r",
    }


def test_owner_then_guest(
    places: Places, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with shared_servers(supervisor, places) as own:
        state = read_state(places)
        assert state is not None
        assert state.pid == os.getpid()
        assert state.addresses == own
        assert list(state.pids) == ["postgres", "valkey"]
        with shared_servers(supervisor, places) as shared:
            assert shared == own
    assert read_state(places) is None
    assert supervisor.children == []


def test_given_addresses_need_no_lock(
    places: Places, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://d")
    monkeypatch.setenv("REDIS_URL", "redis://r")
    with shared_servers(supervisor, places) as addresses:
        assert addresses == {"DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r"}
    assert list(places.var.iterdir()) == []


def test_run_in_this_process(
    var: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEEPWELL_VAR", str(var))
    monkeypatch.setenv("DATABASE_URL", "postgresql://d")
    monkeypatch.setenv("REDIS_URL", "redis://r")
    monkeypatch.setattr(
        module, "manage", lambda *words: ["touch", str(tmp_path / words[0])]
    )
    assert main(["run", "--migrate", "--", "sh", "-c", "exit 4"]) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["migrate"]
    assert main(["run", "--throwaway", "true"]) == 0
    with pytest.raises(UnableToRun, match="name the command"):
        main(["run"])


def test_test_passes_its_words_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []

    def record(command: list[str], **options: bool) -> int:
        called.extend([command[1:], options])
        return 5

    monkeypatch.setattr("devstack.__main__.run_throwaway", record)
    assert main(["test", "--help", "-k", "x"]) == 5
    assert called == [
        ["-m", "pytest", "--help", "-k", "x"],
        {"fast": True, "assets": True},
    ]


@pytest.mark.parametrize("port", ["0", "65536", "web"])
def test_a_port_is_a_number(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments().parse_args(["server", "--port", port])
    assert "invalid port value" in capsys.readouterr().err


def test_assets_are_built_where_there_are_any(
    var: Path,
    tmp_path: Path,
    supervisor: Supervisor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CHECKOUT", tmp_path)
    monkeypatch.setattr(module, "manage", lambda word: ["touch", str(var / word)])
    build_assets(supervisor, {})
    assert not (var / "build_assets").exists()
    (tmp_path / "manage.py").touch()
    commands = tmp_path / "common" / "management" / "commands"
    commands.mkdir(parents=True)
    (commands / "build_assets.py").touch()
    build_assets(supervisor, {})
    assert (var / "build_assets").exists()


def test_only_ctrl_c_is_heard_twice() -> None:
    assert worth_passing_on(signal.SIGTERM)


def test_a_lock_that_cannot_be_opened(places: Places) -> None:
    (places.var / "owner.lock").mkdir()
    with pytest.raises(UnableToRun, match="cannot be opened"):
        Lock(places, OWNER)


def test_waiting_for_a_lock(places: Places) -> None:
    with lock(places, "x.lock") as first, lock(places, "x.lock") as second:
        assert first.take()
        waited: list[int] = []

        def idle() -> None:
            waited.append(1)
            first.release()

        second.wait(idle=idle)
        assert waited == [1]


def test_a_broken_state_is_no_state(places: Places) -> None:
    for text in ("", "[]", '{"unknown": 1}'):
        places.state.write_text(text)
        assert read_state(places) is None


def test_ctrl_c_on_a_terminal_is_heard_once(var: Path) -> None:
    code = (
        "import signal, time\n"
        "signal.signal(signal.SIGINT, lambda *_: print('told', flush=True))\n"
        "print('up', flush=True)\n"
        "until = time.monotonic() + 2\n"
        "while time.monotonic() < until: time.sleep(0.05)\n"
        "print('ends by itself', flush=True)"
    )
    words = [sys.executable, *RUN, sys.executable, "-c", code]
    pid, terminal = pty.fork()
    if pid == 0:
        given = {"DATABASE_URL": "postgresql://d", "REDIS_URL": "redis://r"}
        os.chdir(CHECKOUT)
        os.execve(  # noqa: S606
            words[0], words, {**os.environ, **given, "KEEPWELL_VAR": str(var)}
        )
    said = ""
    with suppress(OSError):  # a terminal without processes is an error, not an end
        while data := os.read(terminal, 1024):
            said += data.decode()
            if said.endswith("up\r\n"):
                os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert said.count("told") == 1
    assert "ends by itself" in said


@pytest.mark.parametrize("foreground", [True, False])
def test_who_hears_ctrl_c(monkeypatch: pytest.MonkeyPatch, *, foreground: bool) -> None:
    group = os.getpgrp()
    monkeypatch.setattr(module, "TERMINAL", "/dev/null")
    monkeypatch.setattr(os, "tcgetpgrp", lambda _fd: group if foreground else 1)
    assert worth_passing_on(signal.SIGINT) is not foreground


def test_without_a_terminal_nobody_has_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TERMINAL", "/dev/null")
    assert worth_passing_on(signal.SIGINT)  # /dev/null has no foreground
    monkeypatch.setattr(module, "TERMINAL", "/no/terminal")
    assert worth_passing_on(signal.SIGINT)
