"""Mails per second of the whole way, against a bare loop that sends the same bytes.

    script/bench mail            3 rounds of 400 mails
    script/bench mail --full     7 rounds of 1,000 mails

The whole way: a row for each mail (a letter to a contact from an administrator's
template), claimed, checked, rendered, noted as going, sent by SMTP, noted as sent and
put on the customer's timeline, by one worker with two processes. The bare loop: smtplib,
one connection, bytes made beforehand. Both into the same mail server on this machine, a
process of its own; the rounds take turns.
"""

import argparse
import datetime as dt
import os
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from tests.processes import wait_until, worker
from tests.sink import own_sink

if TYPE_CHECKING:
    from mail.models import OutboxMessage

GOAL = 0.5
WARM_UP = 120
TEXT = """Dear {contact.first_name|there},

your team at {customer.name} has used us for a while now, and we would like to hear how it
goes. Three things have changed since we last spoke:

- reports open twice as fast,
- invoices can be downloaded as one file,
- and there is a new page for your own goals.

Shall we look at them together? Half an hour is enough, and any day next week suits us.

Kind regards"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    rounds, size = (7, 1_000) if parser.parse_args().full else (3, 400)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["OMP_NUM_THREADS"] = "1"
    with (
        tempfile.TemporaryDirectory() as folder,
        own_sink(Path(folder) / "sink") as port,
    ):
        django.setup()
        return figures(Path(folder), port, rounds=rounds, size=size)


def figures(folder: Path, port: int, *, rounds: int, size: int) -> int:
    """This will measure in turns and print a line each."""
    drafts = prepare(port, count=WARM_UP + rounds * size)
    child = worker(dict(os.environ), folder / "log")
    whole, bare = [], []
    try:
        sent_in(drafts[:WARM_UP])
        for number in range(rounds):
            first = WARM_UP + number * size
            seconds, rows = sent_in(drafts[first : first + size])
            whole.append(size / seconds)
            bare.append(size / looped_in(port, rows))
    except TimeoutError:
        sys.stdout.write((folder / "log").read_text(errors="replace")[-3000:])
        raise
    finally:
        child.kill()
    ratio = statistics.median(a / b for a, b in zip(whole, bare, strict=True))
    fine = ratio >= GOAL
    print(f"outbox {statistics.median(whole):.0f} mails/s ({spread(whole)})")
    print(f"bare.loop {statistics.median(bare):.0f} mails/s ({spread(bare)})")
    print(f"ratio {ratio:.2f} goal {GOAL} {'ok' if fine else 'short'}")
    return 0 if fine else 1


def spread(values: Sequence[float]) -> str:
    return f"{min(values):.0f} to {max(values):.0f}"


def prepare(port: int, *, count: int) -> list[Any]:
    """This will make contacts, a template and a request for each mail."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from accounts.models import Company, User
    from customers.models import Contact, Customer
    from mail.models import MailServer, Sender, Template, TemplateVersion
    from mail.services.outbox import Draft

    now = dt.datetime.now(dt.UTC)
    Company.objects.create(
        id=1, name="Bench", base_url="https://keepwell.example", nightly_at="23:59:59"
    )
    MailServer.objects.create(
        id=1, kind="smtp", host="127.0.0.1", port=port, security="none"
    )
    Sender.objects.create(name="Bench", email="post@bench.example", is_default=True)
    owner = User.objects.create_user("owner@bench.example", name="Olga Owner")
    template = Template.objects.create(name="News")
    texts = {"en": {"subject": "News for {customer.name}", "body": TEXT}}
    version = TemplateVersion.objects.create(
        template=template, number=1, texts=texts, created_at=now, frozen_at=now
    )
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=f"C{n}",
            name=f"Customer {n}",
            owner=owner,
            customer_since=now.date(),
            recorded_at=now,
        )
        for n in range(count)
    )
    contacts = Contact.objects.bulk_create(
        Contact(
            customer=customer,
            name=f"Kim Person{n}",
            email=f"kim{n}@customer.example",
            language="en",
            recorded_at=now,
        )
        for n, customer in enumerate(customers)
    )
    return [
        Draft(
            kind="mail.letter",
            to_email=contact.email,
            to_name=contact.name,
            data={"version_id": version.pk, "contact_id": contact.pk},
            effect_key=f"bench:{contact.pk}",
            contact=contact,
            author=owner,
            template_version=version,
        )
        for contact in contacts
    ]


def sent_in(drafts: Sequence[Any]) -> "tuple[float, list[OutboxMessage]]":
    """This will ask for mails and return how long it took until the last one was out."""
    from django.db.models import Max

    from mail.models import OutboxMessage
    from mail.services.outbox import messages_queue

    began = time.time()
    asked = messages_queue(drafts, now=dt.datetime.now(dt.UTC))
    rows = OutboxMessage.objects.filter(pk__in=[row.pk for row in asked])
    waiting = rows.filter(state__in=("pending", "sending"))
    wait_until(lambda: bool(time.sleep(0.05)) or not waiting.exists(), "The last mail")
    if rows.filter(state="sent").count() != len(drafts):
        msg = "Not every mail was sent."
        raise RuntimeError(msg)
    last = rows.aggregate(last=Max("sent_at"))["last"]
    return last.timestamp() - began, list(rows.select_related("contact", "customer"))


def looped_in(port: int, rows: "Sequence[OutboxMessage]") -> float:
    """This will send the same bytes by a bare loop and return how long it took."""
    from mail.rendering import frame_load, message_email

    frame = frame_load()
    made = [
        (
            row.to_email,
            message_email(row, frame=frame).message().as_bytes(linesep="\r\n"),
        )
        for row in rows
    ]
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as client:
        for to_email, raw in made:
            client.sendmail("post@bench.example", [to_email], raw)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
