"""Runs `script/server` with dummies in place of the Django application."""

import sys
from pathlib import Path

from devstack import serve
from devstack.__main__ import entry
from devstack.processes import Spec

DUMMY = """
import signal, sys, time
def end(*_):
    print("leaves", flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("arrives", flush=True)
time.sleep(300)
"""


def dummy(name: str, environment: object, *_rest: object) -> Spec:
    assert isinstance(environment, dict)
    return Spec(
        name=name, command=[sys.executable, "-c", DUMMY], environment=environment
    )


def manage(*words: str) -> list[str | Path]:
    said = "you@demo.example  secret" if "--show-logins" in words else " ".join(words)
    return ["echo", said]


serve.build_assets = lambda *_: None  # type: ignore[assignment]
serve.manage = manage  # type: ignore[assignment]
serve.web_spec = lambda *rest: dummy("web", *rest)  # type: ignore[assignment]
serve.worker_spec = lambda *rest: dummy("worker", *rest)  # type: ignore[assignment]
serve.beat_spec = lambda *rest: dummy("beat", *rest)  # type: ignore[assignment]

if __name__ == "__main__":
    sys.exit(entry(["server", *sys.argv[1:]]))
