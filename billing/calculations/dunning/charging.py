"""Trying again: which tries are due, which are passed over, and why.

Stripe, Recurly and Chargebee all stop after a hard refusal until the customer pays with
something else; Recurly then tries once at once, and so do we, whatever the schedule says.
An invoice on which a try of ours once succeeded is never charged by itself again, be the
money gone back or not: then a person decides.
"""

import datetime as dt
from itertools import takewhile

from billing.calculations.dunning.looking import Look, Part, told
from billing.calculations.dunning.situation import Action, Method, Step

# So often in a row a try that never reached the gateway is made anew.
MOST_AGAIN = 3
OURS = frozenset({"schedule", "method_changed"})


def charging(look: Look) -> Part:
    """This will return the tries that are due and the moments of those that are not."""
    if look.under_way:
        return Part(again=_held(look))
    part = _now(look)
    if part.does:
        return Part(part.due, part.again + _held(look))
    return _with(part, _retries(look))


def obstacle(look: Look) -> str:
    """This will return why no try by the schedule is made as things are; "" if it is."""
    found = standing(look)
    if found or untried(look):
        return found
    last = look.tried[-1] if look.tried else None
    if last and (last.state == "needs_action" or last.group == "action"):
        return "needs_action"
    return "hard_decline" if last and last.group == "hard" else ""


def standing(look: Look) -> str:
    """This will return what speaks against any try, with whatever method."""
    snapshot = look.snapshot
    if snapshot.collection == "transfer":
        return "not_charged"
    if look.hands_off:
        return look.hands_off
    if not snapshot.may_charge:
        return "not_ours"
    if any(one.state == "succeeded" for one in look.tried):
        return "was_paid_once"
    if _method(look) is None:
        return "no_method"
    return "most_attempts" if len(look.tried) >= look.policy.most_attempts else ""


def too_late(look: Look, day: dt.date) -> bool:
    """This will tell whether a day is past the policy's last one for trying."""
    return (day - look.began_on).days > look.policy.most_days


def untried(look: Look) -> Method | None:
    """This will return the method, if it is another or was renewed since the last try."""
    method = _method(look)
    if method is None:
        return None
    last = look.tried[-1] if look.tried else None
    known = last.method if last else look.snapshot.first_method
    since = last.at if last else look.snapshot.began_at
    is_new = bool(known) and method.id != known
    return method if is_new or method.changed_at > since else None


def _method(look: Look) -> Method | None:
    method = look.snapshot.method
    return None if method is None or method.removed else method


def _now(look: Look) -> Part:
    """This will return a try outside the schedule: a new method, or one to make anew."""
    method = untried(look)
    if method is not None and standing(look) in {"", "most_attempts"}:
        name = f"method_changed:{method.id[-40:]}:{method.changed_at:%y%m%d%H%M%S}"
        if name not in look.names:
            return _with_method(look, name, method.changed_at)
    again = _again(look)
    if again is None or obstacle(look) or too_late(look, look.today):
        return Part()
    return _once(look, again)


def _with_method(look: Look, name: str, changed_at: dt.datetime) -> Part:
    """This will try a new method once, at once; or say why it is not tried.

    Whatever the hour: whoever has just given another card sits there and waits.
    """
    late = "most_days" if too_late(look, look.today) else ""
    reason = standing(look) or late
    if not reason:
        waits = look.snapshot.waits_until
        if waits is not None and waits > look.now:
            return Part(again=[waits])
        return Part([Action("charge_now", name, changed_at, "method_changed")])
    data = told(look, reason)
    return Part([Action("charge_now", name, changed_at, reason, skip=True, data=data)])


def _again(look: Look) -> Action | None:
    """This will return the making anew of a try of ours that was certainly not made."""
    tries = look.snapshot.attempts
    ended = list(takewhile(lambda one: one.state == "not_made", reversed(tries)))
    if not ended or len(ended) > MOST_AGAIN or ended[0].cause not in OURS:
        return None
    last = ended[0]
    name = f"again:{last.number}"
    if name in look.names:
        return None
    data = (("number", str(last.number)),)
    return Action("retry", name, last.at, "again", data=data)


def _once(look: Look, action: Action) -> Part:
    at = look.when(action.due_at)
    return Part([action]) if at == look.now else Part(again=[at])


def _retries(look: Look) -> Part:
    """This will do the newest retry whose time has come, and pass over the older ones."""
    come = [step for step in look.left_of("retry") if look.has_come(step)]
    part = Part(again=_wakes(look))
    if not come:
        return part
    *missed, newest = come
    reason = _against(look)
    if reason:
        part.due = [look.skip(step, reason) for step in come]
    elif look.is_now(newest):
        part.due = [look.skip(step, "missed") for step in missed]
        part.due.append(look.do(newest, "retry_day"))
    else:
        part.again.append(look.when(look.now))
    return part


def _against(look: Look) -> str:
    """This will return why no try is made today; "" if one is."""
    found = obstacle(look)
    if found:
        return found
    if too_late(look, look.today):
        return "most_days"
    today = any(look.day_of(one.at) == look.today for one in look.tried)
    return "tried_today" if today else ""


def expected(look: Look, step: Step) -> str:
    """This will return why a retry to come will be passed over; "" if it is expected."""
    late = too_late(look, look.day_of(look.planned(step)))
    return obstacle(look) or ("most_days" if late else "")


def _held(look: Look) -> list[dt.datetime]:
    """This will return when to look again at retries while another try is under way."""
    waiting = any(look.has_come(step) for step in look.left_of("retry"))
    return _wakes(look) + [look.soon] * waiting


def _wakes(look: Look) -> list[dt.datetime]:
    steps = look.left_of("retry")
    return [look.planned(step) for step in steps if not look.has_come(step)]


def _with(first: Part, second: Part) -> Part:
    return Part(first.due + second.due, first.again + second.again)
