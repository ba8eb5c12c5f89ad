"""Importing everything that stands at a gateway: objects per second, memory, twice.

    script/bench gateway_import            500 subscriptions
    script/bench gateway_import --full     5,000 subscriptions

The fake gateway runs in a process of its own and speaks Stripe's API; every customer there
has a card, a subscription and twelve invoices with a payment each. The import is done as
workers do it, slice after slice, and then once more, when nothing may change.
"""

import argparse
import datetime as dt
import http.client
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

INVOICES = 12
MONTH = 30 * 86_400
# What an hour must be enough for: 5,000 subscriptions with a year of invoices.
GOAL_PER_SECOND = 40.0
SLICE_SECONDS = 20.0
AT_ONCE = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    size = 5_000 if parser.parse_args().full else 500
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory() as folder, fake(Path(folder)) as address:
        os.environ["KEEPWELL_STRIPE_ADDRESS"] = address
        django.setup()
        return figures(address, size)


@contextmanager
def fake(folder: Path) -> Iterator[str]:
    """This will run a fake gateway, and return its address."""
    told = folder / "port"
    command = [sys.executable, "-m", "fakegateway", "--port-file", str(told)]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [*command, "--journal", str(folder / "journal")]
    )
    try:
        until = time.monotonic() + 60
        while not told.exists():
            if process.poll() is not None or time.monotonic() > until:
                msg = "The fake gateway does not start."
                raise RuntimeError(msg)
            time.sleep(0.05)
        yield f"http://127.0.0.1:{told.read_text()}"
    finally:
        process.terminate()
        process.wait(20)


def figures(address: str, size: int) -> int:
    """This will fill the gateway, import it twice, and print a line a figure."""
    from django.core.management import call_command

    from billing.models import Invoice, Payment, Subscription

    call_command("migrate", verbosity=0)
    fill(address, size)
    objects, changed, seconds = imported("first")
    there = (
        Subscription.objects.count(),
        Invoice.objects.count(),
        Payment.objects.count(),
    )
    whole = there == (size, size * INVOICES, size * INVOICES)
    fast = objects / seconds >= GOAL_PER_SECOND
    print(f"first.objects {objects} ({changed} new) {'ok' if whole else 'short'}")
    print(f"first.seconds {seconds:.1f} s")
    print(
        f"first.rate {objects / seconds:.0f} objects/s {GOAL_PER_SECOND:.0f}"
        f" {'ok' if fast else 'short'}"
    )
    again, differed, seconds = imported("again")
    print(f"again.rate {again / seconds:.0f} objects/s")
    print(f"again.changed {differed} objects 0 {'short' if differed else 'ok'}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory {most:.0f} MB")
    return 0 if whole and fast and not differed else 1


def fill(address: str, size: int) -> None:
    """This will make customers with what belongs to them, some hundred at a time."""
    host = address.removeprefix("http://")
    link = http.client.HTTPConnection(host, timeout=600)
    ask(link, "settings", {"keys": ["sk_test_bench"], "hook_secrets": ["whsec_bench"]})
    product = make(link, [{"kind": "product", "name": "Route planner"}])[0]
    price = {"kind": "price", "product": product, "currency": "eur", "amount": 4900}
    price_id = make(link, [{**price, "months": 1}])[0]
    for first in range(0, size, AT_ONCE):
        count = min(AT_ONCE, size - first)
        customers = make(link, [customer(first + number) for number in range(count)])
        make(link, [{"kind": "method", "customer": one} for one in customers])
        subscriptions = make(
            link,
            [
                {"kind": "subscription", "customer": one, "price": price_id}
                for one in customers
            ],
        )
        for month in range(INVOICES):
            at = time.time() - (INVOICES - month) * MONTH
            pairs = zip(customers, subscriptions, strict=True)
            make(link, [invoice(one, of, at) for one, of in pairs])
    link.close()


def customer(number: int) -> dict[str, Any]:
    """This will say what a customer there is called."""
    email = f"billing{number}@example.org"
    return {"kind": "customer", "name": f"Customer {number}", "email": email}


def invoice(customer: str, subscription: str, at: float) -> dict[str, Any]:
    """This will say what a paid invoice of a month is."""
    return {
        "kind": "invoice",
        "customer": customer,
        "subscription": subscription,
        "amount": 4900,
        "currency": "eur",
        "state": "open",
        "tries": ["succeeds"],
        "period": [int(at), int(at + MONTH)],
        "at": at,
    }


def make(link: http.client.HTTPConnection, rows: list[dict[str, Any]]) -> list[str]:
    """This will make rows there, and return their ids."""
    return list(ask(link, "make", {"rows": rows})["ids"])


def ask(link: http.client.HTTPConnection, path: str, told: dict[str, Any]) -> Any:
    """This will ask the fake's own interface."""
    headers = {"Content-Type": "application/json"}
    link.request("POST", f"/_/{path}", json.dumps(told), headers)
    reply = link.getresponse()
    answer = json.loads(reply.read())
    if reply.status != 200:
        msg = f"{path}: {answer}"
        raise RuntimeError(msg)
    return answer


def imported(name: str) -> tuple[int, int, float]:
    """This will import everything; how many objects, how many changed, how long it took."""
    from django.utils import timezone

    from accounts.actor import CONSOLE
    from billing.models import GatewayAccount, GatewayObject
    from billing.services.gateways.access import access_sealed
    from billing.services.gateways.importing import import_work
    from billing.services.gateways.imports import import_start

    account, _made = GatewayAccount.objects.get_or_create(
        name="Stripe",
        defaults={
            "kind": "stripe",
            "hook_key": "bench",
            "secrets": access_sealed(key="sk_test_bench", hooks=[]),
            "created_at": timezone.now(),
        },
    )
    # The second time begins when no reader could have been at it since.
    long_ago = timezone.now() - dt.timedelta(hours=1)
    GatewayObject.objects.update(read_at=long_ago)
    row = import_start(account=account, by=CONSOLE, now=timezone.now())
    began = time.perf_counter()
    while row.finished_at is None:
        if not import_work(import_id=row.pk, now=timezone.now(), seconds=SLICE_SECONDS):
            msg = f"{name}: the import cannot go on. {row.trouble}"
            raise RuntimeError(msg)
        row.refresh_from_db()
    seconds = time.perf_counter() - began
    read = sum(counts["read"] for counts in row.counts.values())
    changed = sum(counts["changed"] for counts in row.counts.values())
    return read, changed, seconds


if __name__ == "__main__":
    sys.exit(main())
