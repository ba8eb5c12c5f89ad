"""Asking while it is killed: two workers at once, two surveys, and power cuts in between.

    script/chaos surveys_asking          120 customers, 3 kills
    script/chaos surveys_asking --full   5,000 customers, 40 kills

Nothing is sent. Each contact must have one row in each survey, and be asked by one of the
two; each invitation has one mail in the outbox, and none is without an invitation.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos import mail
from tests.chaos.mail import Figure
from tests.processes import Child, own_database, wait_until

NOW = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
ME = "tests.chaos.surveys_asking"
WORKERS = 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--work", action="store_true")
    options = parser.parse_args()
    if options.work:
        return work()
    size, kills = (5_000, 40) if options.full else (120, 3)
    with tempfile.TemporaryDirectory() as folder, own_database() as url:
        os.environ.update(
            DATABASE_URL=url,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_SURVEY_SLICE_CONTACTS="5",
        )
        mail.prepare()
        surveys_begin(size)
        started = time.monotonic()
        done = strike(Path(folder), size=size, kills=kills)
        print(f"{'seconds':<44} {time.monotonic() - started:>8.1f}")
        figures = [("kills in the middle", done, str(kills), done == kills)]
        figures += compare(size)
        close_connections()
    for name, value, goal, fine in figures:
        print(f"{name:<44} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


def surveys_begin(size: int) -> None:
    """This will make customers with a contact each, and two surveys that want them all."""
    from customers.models import Contact, Customer
    from surveys.models import Survey, SurveyVersion
    from tests.world import CONTENT

    long_ago = NOW - dt.timedelta(days=400)
    customers = Customer.objects.bulk_create(
        Customer(
            external_id=f"C{n}", name=f"C{n}", customer_since=long_ago.date(),
            recorded_at=long_ago,
        )
        for n in range(size)
    )  # fmt: skip
    Contact.objects.bulk_create(
        Contact(
            customer=customer, name=f"Person {n}", email=f"p{n}@example.org",
            recorded_at=long_ago,
        )
        for n, customer in enumerate(customers)
    )  # fmt: skip
    for name in ("one", "two"):
        survey = Survey.objects.create(
            key=name, name=name, kind="nps", state="running", starts_on=NOW.date(),
            started_at=NOW, created_at=NOW,
        )  # fmt: skip
        SurveyVersion.objects.create(survey=survey, number=1, content=CONTENT)


def work() -> int:
    """This will ask as a worker does, without the tick's turn-taking."""
    import django

    django.setup()
    from surveys.models import Survey
    from surveys.selectors.turns import day_of
    from surveys.services.asking import survey_ask

    day = day_of(NOW)
    for survey in Survey.objects.order_by("key"):
        survey_ask(survey=survey, day=day)
    return 0


def rows() -> int:
    from surveys.models import Invitation

    return Invitation.objects.count()


def strike(folder: Path, *, size: int, kills: int) -> int:
    """This will start and kill the workers until all is done; how often in the middle."""
    log, env, done = folder / "log", dict(os.environ), 0
    for number in range(kills):
        children = [Child(ME, "--work", env=env, log=log) for _ in range(WORKERS)]
        enough = 2 * size * (number + 1) // (kills + 2)
        try:
            wait_until(lambda n=enough: rows() > n, f"Row {enough}")
        except TimeoutError:
            sys.stdout.write(log.read_text(errors="replace")[-5000:])
            raise
        finally:
            alive = all(child.process.poll() is None for child in children)
            for child in children:
                child.kill()
        done += alive
    last = Child(ME, "--work", env=env, log=log)
    if last.process.wait(600):
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
    last.log.close()
    return done


def compare(size: int) -> list[Figure]:
    """This will count contacts, invitations and mails against each other."""
    from mail.models import OutboxMessage
    from surveys.models import Invitation, InvitationMail, Survey

    per_contact = Counter(
        Invitation.objects.values_list("contact_id", "survey_id", "state")
    )
    asked = Counter(
        contact for contact, _survey, state in per_contact if state == "asked"
    )
    twice = sum(count > 1 for count in asked.values())
    doubled = sum(count > 1 for count in per_contact.values())
    mails = OutboxMessage.objects.filter(kind="surveys.invitation")
    linked = InvitationMail.objects.filter(invitation__state="asked").count()
    over = Survey.objects.exclude(asked_on=None).count()
    return [
        ("rows, one for each contact and survey", rows(), str(2 * size), rows() == 2 * size),
        ("rows that are doubled", doubled, "0", doubled == 0),
        ("contacts asked", len(asked), str(size), len(asked) == size),
        ("contacts asked by both surveys", twice, "0", twice == 0),
        ("mails", mails.count(), str(size), mails.count() == size),
        ("invitations with one mail", linked, str(size), linked == size),
        ("surveys that know that they are done", over, "2", over == 2),
    ]  # fmt: skip


def close_connections() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
