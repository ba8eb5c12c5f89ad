"""This module will read the command line of `python -m devstack`."""

import argparse
import sys

from devstack.errors import UnableToRun
from devstack.run import run, run_throwaway
from devstack.serve import serve
from devstack.supervisor import StopAsked

HIGHEST_PORT = 65535
INTERRUPTED = 130


def port_number(text: str) -> int:
    """This will read a port between 1 and 65535."""
    number = int(text)
    if not 1 <= number <= HIGHEST_PORT:
        raise ValueError(text)
    return number


port_number.__name__ = "port"


def arguments() -> argparse.ArgumentParser:
    """This will describe the commands and their options in plain words."""
    parser = argparse.ArgumentParser(prog="devstack")
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser(
        "server",
        prog="script/server",
        description="Runs the whole application on this machine: database, job "
        "queue, web server, worker and clock. It prints 'ready' and an address "
        "when you can sign in. Ctrl-C stops everything; the data stays.",
        epilog="With DATABASE_URL or REDIS_URL set, those servers are used instead "
        "of the ones that come along.",
    )
    server.add_argument(
        "--port",
        type=port_number,
        default=8000,
        help="the port to listen on, on this machine only (default 8000)",
    )
    server.add_argument(
        "--no-demo",
        action="store_true",
        help="start without making the demo company",
    )
    test = commands.add_parser("test", add_help=False)
    test.add_argument("arguments", nargs=argparse.REMAINDER)
    command = commands.add_parser(
        "run",
        description="Runs one command with the environment set and the servers up. "
        "Servers that already run here are used.",
    )
    command.add_argument(
        "--throwaway",
        action="store_true",
        help="use fresh, empty servers that vanish afterwards",
    )
    command.add_argument(
        "--migrate", action="store_true", help="bring the tables up to date first"
    )
    command.add_argument("arguments", nargs=argparse.REMAINDER, metavar="COMMAND …")
    return parser


def main(words: list[str]) -> int:
    """This will run what the command line asks for and return the exit code."""
    if words[:1] == ["test"]:
        # pytest's own options pass through untouched.
        pytest = [sys.executable, "-m", "pytest", *words[1:]]
        return run_throwaway(pytest, fast=True, assets=True)
    chosen = arguments().parse_args(words)
    if chosen.command == "server":
        return serve(chosen.port, demo=not chosen.no_demo)
    command = chosen.arguments[chosen.arguments[:1] == ["--"] :]
    if not command:
        msg = "Please name the command to run: devstack run -- COMMAND …"
        raise UnableToRun(msg)
    if chosen.throwaway:
        return run_throwaway(command)
    return run(command, migrate=chosen.migrate)


def entry(words: list[str]) -> int | str:
    """This will give what the process exits with: a code, or words for a person."""
    try:
        return main(words)
    except UnableToRun as problem:
        return f"\n{problem}"
    except (StopAsked, KeyboardInterrupt):
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(entry(sys.argv[1:]))
