"""The audit log: written by many at once, tampered with in 1,000 ways, and how fast it is.

    script/bench audit           100 tamperings
    script/bench audit --full    1,000 tamperings

Threads write the log, 100 people are erased from it, and then a superuser of the database
tampers with it, each time in a transaction that is rolled back after the verification.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

import django

SEED = 20_261_122
THREADS, APPENDS, ERASURES = 6, 60, 100
SPEED_ENTRIES = 5_000
SUPERUSER = "postgres"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KEEPWELL_AUDIT_HEADS"] = str(Path(folder) / "heads")
        django.setup()
        logging.getLogger("keepwell").setLevel(logging.WARNING)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        lines = [*written(), *erased(), *tampered(1000 if full else 100)]
        lines += speed(SPEED_ENTRIES if full else SPEED_ENTRIES // 5)
    for what, value, goal, fine in lines:
        word = "ok" if fine else "short"
        print(f"{what} {value:,} goal {goal} {word}" if goal else f"{what} {value:,}")
    return 0 if all(fine for *_, fine in lines) else 1


Line = tuple[str, int, str, bool]


def written() -> list[Line]:
    """This will append from several threads at once and count what the log lacks."""
    from django.db import connection
    from django.utils import timezone

    from accounts.actor import Actor
    from accounts.models import AuditEntry, User
    from accounts.services.audit import audit_record

    people = [
        User.objects.create(email=f"p{n}@example.org", name=f"Person {n}")
        for n in range(ERASURES)
    ]

    def work(number: int) -> None:
        chance = Random(number)
        for _ in range(APPENDS):
            person = chance.choice(people)
            audit_record(
                by=Actor(chance.choice(people), f"192.0.2.{number}", "bench"),
                action="accounts.role_changed",
                now=timezone.now(),
                subject=person,
                person=person,
                before={"role": "csm"},
                after={"role": "manager", "share": chance.random()},
                personal={"subject": {"name": person.name}},
            )
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    total = THREADS * APPENDS
    numbers = list(
        AuditEntry.objects.order_by("number").values_list("number", flat=True)
    )
    sound = numbers == list(range(1, total + 1)) and not alarms()
    return [
        ("written.by_threads", len(numbers), f"{total}, without gap or fork", sound),
        ("written.per_second", round(total / seconds), "", True),
    ]


def erased() -> list[Line]:
    """This will erase everybody, noting each head, and verify now and then."""
    import datetime as dt

    from django.db import connection
    from django.utils import timezone

    from accounts.actor import CONSOLE
    from accounts.models import User
    from accounts.services.audit_erase import audit_details_erase
    from accounts.services.audit_heads import audit_head_note

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_heads AS SELECT entries, digest, mac FROM accounts_audithead"
        )
    now, false, gone = timezone.now(), 0, 0
    for hours, person in enumerate(User.objects.order_by("pk")):
        moment = now + dt.timedelta(hours=2 * hours)
        gone += audit_details_erase(person=person, by=CONSOLE, now=moment)
        audit_head_note(now=moment)
        if hours % 10 == 9:
            false += alarms() > 0
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_heads SELECT entries, digest, mac FROM accounts_audithead"
            )
    return [
        ("erased.entries", gone, f"{THREADS * APPENDS}", gone == THREADS * APPENDS),
        ("erased.false_alarms", false, f"0 after {ERASURES} erasures", false == 0),
    ]


def alarms(*, notes: bool = True) -> int:
    """This will count the faults of the log as it is now."""
    from django.test import override_settings

    from accounts.services.audit_verify import audit_verify

    if notes:
        return audit_verify().fault_count
    with override_settings(AUDIT_HEADS=os.devnull):
        return audit_verify().fault_count


def tampered(times: int) -> list[Line]:
    """This will tamper, verify and roll back, again and again."""
    from django.db import connection, transaction

    from benchmarks.tamperings import ONLY_BY_NOTES, TAMPERINGS

    fresh_details()
    become_superuser()
    missed: Counter[str] = Counter()
    false = 0
    chance = Random(SEED)
    for number in range(times):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            tampering(chance, cursor)
            # The chain and its seal must do without the heads noted elsewhere.
            found = alarms(notes=tampering in ONLY_BY_NOTES)
            missed[tampering.__name__] += found == 0
            transaction.set_rollback(True)
        if number % 10 == 0:
            false += alarms() > 0
    lost = sum(missed.values())
    names = [name for name, count in missed.items() if count]
    if names:
        print(f"missed: {', '.join(names)}")
    return [
        ("tampered.found", times - lost, f"{times}", lost == 0),
        ("tampered.false_alarms", false, "0 in between", false == 0),
    ]


def fresh_details() -> None:
    """This will append entries whose details are still there."""
    from django.utils import timezone

    from accounts.actor import Actor
    from accounts.models import User
    from accounts.services.audit import audit_record
    from accounts.services.audit_heads import audit_head_note

    for person in User.objects.order_by("pk")[:20]:
        by, now = Actor(person, "192.0.2.1", "bench"), timezone.now()
        audit_record(by=by, action="accounts.signed_in", now=now, subject=person)
    audit_head_note(now=now.replace(year=now.year + 1))


def become_superuser() -> None:
    """This will go on as one who may switch the database's own guards off."""
    from django.db import connection

    def mighty() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            return bool(cursor.fetchone()[0])

    if not mighty():
        connection.close()
        connection.settings_dict["USER"] = SUPERUSER
        if not mighty():
            msg = f"Tampering needs a superuser; {SUPERUSER} is none."
            raise RuntimeError(msg)


def speed(entries: int) -> list[Line]:
    """This will time appending and verifying, by one process."""
    from django.utils import timezone

    from accounts.actor import MACHINE
    from accounts.services.audit import audit_record
    from accounts.services.audit_verify import audit_verify

    began = time.perf_counter()
    for number in range(entries):
        audit_record(
            by=MACHINE, action="bench.wrote", now=timezone.now(), after={"n": number}
        )
    appended = time.perf_counter() - began
    began = time.perf_counter()
    finding = audit_verify()
    verified = time.perf_counter() - began
    return [
        ("speed.appends_per_second", round(entries / appended), "", True),
        ("speed.verified_per_second", round(finding.entries / verified), "", True),
        ("speed.faults", finding.fault_count, "0", finding.fine),
    ]


if __name__ == "__main__":
    sys.exit(main())
