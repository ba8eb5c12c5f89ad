"""A survey under fire: asked while workers are killed, answered by people and machines.

    script/chaos surveys          160 invitations, 20 that are answered, 1,200 tokens
    script/chaos surveys --full   5,000 invitations, 1,000 answered, 100,000 tokens

First a survey to everybody is asked and sent, over a mail server that misbehaves, by
workers that are killed in the middle of it and a database that crashes. Every contact must
have one invitation with one mail. Then a whole site is visited: by eight submits at once
for each invitation, by mail scanners, and by links that were never given to anybody.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos import mail, survey_visits
from tests.chaos.mail import Figure
from tests.processes import WAIT, beat, wait_until, worker
from tests.servers import own_servers
from tests.sink import Taken, own_sink

# Contacts asked in one transaction: few, so that a kill comes in between.
PART = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    full = parser.parse_args().full
    figures = asked(full=full)
    figures += survey_visits.figures(full=full)
    for name, value, goal, fine in figures:
        print(f"{name:<44} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in figures) else 1


def asked(*, full: bool) -> list[Figure]:
    """This will ask and send on servers of its own."""
    size, early, kills, crashes = (5_000, 10, 30, 3) if full else (160, 2, 2, 1)
    before = dict(os.environ)
    with (
        tempfile.TemporaryDirectory() as folder,
        own_servers() as servers,
        own_sink(Path(folder) / "storm", mail.SEED) as port,
    ):
        os.environ.update(
            **servers.addresses,
            DJANGO_SETTINGS_MODULE="config.settings",
            KEEPWELL_TICK_SECONDS="1",
            KEEPWELL_MAIL_LEASE_SECONDS=str(mail.LEASE),
            KEEPWELL_MAIL_SLICE_SECONDS="2",
            KEEPWELL_MAIL_RETRY_SECONDS="1",
            KEEPWELL_SURVEY_SLICE_CONTACTS=str(PART),
            OMP_NUM_THREADS="1",
        )
        mail.prepare()
        survey_begin(size)
        started = time.monotonic()
        # Nothing is sent yet: the first kills hit the asking.
        hold(dt.timedelta(hours=1))
        killed = strike_early(Path(folder), size=size, kills=early)
        mail.leave_by(port)
        hold(None)
        blows = mail.strike(
            Path(folder), servers, size=size, kills=kills, crashes=crashes
        )
        print(f"{'seconds':<44} {time.monotonic() - started:>8.1f}")
        taken = Taken(Path(folder) / "storm")
        figures = mail.compare(taken, blows, size=size, kills=kills)
        made = compare(taken, size=size)
    os.environ.clear()
    os.environ.update(before)
    return [
        ("kills while invitations are made", killed, str(early), killed == early),
        *made,
        *figures,
    ]


def survey_begin(size: int) -> None:
    """This will make customers, a contact each, and a survey that asks them all today."""
    from django.utils import timezone

    from accounts.models import Company
    from customers.models import Contact, Customer
    from surveys.models import Survey, SurveyVersion
    from tests.world import CONTENT

    # Mail leaves at any hour of any day.
    Company.objects.filter(id=1).update(
        working_days=[1, 2, 3, 4, 5, 6, 7],
        opens_at=dt.time(0),
        closes_at=dt.time(23, 59, 59),
    )
    now = timezone.now()
    long_ago = now - dt.timedelta(days=400)
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
    survey = Survey.objects.create(
        key="storm", name="Storm", kind="nps", state="running", schedule="once",
        starts_on=now.date(), started_at=now, created_at=now,
    )  # fmt: skip
    SurveyVersion.objects.create(survey=survey, number=1, content=CONTENT)


def hold(rest: dt.timedelta | None) -> None:
    """This will make the outbox rest as after trouble with the mail server, or go on."""
    from django.utils import timezone

    from mail.models import MailServer

    until = timezone.now() + rest if rest else None
    MailServer.objects.update_or_create(id=1, defaults={"resumes_at": until})


def invited() -> int:
    from surveys.models import Invitation

    return Invitation.objects.count()


def strike_early(folder: Path, *, size: int, kills: int) -> int:
    """This will kill the workers that make the invitations, and return how often."""
    env, log = dict(os.environ), folder / "log"
    children = [beat(env, log, folder / "beat"), worker(env, log)]
    done = 0
    try:
        for number in range(kills):
            enough = size * number // (kills + 1)
            wait_until(lambda n=enough: invited() > n, f"Invitation {enough}", WAIT)
            done += invited() < size
            children.pop().kill()
            children.append(worker(env, log))
        wait_until(lambda: invited() == size, "All invitations", WAIT)
    except TimeoutError:
        sys.stdout.write(log.read_text(errors="replace")[-5000:])
        raise
    finally:
        for child in reversed(children):
            child.kill()
    return done


def compare(taken: Taken, *, size: int) -> list[Figure]:
    """This will hold the invitations against the mails, contact by contact."""
    from mail.models import OutboxMessage
    from surveys.models import Invitation, InvitationMail

    per_contact = Counter(
        Invitation.objects.filter(state="asked").values_list("contact_id", flat=True)
    )
    mails = Counter(InvitationMail.objects.values_list("invitation_id", "number"))
    per_person: Counter[str] = Counter()
    for message_id, address in OutboxMessage.objects.values_list(
        "message_id", "to_email"
    ):
        per_person[address] += taken.mails[message_id]
    twice = sum(count > 1 for count in per_person.values())
    return [
        ("invitations", invited(), str(size), invited() == size),
        ("contacts invited", len(per_contact), str(size), len(per_contact) == size),
        ("invitations with one mail", len(mails), str(size), len(mails) == size),
        ("people who got two mails", twice, "0", twice == 0),
    ]


if __name__ == "__main__":
    sys.exit(main())
