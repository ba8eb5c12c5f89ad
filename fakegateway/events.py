"""Events: what changed, kept with a copy of the object as it was then."""

from contextvars import ContextVar
from typing import Any

from fakegateway.errors import Obj
from fakegateway.shapes import VERSION
from fakegateway.shown import shown
from fakegateway.store import Store

# The request that is being answered: (its number, its idempotency key).
asking: ContextVar[tuple[str | None, str | None]] = ContextVar(
    "asking", default=(None, None)
)


def emit(store: Store, kind: str, row: Obj, **before: Any) -> None:
    """This will note an event, and have it told to whoever listens."""
    number, key = asking.get()
    event: Obj = {
        "id": store.next_id("evt"),
        "object": "event",
        "created": store.clock.now(),
        "livemode": False,
        "api_version": VERSION,
        "pending_webhooks": 1,
        "request": {"id": number, "idempotency_key": key},
        "type": kind,
        "_object": shown(store, row),
        "_before": before,
    }
    store.put(event)
    store.waiting.append(event["id"])


def changed(store: Store, kind: str, row: Obj, **values: Any) -> None:
    """This will change an object and note it, if that changes anything."""
    before = {name: row.get(name) for name in values if row.get(name) != values[name]}
    if before:
        row.update(values)
        store.put(row)
        emit(store, kind, row, **before)
