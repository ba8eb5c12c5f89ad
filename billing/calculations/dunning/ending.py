"""How a case ends, the limit on the way there, and the tasks that people get for it."""

from billing.calculations.dunning.looking import Look, Part
from billing.calculations.dunning.situation import Action

LARGE = "task:amount"
GIVEN_UP = "task:given_up"
# The state a case is closed with, by what became of it.
STATES = {
    "paid": "recovered",
    "void": "stopped",
    "written_off": "stopped",
    "subscription_ended": "stopped",
    "ended_unpaid": "lost",
    "exhausted": "lost",
}


def closing(look: Look) -> Action | None:
    """This will return the end of a case that came from outside, None if there is none.

    What was delivered before a subscription ended is still owed: who pays by transfer is
    reminded of it, but nothing is charged any more.
    """
    snapshot = look.snapshot
    if snapshot.invoice == "paid" or snapshot.owing <= 0:
        return _close(look, "paid" if snapshot.invoice == "open" else snapshot.invoice)
    if snapshot.invoice != "open":
        return _close(look, snapshot.invoice)
    if snapshot.ended_unpaid:
        return _close(look, "ended_unpaid")
    ended = snapshot.subscription_ended and snapshot.collection == "charge"
    return _close(look, "subscription_ended") if ended else None


def limiting(look: Look, *, under_way: bool) -> Part:
    """This will limit access on its day, with a mail that says so."""
    part = Part()
    for step in look.left_of("limit"):
        if not look.has_come(step):
            part.again.append(look.planned(step))
        elif look.hands_off:
            part.due.append(look.skip(step, look.hands_off))
        elif not look.snapshot.has_subscription:
            part.due.append(look.skip(step, "no_subscription"))
        elif under_way:
            part.again.append(look.soon)
        elif look.is_now(step):
            part.due.append(look.do(step, "limit_day"))
        else:
            part.again.append(look.when(look.now))
    return part


def tasks(look: Look) -> Part:
    """This will give the CSM tasks: at once for a large amount, and on their days."""
    part = _large(look)
    for step in look.left_of("task"):
        if not look.has_come(step):
            part.again.append(look.planned(step))
        elif look.hands_off:
            part.due.append(look.skip(step, look.hands_off))
        else:
            part.due.append(look.do(step, "task_day"))
    return part


def ends(look: Look, *, under_way: bool) -> Part:
    """This will do the final action on its day, once nothing is under way, and close."""
    step = look.final
    if step.name in look.names:
        return Part()
    if not look.has_come(step):
        return Part(again=[look.planned(step)])
    if under_way:
        return Part(again=[look.soon])
    if not look.is_now(step):
        return Part(again=[look.when(look.now)])
    action, reason = _final(look)
    due = [look.do(step, reason, (("action", action),))]
    if action == "keep" and GIVEN_UP not in look.names:
        due.append(Action("task", GIVEN_UP, look.planned(step), "given_up"))
    return Part([*due, _close(look, "exhausted")])


def _final(look: Look) -> tuple[str, str]:
    """This will return what is done on the last day, and why."""
    if look.hands_off:
        return "keep", f"final_{look.hands_off}"
    action = look.policy.final_action
    if not look.snapshot.has_subscription and action != "keep":
        return "keep", "final_no_subscription"
    return action, f"final_{action}"


def _large(look: Look) -> Part:
    """This will give a task at once where much is owed; not before a wait is over."""
    most, owing = look.policy.task_from, look.snapshot.owing_converted
    if most is None or owing is None or owing < most or LARGE in look.names:
        return Part()
    if look.hands_off:
        skip = Action("task", LARGE, look.now, look.hands_off, skip=True)
        return Part([skip])
    until = look.snapshot.waits_until
    if until is not None and until > look.now:
        return Part(again=[until])
    data = (("from", str(most)),)
    return Part([Action("task", LARGE, look.now, "large_amount", data=data)])


def _close(look: Look, reason: str) -> Action:
    """This will close; a case that was opened again closes under a name of its own."""
    state = STATES[reason]
    before = [name for name in look.names if name.split(":")[0] == state]
    name = f"{state}:{len(before) + 1}" if before else state
    return Action("close", name, look.now, reason, data=(("state", state),))
