"""A request to Stripe's API from its headers to its answer."""

import hashlib
import json
import time
from dataclasses import dataclass, field

from fakegateway.errors import Obj, Refusal
from fakegateway.events import asking
from fakegateway.faults import Faults, broken, refusal_for
from fakegateway.forms import parsed
from fakegateway.lists import lines_page
from fakegateway.routes import Handler, listed, routed
from fakegateway.shapes import VERSION
from fakegateway.shown import shown
from fakegateway.store import Store

KEY, READER = "sk_test_fake", "rk_test_reader"
KEPT_SECONDS = 24 * 3600
# What is kept for a key: the rest never began.
KEPT = {200, 402, 500}


@dataclass
class Request:
    """What came in; `key` is the idempotency key."""

    verb: str
    path: str
    query: str = ""
    body: str = ""
    bearer: str = ""
    key: str = ""


@dataclass
class Reply:
    """What goes out; `lost` closes the connection instead."""

    status: int
    body: Obj
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


class Api:
    """Stripe's API over a store. `faults` may be replaced at any moment."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.faults = Faults()
        self.requests = 0

    def answered(self, request: Request) -> Reply:
        """This will answer, in the way the faults would have it."""
        with self.store.lock:
            self.requests += 1
            number = f"req_fake{self.requests:08d}"
            fault = self.faults.drawn(request.verb, request.path)
            self.store.counts[f"{request.verb} {request.path.split('/')[2]}"] += 1
            if fault != "none":
                self.store.counts[f"fault {fault}"] += 1
        wait = self.faults.hang if fault == "hang_before" else self.faults.latency
        time.sleep(wait)
        if fault == "lose_before":
            return Reply(0, {}, lost=True)
        with self.store.lock:
            reply = self._kept(request, number, fault)
            self.store.flush()
        if fault == "hang_after":
            time.sleep(self.faults.hang)
        reply.lost = fault == "lose_after"
        reply.headers |= {"Request-Id": number, "Stripe-Version": VERSION}
        if request.key:
            reply.headers["Idempotency-Key"] = request.key
        return reply

    def _kept(self, request: Request, number: str, fault: str) -> Reply:
        """This will answer a key as it was answered first, or for the first time."""
        try:
            self._let_in(request)
            act, name = routed(request.verb, request.path)
            params = parsed(request.query) | parsed(request.body)
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body, dict(refusal.headers))
        said = _digest(request.verb, request.path, params)
        keyed = request.verb == "POST" and request.key != ""
        again = self._again(request.key, said) if keyed else None
        if again is not None:
            return again
        reply = self._done(act, name, params, (number, request.key or None), fault)
        if keyed and reply.status in KEPT:
            kept = {"said": said, "status": reply.status, "body": reply.body}
            at = self.store.clock.now()
            self.store.answered(request.key, {**kept, "at": at, "by": number})
        return reply

    def _let_in(self, request: Request) -> None:
        keys = self.store.settings.get("keys", [KEY])
        if request.bearer == READER:
            if request.verb != "GET":
                words = "The provided key does not have the required permissions."
                raise Refusal(403, "invalid_request_error", words)
        elif request.bearer not in keys:
            words = "Invalid API Key provided"
            raise Refusal(401, "invalid_request_error", words)

    def _again(self, key: str, said: str) -> Reply | None:
        kept = self.store.answers.get(key)
        if kept is None or kept["at"] + KEPT_SECONDS <= self.store.clock.now():
            return None
        if kept["said"] != said:
            words = (
                "Keys for idempotent requests can only be used with the same parameters "
                f"they were first used with. Try using a key other than '{key}'."
            )
            refusal = Refusal(400, "idempotency_error", words)
            return Reply(400, refusal.body)
        headers = {"Idempotent-Replayed": "true", "Original-Request": kept["by"]}
        return Reply(kept["status"], kept["body"], headers)

    def _done(
        self,
        act: Handler,
        name: str,
        params: Obj,
        asked: tuple[str, str | None],
        fault: str,
    ) -> Reply:
        mark = asking.set(asked)
        try:
            instead = refusal_for(fault, self.faults.retry_after)
            if instead is not None:
                raise instead
            if fault == "error_before":
                raise broken()
            expand = params.pop("expand", [])
            if act_is_list(act):
                params["expand"] = expand
                body = act(self.store, name, params)
            else:
                made = act(self.store, name, params)
                body = made if made.get("deleted") else shown(self.store, made, expand)
            if fault == "error_after":
                raise broken()
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body, dict(refusal.headers))
        finally:
            asking.reset(mark)
        return Reply(200, body)


def act_is_list(act: Handler) -> bool:
    """Lists expand by themselves, beneath `data`."""
    return act is lines_page or getattr(act, "func", None) is listed


def _digest(verb: str, path: str, params: Obj) -> str:
    told = json.dumps([verb, path, params], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
