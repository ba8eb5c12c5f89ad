"""The audit log's chain of digests. Pure: the same bytes give the same digests for ever."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry's digest covers: every column, and the digest before it."""

    number: int
    at: dt.datetime
    actor_id: int | None
    action: str
    subject_type: str
    subject_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    detail_digest: str
    previous: str


def canonical(value: Any) -> bytes:
    """This will write plain data as JSON in one way only: sorted, compact, in UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def plain(value: Any) -> Any:
    """This will make of JSON what PostgreSQL's jsonb gives back unchanged.

    jsonb writes 1e16 as an integer and refuses the character 0; a lone surrogate has no
    UTF-8. Either would make an honest entry look forged.
    """
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {plain(str(key)): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def link_digest(link: Link) -> str:
    """This will return the SHA-256 (hex) of an entry, which the next one carries."""
    fields = [
        link.number,
        link.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        link.actor_id,
        link.action,
        link.subject_type,
        link.subject_id,
        link.before,
        link.after,
        link.detail_digest,
        link.previous,
    ]
    return hashlib.sha256(canonical(fields)).hexdigest()


def detail_digest(salt: str, person_id: int | None, data: Mapping[str, Any]) -> str:
    """This will return the digest of personal details. Their salt goes when they go."""
    return hashlib.sha256(canonical([salt, person_id, data])).hexdigest()


def head_mac(key: bytes, entries: int, digest: str) -> str:
    """This will seal the chain's length and end with a key kept out of the database."""
    return hmac.new(key, canonical([entries, digest]), hashlib.sha256).hexdigest()
