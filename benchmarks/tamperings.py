"""Ways to tamper with the audit log, as a superuser of the database would.

Each takes a source of chance and a cursor with triggers and foreign keys switched off,
changes the log for certain, and returns nothing. None knows the key of the seal.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from random import Random
from typing import Any

from accounts.calculations.chain import START, Link, link_digest

Tampering = Callable[[Random, Any], None]
JSON = ("before", "after")
COLUMNS = tuple(Link.__slots__)
ENTRY = "accounts_auditentry"


def entries(cursor: Any) -> list[tuple[Link, str]]:
    """This will read the whole log."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    cursor.execute(f"SELECT {names}, digest FROM {ENTRY} ORDER BY number")
    return [
        (Link(*[json.loads(v) if isinstance(v, str) and c in JSON else v
                for c, v in zip(COLUMNS, row[:-1], strict=True)]), row[-1])
        for row in cursor.fetchall()
    ]  # fmt: skip


def write(cursor: Any, rows: list[Link]) -> None:
    """This will put a log in place of the one there, each digest and link right."""
    cursor.execute(f"DELETE FROM {ENTRY}")
    previous = START
    for number, link in enumerate(rows, start=1):
        link = dataclasses.replace(link, number=number, previous=previous)  # noqa: PLW2901
        previous = link_digest(link)
        insert(cursor, link, previous)
    cursor.execute(
        "UPDATE accounts_audithead SET entries = %s, digest = %s", [len(rows), previous]
    )


def insert(cursor: Any, link: Link, digest: str) -> None:
    """This will add a row as it is given."""
    values = [
        json.dumps(getattr(link, name)) if name in JSON else getattr(link, name)
        for name in COLUMNS
    ]
    places = ", ".join(["%s"] * (len(COLUMNS) + 1))
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    cursor.execute(
        f"INSERT INTO {ENTRY} ({names}, digest) VALUES ({places})", [*values, digest]
    )


def other(chance: Random, name: str, value: Any) -> Any:
    """This will choose a value that differs from the one there."""
    if name == "number":
        return 10_000_000 + chance.randrange(1000)
    if name == "at":
        return value + dt.timedelta(microseconds=chance.choice([1, 10**6, -(10**9)]))
    if name == "actor_id":
        return (value or 0) + chance.choice([1, 7])
    if name in JSON:
        return {**value, "role": f"admin{chance.randrange(99)}"}
    if name in {"detail_digest", "previous", "digest"}:
        place = chance.randrange(len(value))
        letter = "0" if value[place] != "0" else "1"
        return value[:place] + letter + value[place + 1 :]
    return f"{value}x"


def forged(chance: Random, link: Link) -> Link:
    """This will change one thing that an entry tells."""
    name = chance.choice(
        ["at", "actor_id", "action", "subject_type", "subject_id", "before", "after"]
    )
    return dataclasses.replace(link, **{name: other(chance, name, getattr(link, name))})


def edit(chance: Random, cursor: Any) -> None:
    """Any column of any entry."""
    link, digest = chance.choice(entries(cursor))
    name = chance.choice([*COLUMNS, "digest"])
    old = digest if name == "digest" else getattr(link, name)
    value = other(chance, name, old)
    cursor.execute(
        f'UPDATE {ENTRY} SET "{name}" = %s WHERE number = %s',
        [json.dumps(value) if name in JSON else value, link.number],
    )


def edit_own_digest(chance: Random, cursor: Any) -> None:
    """An entry together with its digest."""
    link, _ = chance.choice(entries(cursor))
    new = forged(chance, link)
    cursor.execute(f"DELETE FROM {ENTRY} WHERE number = %s", [link.number])
    insert(cursor, new, link_digest(new))


def edit_rewriting(chance: Random, cursor: Any) -> None:
    """An entry, all later digests, and the head."""
    rows = [link for link, _ in entries(cursor)]
    place = chance.randrange(len(rows))
    rows[place] = forged(chance, rows[place])
    write(cursor, rows)


def delete(chance: Random, cursor: Any) -> None:
    """An entry, leaving a gap."""
    link, _ = chance.choice(entries(cursor))
    cursor.execute(f"DELETE FROM {ENTRY} WHERE number = %s", [link.number])


def delete_rewriting(chance: Random, cursor: Any) -> None:
    """An entry; all later ones are numbered and chained anew."""
    rows = [link for link, _ in entries(cursor)]
    rows.pop(chance.randrange(len(rows)))
    write(cursor, rows)


def insert_at_end(chance: Random, cursor: Any) -> None:
    """A forged last entry that fits, and the head with it."""
    rows = entries(cursor)
    last, digest = rows[-1]
    new = dataclasses.replace(
        forged(chance, chance.choice(rows)[0]), number=last.number + 1, previous=digest
    )
    insert(cursor, new, link_digest(new))
    if chance.random() < 0.5:
        cursor.execute(
            "UPDATE accounts_audithead SET entries = %s, digest = %s",
            [new.number, link_digest(new)],
        )


def insert_rewriting(chance: Random, cursor: Any) -> None:
    """A forged entry somewhere; all later ones are numbered and chained anew."""
    rows = [link for link, _ in entries(cursor)]
    rows.insert(chance.randrange(len(rows)), forged(chance, chance.choice(rows)))
    write(cursor, rows)


def swap(chance: Random, cursor: Any) -> None:
    """Two entries change places: by their numbers, or with all digests made anew."""
    rows = entries(cursor)
    one, two = sorted(chance.sample(range(len(rows)), 2))
    if chance.random() < 0.5:
        links = [link for link, _ in rows]
        links[one], links[two] = links[two], links[one]
        write(cursor, links)
        return
    (a, a_digest), (b, b_digest) = rows[one], rows[two]
    cursor.execute(
        f"DELETE FROM {ENTRY} WHERE number IN (%s, %s)", [a.number, b.number]
    )
    insert(cursor, dataclasses.replace(a, number=b.number), a_digest)
    insert(cursor, dataclasses.replace(b, number=a.number), b_digest)


def cut(chance: Random, cursor: Any) -> None:
    """The last entries; sometimes the head says so."""
    rows = entries(cursor)
    kept = len(rows) - chance.randint(1, len(rows) - 1)
    cursor.execute(f"DELETE FROM {ENTRY} WHERE number > %s", [kept])
    if chance.random() < 0.5:
        cursor.execute(
            "UPDATE accounts_audithead SET entries = %s, digest = %s",
            [kept, rows[kept - 1][1]],
        )


def cut_with_old_seal(chance: Random, cursor: Any) -> None:
    """The last entries and their details, and the head as it truly was back then."""
    cursor.execute("SELECT entries, digest, mac FROM bench_heads ORDER BY entries")
    older = chance.choice(cursor.fetchall()[:-1])
    cursor.execute(f"DELETE FROM {ENTRY} WHERE number > %s", [older[0]])
    cursor.execute("DELETE FROM accounts_auditdetail WHERE entry_id > %s", [older[0]])
    cursor.execute(
        "UPDATE accounts_audithead SET entries = %s, digest = %s, mac = %s", older
    )


def empty(chance: Random, cursor: Any) -> None:
    """Everything; sometimes the head remains."""
    cursor.execute("DELETE FROM accounts_auditdetail")
    cursor.execute(f"DELETE FROM {ENTRY}")
    if chance.random() < 0.5:
        cursor.execute("DELETE FROM accounts_audithead")


def detail_edit(chance: Random, cursor: Any) -> None:
    """A column of the details of an entry."""
    change = chance.choice(
        [
            """data = data || '{"address": "203.0.113.99"}'""",
            """data = jsonb_set(data, '{actor}', '{"name": "Nobody"}')""",
            "salt = md5(salt)",
            "person_id = coalesce(person_id, 0) + 1",
        ]
    )
    cursor.execute(
        f"UPDATE accounts_auditdetail SET {change} WHERE entry_id = %s",
        [some_detail(chance, cursor)],
    )


def detail_delete(chance: Random, cursor: Any) -> None:
    """The details of an entry, without the log's saying so."""
    cursor.execute(
        "DELETE FROM accounts_auditdetail WHERE entry_id = %s",
        [some_detail(chance, cursor)],
    )


def detail_insert(chance: Random, cursor: Any) -> None:
    """Details for an entry whose own were erased, or for none at all."""
    cursor.execute(
        f"SELECT number FROM {ENTRY} WHERE number NOT IN"
        " (SELECT entry_id FROM accounts_auditdetail) ORDER BY number"
    )
    bare = [number for (number,) in cursor.fetchall()]
    cursor.execute(
        "INSERT INTO accounts_auditdetail VALUES (%s, NULL, 'salt', '{}')",
        [chance.choice([*bare, 10_000_000])],
    )


def some_detail(chance: Random, cursor: Any) -> int:
    """This will choose an entry that has details."""
    cursor.execute("SELECT entry_id FROM accounts_auditdetail ORDER BY entry_id")
    return int(chance.choice(cursor.fetchall())[0])


def head_edit(chance: Random, cursor: Any) -> None:
    """The head alone, or away with it."""
    change = chance.choice(
        [
            "UPDATE accounts_audithead SET entries = entries + 1",
            "UPDATE accounts_audithead SET digest = repeat('a', 64)",
            "UPDATE accounts_audithead SET mac = repeat('a', 64)",
            "DELETE FROM accounts_audithead",
        ]
    )
    cursor.execute(change)


TAMPERINGS: tuple[Tampering, ...] = (
    edit,
    edit_own_digest,
    edit_rewriting,
    delete,
    delete_rewriting,
    insert_at_end,
    insert_rewriting,
    swap,
    cut,
    cut_with_old_seal,
    empty,
    detail_edit,
    detail_delete,
    detail_insert,
    head_edit,
)
# Whoever takes the newest entries away and puts back a head that was true once leaves a
# log that is sound in itself, as does who takes everything.
ONLY_BY_NOTES = {cut_with_old_seal, empty}
