"""A whole site for a test: its own database, a real web server, a real worker."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psycopg2

from tests import once
from tests.processes import ROOT, Child, own_database, own_redis, worker

# Of a machine that does much else; nothing waits that long that works.
PATIENCE = 240


class Site:
    """Processes and files of one site; everything ends with the `with` block."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.children: list[Child] = []
        self.address = ""
        self.env = {
            **os.environ,
            "DATABASE_URL": database,
            "REDIS_URL": own_redis(),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "KEEPWELL_HTTPS": "0",
            "KEEPWELL_DEBUG": "0",
            "OMP_NUM_THREADS": "1",
        }

    def manage(self, *arguments: str) -> str:
        """This will run a command of manage.py and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, code: str) -> str:
        """This will run a few lines with Django set up."""
        return self.manage("shell", "-v0", "-c", code)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """This will read the site's database from outside."""
        connection = psycopg2.connect(self.env["DATABASE_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def change(self, statement: str, *values: object) -> None:
        """This will write into the site's database from outside, without its services."""
        connection = psycopg2.connect(self.env["DATABASE_URL"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
        finally:
            connection.close()

    def start_worker(self) -> None:
        self.children.append(worker(self.env, self.log))

    def start_web(self, *options: str) -> None:
        """This will start gunicorn on a free port and wait until it can serve people."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.children.append(
            Child(
                "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}",
                "--no-control-socket", "--threads", "2", "--log-level", "warning",
                *options, env=self.env, log=self.log,
            )
        )  # fmt: skip
        self.address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.children[-1].process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/healthz/ready", timeout=30)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.log.read_text(errors="replace")[-3000:])


class Visitor:
    """Somebody with cookies but no script, as a browser without JavaScript is."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def post(self, path: str, **fields: str) -> str:
        token = next(c.value for c in self.cookies if c.name == "csrftoken")
        body = urlencode({**fields, "csrfmiddlewaretoken": token or ""}).encode()
        request = urllib.request.Request(
            self.address + path, data=body, headers={"Referer": self.address + path}
        )
        with self.opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())

    def sign_in(self, email: str, password: str) -> str:
        self.get("/sign-in/")
        return self.post("/sign-in/", login=email, password=password)


@contextmanager
def site(folder: Path, *, demo: bool = False) -> Iterator[Site]:
    """This will make an empty site, or one with the demo, and end its processes."""
    folder.mkdir(exist_ok=True)
    with own_database(once.with_demo() if demo else once.migrated()) as database:
        made = Site(folder, database)
        made.env["KEEPWELL_STATIC_ROOT"] = str(once.static_files())
        made.env["KEEPWELL_DEMO"] = str(int(demo))
        try:
            yield made
        finally:
            for child in reversed(made.children):
                child.kill()
