"""A mail server that takes everything, writes down what it took, and misbehaves if told.

    python -m tests.sink FOLDER [--faults SEED]

Writes its port to FOLDER/port, and a line to FOLDER/ledger for every mail that it took,
before it answers: that is what the other side really got. With faults, a twentieth of the
mails meets one before the mail is taken, and of every hundredth the answer is lost after
it was taken.
"""

import argparse
import asyncio
import logging
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

ROOT = Path(__file__).resolve().parents[1]
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>\s]+)>", re.IGNORECASE | re.MULTILINE)
FAULTS = (
    "451 at MAIL",
    "450 at RCPT",
    "421 at RCPT",
    "451 at DATA",
    "452 after the mail",
    "hang-up at MAIL",
    "hang-up at RCPT",
    "hang-up at DATA",
)
SHARE_OF_FAULTS = 0.05
SHARE_OF_LOST_REPLIES = 0.01


class Ledger:
    """Lines that are there as soon as they are written, whoever is killed."""

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, what: str, which: str = "") -> None:
        os.write(self.file, f"{what}\t{which}\n".encode())


class Sink(SMTP):
    """One connection. What is to go wrong is drawn when a mail begins."""

    def __init__(self, ledger: Ledger, chance: random.Random | None) -> None:
        super().__init__(self, hostname="sink.example", enable_SMTPUTF8=True)
        self.ledger, self.chance, self.fault, self.mails = ledger, chance, "", 0

    async def smtp_MAIL(self, arg: str | None) -> None:
        self.fault = self._draw()
        self.mails += 1
        if not await self._goes_wrong("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._goes_wrong("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if not await self._goes_wrong("DATA"):
            await super().smtp_DATA(arg)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.fault == "452 after the mail":
            self.ledger.write("fault", self.fault)
            return "452 4.3.1 not now"
        found = MESSAGE_ID.search(envelope.content)
        name = found.group(1).decode() if found else "nameless"
        self.ledger.write("took", name)
        if self.chance and self.chance.random() < SHARE_OF_LOST_REPLIES:
            self.ledger.write("lost", name)
            self._hang_up()
        elif self.chance and self.chance.random() < 0.2:
            # Time for somebody to be killed in between.
            await asyncio.sleep(self.chance.random() / 50)
        return "250 2.0.0 taken"

    def _draw(self) -> str:
        if self.chance is None or self.chance.random() >= SHARE_OF_FAULTS:
            return ""
        fault = self.chance.choice(FAULTS)
        # On a new connection it would be our own trouble, and everything would wait.
        return "" if fault == "hang-up at MAIL" and not self.mails else fault

    async def _goes_wrong(self, stage: str) -> bool:
        if not self.fault.endswith(f"at {stage}"):
            return False
        self.ledger.write("fault", self.fault)
        code = self.fault[:3]
        if code.isdigit():
            await self.push(f"{code} 4.3.0 not now")
        if not code.isdigit() or code == "421":
            self._hang_up()
        return True

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()


async def serve(folder: Path, seed: int | None) -> None:
    """This will answer until it is killed."""
    ledger = Ledger(folder / "ledger")
    chance = None if seed is None else random.Random(seed)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(ledger, chance), "127.0.0.1", 0)
    fresh = folder / "port.new"
    fresh.write_text(str(server.sockets[0].getsockname()[1]))
    fresh.rename(folder / "port")
    await server.serve_forever()


class Taken:
    """What stands in the ledger."""

    def __init__(self, folder: Path) -> None:
        lines = (folder / "ledger").read_text().splitlines()
        pairs = [line.split("\t") for line in lines]
        self.mails = Counter(which for what, which in pairs if what == "took")
        self.lost = [which for what, which in pairs if what == "lost"]
        self.faults = Counter(which for what, which in pairs if what == "fault")


@contextmanager
def own_sink(folder: Path, seed: int | None = None) -> Iterator[int]:
    """This will run a sink in a process of its own and give its port."""
    folder.mkdir(exist_ok=True)
    (folder / "ledger").touch()
    faults = [] if seed is None else ["--faults", str(seed)]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sink", str(folder), *faults], cwd=ROOT
    )
    try:
        end = time.monotonic() + 240
        while not (folder / "port").exists():
            if process.poll() is not None or time.monotonic() > end:
                msg = "The sink does not start."
                raise TimeoutError(msg)
            time.sleep(0.02)
        yield int((folder / "port").read_text())
    finally:
        process.kill()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faults", type=int)
    chosen = parser.parse_args()
    # A client that is killed is no news here.
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(chosen.folder, chosen.faults))


if __name__ == "__main__":
    main()
