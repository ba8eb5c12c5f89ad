"""Mail under fire: workers killed, the database crashed, a mail server that misbehaves.

    script/chaos mail          240 messages, 3 kills, 1 database crash
    script/chaos mail --full   5,000 messages, 40 kills, 3 database crashes

The mail server is a process of its own that writes down every mail it takes before it
answers. A twentieth of the mails meets a fault (an answer of 4xx or a hang-up, before the
mail is taken), of every hundredth the answer is lost after it was taken. In the end its
ledger is compared with the outbox. Afterwards people unsubscribe at the very moment in
which a mail to them is being sent.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.processes import WAIT, Child, beat, wait_until, worker
from tests.servers import Servers, own_servers
from tests.sink import Taken, own_sink

SEED = 20261122
# The lease of the scenario; what is left behind shows after that many seconds.
LEASE = 4
PROCESSES = 2
TRIES = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    with (
        tempfile.TemporaryDirectory() as folder,
        own_servers() as servers,
        own_sink(Path(folder) / "storm", SEED) as port,
        own_sink(Path(folder) / "calm") as calm_port,
    ):
        os.environ.update(
            **servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_MAIL_LEASE_SECONDS=str(LEASE),
            KEEPWELL_MAIL_SLICE_SECONDS="2",
            KEEPWELL_MAIL_RETRY_SECONDS="1",
            OMP_NUM_THREADS="1",
        )
        size, kills, crashes, races = (5_000, 40, 3, 1_000) if full else (240, 3, 1, 60)
        prepare()
        figures = storm(
            Path(folder), servers, port, size=size, kills=kills, crashes=crashes
        )
        figures += unsubscribing(calm_port, races=races)
    for name, value, goal, fine in figures:
        print(f"{name:<36} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


Figure = tuple[str, Any, str, bool]


def prepare() -> None:
    """This will make an empty company in which nothing but mail happens."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from accounts.models import Company

    # Nothing else is to happen meanwhile.
    Company.objects.create(id=1, name="Storm", nightly_at="23:59:59")


def leave_by(port: int) -> None:
    """This will send all mail to a port of this machine."""
    from mail.models import MailServer

    fields = {"kind": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    MailServer.objects.update_or_create(id=1, defaults=fields)


def ask(size: int) -> None:
    """This will put the mails into the outbox, to a hundred contacts."""
    from django.utils import timezone

    from customers.models import Contact, Customer
    from mail.services.outbox import Draft, messages_queue

    now = timezone.now()
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=f"C{n}", name=f"C{n}", customer_since=now.date(),
            recorded_at=now,
        )
        for n in range(100)
    )  # fmt: skip
    contacts = Contact.objects.bulk_create(
        Contact(
            customer=customer, name=f"Person {n}", email=f"p{n}@example.org",
            recorded_at=now,
        )
        for n, customer in enumerate(customers)
    )  # fmt: skip
    drafts = [
        Draft(
            kind="mail.test",
            to_email=contacts[n % 100].email,
            contact=contacts[n % 100],
            data={},
            effect_key=f"storm:{n}",
        )
        for n in range(size)
    ]
    messages_queue(drafts, now=now)


@dataclass
class Blows:
    """What was done, and what was under way in that moment."""

    kills: int = 0
    crashes: int = 0
    # (message, claim) that stood as "sending" when nobody was left to finish it.
    orphans: set[tuple[int, Any]] = field(default_factory=set)


def storm(
    folder: Path, servers: Servers, port: int, *, size: int, kills: int, crashes: int
) -> list[Figure]:
    """This will send everything while things break, and compare what is told."""
    leave_by(port)
    ask(size)
    started = time.monotonic()
    blows = strike(folder, servers, size=size, kills=kills, crashes=crashes)
    print(f"{'seconds':<36} {time.monotonic() - started:>8.1f}")
    return compare(Taken(folder / "storm"), blows, size=size, kills=kills)


def open_messages() -> int:
    from mail.models import OutboxMessage

    return OutboxMessage.objects.filter(state__in=("pending", "sending")).count()


def under_way() -> set[tuple[int, Any]]:
    from mail.models import OutboxMessage

    sending = OutboxMessage.objects.filter(state="sending")
    return set(sending.values_list("pk", "claim"))


def strike(
    folder: Path, servers: Servers, *, size: int, kills: int, crashes: int
) -> Blows:
    """This will let a real worker send while it is killed and the database crashes."""
    from django.db import connection

    env, log, blows = dict(os.environ), folder / "log", Blows()
    children: list[Child] = []
    total = kills + crashes
    crash_at = {total * (n + 1) // (crashes + 1) for n in range(crashes)}
    try:
        children += [beat(env, log, folder / "beat"), worker(env, log)]
        for number in range(total):
            left = size - size * (number + 1) // (total + 2)
            wait_until(
                lambda left=left, seen=frozenset(blows.orphans): (
                    open_messages() <= left and under_way() - seen
                ),
                f"Message {size - left} with another one under way",
                WAIT,
            )
            if number in crash_at:
                servers.postgres.crash()
                connection.close()
                servers.postgres.start()
                blows.crashes += 1
            else:
                children.pop().kill()
                blows.kills += 1
                blows.orphans |= under_way()
                children.append(worker(env, log))
        wait_until(lambda: open_messages() == 0, "The end of the outbox", WAIT)
    except TimeoutError:
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
        standing()
        raise
    finally:
        for child in reversed(children):
            child.kill()
    return blows


def standing() -> None:
    """This will print how things stand when they do not go on."""
    from django.db import connection
    from django.db.models import Count, Max, Q

    from health.models import Heartbeat
    from mail.models import MailServer, OutboxMessage

    connection.close()
    print("now", time.strftime("%H:%M:%S", time.gmtime()))
    print("tick", *Heartbeat.objects.values_list("beat_at", flat=True))
    print("server", MailServer.objects.values("trouble", "resumes_at").first())
    claimed = Q(claim__isnull=False)
    for row in OutboxMessage.objects.values("state", "reason").annotate(
        count=Count("id"),
        claimed=Count("id", filter=claimed),
        due=Max("due_at"),
        sent=Max("sent_at"),
    ):
        print(row)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, state, wait_event, xact_start, left(query, 100)"
            " FROM pg_stat_activity WHERE datname = current_database()"
        )
        for line in cursor.fetchall():
            print(*line)


def compare(taken: Taken, blows: Blows, *, size: int, kills: int) -> list[Figure]:
    """This will hold the outbox against the mail server's ledger."""
    from customers.models import Event
    from mail.models import OutboxMessage

    rows = dict(OutboxMessage.objects.values_list("message_id", "state"))
    states = Counter(rows.values())
    accounted = states["sent"] + states["failed"] + states["unknown"]
    doubled = sum(count - 1 for count in taken.mails.values())
    untrue = sum(s == "sent" and not taken.mails[name] for name, s in rows.items())
    arrived = sum(s == "unknown" and taken.mails[n] > 0 for n, s in rows.items())
    failed_but_taken = sum(s == "failed" and taken.mails[n] for n, s in rows.items())
    bound = len(blows.orphans) + len(taken.lost) + PROCESSES * blows.crashes
    events = Event.objects.count()
    retried = OutboxMessage.objects.filter(state="sent", attempts__gt=1).count()
    faults = sum(taken.faults.values())
    print(f"{'faults before the mail was taken':<36} {faults:>8} {dict(taken.faults)}")
    print(f"{'answers lost after it was taken':<36} {len(taken.lost):>8}")
    print(f"{'under way at the kills':<36} {len(blows.orphans):>8}")
    print(f"{'sent at once / after other tries':<36} "
          f"{states['sent'] - retried:>8} / {retried}")  # fmt: skip
    print(f"{'unknown: had arrived / had not':<36} "
          f"{arrived:>8} / {states['unknown'] - arrived}")  # fmt: skip
    lost, killed, crashed = causes(taken, blows)
    print(f"{'unknown by lost answer / kill / crash':<36} "
          f"{lost:>7} / {killed} / {crashed}")  # fmt: skip
    return [
        ("messages", len(rows), str(size), len(rows) == size),
        ("worker kills", blows.kills, str(kills), blows.kills == kills),
        ("doubled", doubled, "0", doubled == 0),
        ("unaccounted", size - accounted, "0", accounted == size),
        ('false "sent"', untrue, "0", untrue == 0),
        ("failed", states["failed"], "0", states["failed"] + failed_but_taken == 0),
        ("unknown", states["unknown"], f"<= {bound}", states["unknown"] <= bound),
        ("told on the timeline", events, str(states["sent"]), events == states["sent"]),
    ]


def causes(taken: Taken, blows: Blows) -> tuple[int, int, int]:
    """This will say why messages are unknown: answer lost, worker killed, or else."""
    from mail.models import OutboxMessage

    unknown = OutboxMessage.objects.filter(state="unknown")
    killed = {pk for pk, _claim in blows.orphans}
    lost = unknown.filter(message_id__in=taken.lost).count()
    rest = unknown.exclude(message_id__in=taken.lost).values_list("pk", flat=True)
    by_kill = sum(pk in killed for pk in rest)
    return lost, by_kill, len(rest) - by_kill


def unsubscribing(port: int, *, races: int) -> list[Figure]:
    """This will suppress addresses while mail to them is sent, each at another moment.

    Whoever is on the list while the message still waits must never get it.
    """
    from django.db import connection

    from mail.models import OutboxMessage

    leave_by(port)
    chance, outcomes, wrong = Random(SEED), Counter[str](), 0
    for number in range(races):
        pk = _ask_one(number)
        seen: list[str] = []
        threads = [
            threading.Thread(target=_suppress, args=(number, pk, delay, seen))
            for delay in [chance.random() * 0.025]
        ]
        for thread in threads:
            thread.start()
        # A process that stood still puts its mail back; the next try sends it.
        for _try in range(TRIES):
            _send_one()
            if not open_messages():
                break
        for thread in threads:
            thread.join()
        state = OutboxMessage.objects.values_list("state", flat=True).get(pk=pk)
        outcomes[state] += 1
        wrong += seen == ["pending"] and state == "sent"
    connection.close()
    both = outcomes["sent"] > 0 and outcomes["dropped"] > 0
    print(f"{'races: sent before / dropped':<36} "
          f"{outcomes['sent']:>8} / {outcomes['dropped']}")  # fmt: skip
    over = outcomes["sent"] + outcomes["dropped"]
    return [
        ("unsubscribe races", over, str(races), over == races and both),
        ("sent after the unsubscribe", wrong, "0", wrong == 0),
    ]


def _ask_one(number: int) -> int:
    from django.utils import timezone

    from mail.services.outbox import message_queue

    row = message_queue(
        kind="mail.test",
        to_email=f"race{number}@example.org",
        data={},
        effect_key=f"race:{number}",
        now=timezone.now(),
    )
    assert row is not None
    return row.pk


def _send_one() -> None:
    from mail.services.working import outbox_work

    outbox_work()


def _suppress(number: int, pk: int, delay: float, seen: list[str]) -> None:
    from django.db import connection
    from django.utils import timezone

    from accounts.actor import MACHINE
    from mail.models import OutboxMessage
    from mail.services.suppressions import suppression_add

    time.sleep(delay)
    suppression_add(
        email=f"race{number}@example.org",
        scope="dead",
        reason="by_hand",
        source="race",
        by=MACHINE,
        now=timezone.now(),
    )
    # A question asked after the commit: as long as it says "pending", "sending" was
    # committed later than the suppression.
    seen += OutboxMessage.objects.filter(pk=pk).values_list("state", flat=True)
    connection.close()


if __name__ == "__main__":
    sys.exit(main())
