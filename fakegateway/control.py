"""The API under /_/: what tests and the demo tell the gateway. JSON in, JSON out."""

from collections.abc import Callable
from typing import Any

from fakegateway.acts import acted
from fakegateway.api import Api
from fakegateway.errors import Obj, Refusal, invalid
from fakegateway.faults import Faults
from fakegateway.hooks import Delivery, options, planned
from fakegateway.making import made
from fakegateway.sender import sent
from fakegateway.shown import shown
from fakegateway.store import Store
from fakegateway.subscriptions import clock_followed

# pays_again: nothing but its key keeps an invoice from being charged twice, as at gateways
# that know of no invoices.
SETTINGS = (
    *("keys", "hook_url", "hook_secrets", "hooks_by_themselves", "retries"),
    "pays_again",
)


class Control:
    """Everything that Stripe has no address for."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.store: Store = api.store

    def answered(self, verb: str, path: str, told: Obj) -> tuple[int, Any]:
        """This will answer a request under /_/ with a status and what is sent."""
        name, _slash, rest = path.removeprefix("/_/").partition("/")
        act = ACTS.get((verb, name))
        if act is None:
            return 404, {"error": {"message": f"Nothing is here: {verb} {path}"}}
        try:
            if act in OUTSIDE:
                return 200, act(self, told, rest)
            with self.store.lock:
                answer = act(self, told, rest)
                self.store.flush()
        except Refusal as refusal:
            return refusal.status, refusal.body
        except (LookupError, ValueError, TypeError) as error:
            return 400, {"error": {"message": f"{type(error).__name__}: {error}"}}
        return 200, answer

    def reset(self, _told: Obj, _rest: str) -> Any:
        """This will forget everything."""
        self.store.reset()
        self.api.faults = Faults()
        return {}

    def settings(self, told: Obj, _rest: str) -> Any:
        """This will change who comes in, where webhooks go, and own retries."""
        if strange := sorted(set(told) - set(SETTINGS)):
            raise invalid(f"No such setting: {strange}")
        self.store.settings.update(told)
        self.store.changed()
        return {}

    def make(self, told: Obj, _rest: str) -> Any:
        """This will make rows and return their ids; with `missing` only what is not there."""
        return {"ids": [self._made(row, told)["id"] for row in told["rows"]]}

    def _made(self, row: Obj, told: Obj) -> Obj:
        there = self.store.get(row.get("id")) if told.get("missing") else None
        return there or made(self.store, row)

    def behave(self, told: Obj, _rest: str) -> Any:
        """This will say what becomes of the next tries with a method; the last stays."""
        self.store.find("payment_method", told["method"])
        self.store.behaviour()[told["method"]] = list(told["fates"])
        self.store.changed()
        return {}

    def faults(self, told: Obj, _rest: str) -> Any:
        """This will have things go wrong from now on; {} ends that."""
        self.api.faults = Faults.told(told)
        return {}

    def clock(self, told: Obj, _rest: str) -> Any:
        """This will move the clock, and do what is then due."""
        if told.get("real"):
            self.store.clock.set(None)
        elif "now" in told:
            self.store.clock.set(float(told["now"]))
        elif "advance" in told:
            self.store.clock.advance(float(told["advance"]))
        self.store.changed()
        done = clock_followed(self.store) if told.get("follow", True) else 0
        return {"now": self.store.clock.now(), "made": done}

    def act(self, told: Obj, _rest: str) -> Any:
        """This will have a customer or a bank do something."""
        return acted(self.store, told)

    def sign(self, told: Obj, _rest: str) -> Any:
        """This will write webhooks without sending them."""
        return [
            {"event": o.event, "body": o.body.decode(), "headers": o.headers}
            | {"forged": o.forged}
            for o in self._planned(told)
        ]

    def deliver(self, told: Obj, _rest: str) -> Any:
        """This will send webhooks now, and count what was answered."""
        with self.store.lock:
            planned_now = self._planned(told)
            url = told.get("url") or self.store.settings["hook_url"]
            self.store.flush()
        return sent(
            url,
            planned_now,
            connections=int(told.get("connections", 1)),
            delay=float(told.get("delay", 0)),
        )

    def _planned(self, told: Obj) -> list[Delivery]:
        events = told.get("events")
        if events is None:
            events = list(self.store.waiting)
            self.store.told(events)
        secrets = told.get("secrets") or self.store.settings.get("hook_secrets", [])
        return planned(self.store, events, secrets, **options(told))

    def waiting(self, _told: Obj, _rest: str) -> Any:
        """This will list the events that nobody was told of: [[id, type]]."""
        return [[n, self.store.find("event", n)["type"]] for n in self.store.waiting]

    def ledger(self, _told: Obj, _rest: str) -> Any:
        """This will list every movement of money, the oldest first."""
        return self.store.money

    def counts(self, _told: Obj, _rest: str) -> Any:
        """This will count requests by what they were for, and faults."""
        return dict(self.store.counts)

    def object(self, _told: Obj, rest: str) -> Any:
        """This will show an object, without counting it as a request."""
        row = self.store.get(rest)
        if row is None:
            raise invalid(f"There is no {rest}.")
        return shown(self.store, row)


Act = Callable[[Control, Obj, str], Any]
ACTS: dict[tuple[str, str], Act] = {
    ("POST", "reset"): Control.reset,
    ("POST", "settings"): Control.settings,
    ("POST", "make"): Control.make,
    ("POST", "behave"): Control.behave,
    ("POST", "faults"): Control.faults,
    ("POST", "clock"): Control.clock,
    ("POST", "act"): Control.act,
    ("POST", "sign"): Control.sign,
    ("POST", "deliver"): Control.deliver,
    ("GET", "waiting"): Control.waiting,
    ("GET", "ledger"): Control.ledger,
    ("GET", "counts"): Control.counts,
    ("GET", "object"): Control.object,
}
# Whoever is sent a webhook may ask us something before it answers.
OUTSIDE: set[Act] = {Control.deliver}
