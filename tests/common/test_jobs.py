"""Waking workers: after the commit, by a name that exists, and never in the way."""

import json
import os
import socket
import subprocess
import sys
import uuid
from base64 import b64decode

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from common.jobs import UnableToFindJob, enqueue


@pytest.mark.django_db
def test_an_unknown_name_fails_at_once() -> None:
    with pytest.raises(UnableToFindJob, match=r"'health\.tikc'"):
        enqueue("health.tikc")


@pytest.mark.django_db
def test_the_wake_up_leaves_with_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        enqueue("health.tick")
    assert len(callbacks) == 1


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_wakes_nobody() -> None:
    kept, lost = uuid.uuid4().hex, uuid.uuid4().hex
    with transaction.atomic():
        enqueue("health.shard_work", shard_id=kept)
    with transaction.atomic():
        enqueue("health.shard_work", shard_id=lost)
        transaction.set_rollback(True)
    assert (_waiting(kept), _waiting(lost)) == (1, 0)


def test_a_broker_that_is_away_costs_nothing_but_a_line() -> None:
    """A process of its own, for the address of the broker is read once."""
    code = (
        "import django; django.setup()\n"
        "from common.jobs import enqueue\n"
        "enqueue('health.tick')\n"
        "print('went on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout == "went on\n", done.stderr
    assert "health.tick waits for the next tick" in done.stderr


def test_a_broker_that_hangs_is_waited_for_once() -> None:
    """Takes connections and never says a word, as a stopped Redis does."""
    code = (
        "import django; django.setup()\n"
        "from common.jobs import enqueue\n"
        "for _ in range(100): enqueue('health.tick')\n"
        "print('went on')"
    )
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        port = silent.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "REDIS_URL": f"redis://127.0.0.1:{port}/0"},
            capture_output=True,
            text=True,
            # A hundred tries of three seconds each would not fit.
            timeout=240,
            check=False,
        )
    assert done.stdout == "went on\n", done.stderr
    assert done.stderr.count("waits for the next tick") == 1


def test_eight_threads_of_a_new_process_all_find_the_job() -> None:
    """Whoever asks while another thread discovers the tasks waits for it."""
    code = (
        "import django; django.setup()\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from common.jobs import enqueue\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    for done in [pool.submit(enqueue, 'health.tick') for _ in range(8)]:\n"
        "        done.result()\n"
        "print('went on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout == "went on\n", done.stderr


def _waiting(shard: str) -> int:
    """This will count the messages about one shard in the real queue, which all share."""
    from celery import current_app

    with current_app.connection_for_read() as connection:
        channel = connection.default_channel
        messages = [json.loads(one) for one in channel.client.lrange("default", 0, -1)]
    return sum(shard in b64decode(one["body"]).decode() for one in messages)
