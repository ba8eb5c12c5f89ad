"""A survey's public page under eight submits at once, mail scanners and forged links.

    script/chaos survey_visits          20 invitations answered, 60 visits, 1,200 tokens
    script/chaos survey_visits --full   1,000 answered, 1,000 visits, 100,000 tokens

Everything is asked of a whole site by its addresses, and then its database is counted.
`script/chaos surveys` runs this too.
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos import survey_scanners, survey_tokens
from tests.chaos.mail import Figure
from tests.live import Site, site
from tests.wire import Wire

SEED = 20261122
AT_ONCE = 8
Link = tuple[int, str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    found = figures(full=parser.parse_args().full)
    for name, value, goal, fine in found:
        print(f"{name:<44} {value:>8} (goal {goal}) {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in found) else 1


def figures(*, full: bool) -> list[Figure]:
    """This will visit a site of its own in every way and count what is left."""
    answered, visits, tokens = (1_000, 1_000, 100_000) if full else (20, 60, 1_200)
    with (
        tempfile.TemporaryDirectory() as folder,
        site(Path(folder) / "site") as running,
    ):
        running.start_web("--workers", "2", "--threads", "4")
        kinds = survey_scanners.plan(visits)
        fresh = kinds.count("fast")
        old = answered + visits - fresh + survey_scanners.TAPS
        said = running.python(
            f"from tests.invited import lay; lay(old={old}, fresh={fresh})"
        )
        laid = json.loads(said.splitlines()[-1])
        links = [(pk, token) for pk, token in laid["old"]]
        hurried = [(pk, token) for pk, token in laid["fresh"]]
        # What was handed over just now is visited first, before the minute is over.
        found = survey_scanners.scanned(running, kinds, hurried + links[answered:])
        found += submitted(running, links[:answered])
        found += survey_tokens.forged(running, links[:50], laid["refused"], tokens)
    return found


def submitted(running: Site, links: list[Link]) -> list[Figure]:
    """This will submit eight different answers to each invitation at the same moment."""
    chance, statuses = Random(SEED), Counter[int]()
    plan = [(pk, token, chance.sample(range(11), AT_ONCE)) for pk, token in links]
    together, lock = threading.Barrier(AT_ONCE, timeout=600), threading.Lock()

    def person(number: int) -> None:
        wire = Wire(running.address)
        try:
            for _pk, token, scores in plan:
                body = _body(scores[number], touched=number % 2 == 1)
                together.wait()
                reply = wire.ask("POST", f"/s/{token}", body)
                with lock:
                    statuses[reply.status] += 1
        except BaseException:
            # The others would wait for it in vain.
            together.abort()
            raise
        finally:
            wire.close()

    people = [threading.Thread(target=person, args=[n]) for n in range(AT_ONCE)]
    began = time.monotonic()
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    seconds = time.monotonic() - began
    print(f"{'submits: seconds, by status':<44} {seconds:>8.1f} {dict(statuses)}")
    return _counted(running, {pk: scores for pk, _token, scores in plan}, statuses)


def _body(score: int, *, touched: bool) -> str:
    if touched:
        return f"step=confirm&score={score}"
    return f"step=send&score={score}&comment=because+of+{score}"


def _counted(
    running: Site, tried: dict[int, list[int]], statuses: Counter[int]
) -> list[Figure]:
    rows = running.rows(
        "SELECT r.invitation_id, r.score, r.comment, r.counted, count(e.id),"
        " (array_agg(e.score ORDER BY e.id DESC))[1],"
        " (SELECT count(*) FROM customers_task t WHERE t.type = 'survey_answer'"
        "  AND t.reason = 'answer-' || r.id AND t.state = 'open'),"
        " (SELECT count(*) FROM customers_event v WHERE v.customer_id = r.customer_id"
        "  AND v.kind = 'surveys.response_received')"
        " FROM surveys_response r JOIN surveys_responseedit e ON e.response_id = r.id"
        f" WHERE r.invitation_id IN ({', '.join(map(str, tried))}) GROUP BY r.id"
    )
    people = len({row[0] for row in rows})
    wrong = sum(_is_wrong(tried[int(str(row[0]))], row) for row in rows)
    most = max((int(str(row[4])) for row in rows), default=0)
    tasks = sum(row[6] != (int(str(row[1])) <= 6) for row in rows)
    told = sum(row[7] == 1 for row in rows)
    fine = statuses[204] + statuses[302]
    asked, number = AT_ONCE * len(tried), len(tried)
    return [
        ("submits taken, 8 at once", fine, str(asked), fine == asked),
        ("answers", len(rows), str(number), len(rows) == people == number),
        ("answers that nobody submitted so", wrong, "0", wrong == 0),
        ("most edits of an answer", most, "<= 8", 0 < most <= AT_ONCE),
        ("tasks that do not fit their answer", tasks, "0", tasks == 0),
        ("answers told once on the timeline", told, str(number), told == number),
    ]


def _is_wrong(scores: list[int], row: tuple[Any, ...]) -> bool:
    """This will be true of an answer other than the last that was submitted."""
    _pk, score, comment, counted, _edits, newest, _tasks, _told = row
    said = {f"because of {sent}" for sent in scores[::2]}
    return (
        score not in scores
        or score != newest
        or comment not in said
        or counted is not True
    )


if __name__ == "__main__":
    sys.exit(main())
