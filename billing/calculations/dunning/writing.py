"""Mails and letters: which is due, and that a customer gets one a day at most.

What was missed is not sent late: the newest mail says all that counts. While a try is under
way nothing is written, because the next minute may make it wrong.
"""

import datetime as dt

from billing.calculations.dunning.looking import WRITES, WRITTEN, Look, Part
from billing.calculations.dunning.situation import Action, Step

NOBODY = "task:nobody_to_write_to"
REASON = {"mail": "mail_day", "letter": "letter_day"}


def writing(look: Look, *, under_way: bool, limits: bool) -> Part:
    """This will return the mails that are due. `limits`: a mail says so today anyway."""
    part = Part(again=_wakes(look))
    come = [step for step in look.left_of(*WRITES) if look.has_come(step)]
    if under_way:
        part.again += [look.soon] * bool(come)
        return part
    confirm = _confirm(look)
    if confirm:
        _ask_to_confirm(look, part, confirm, limits=limits)
    if come:
        _write(look, part, come, limits=limits or part.does)
    return part


def written_today(look: Look) -> bool:
    """This will tell whether the customer was written to on their day."""
    return any(
        name.startswith(WRITTEN)
        and name not in look.snapshot.skipped
        and look.day_of(at) == look.today
        for name, at in look.snapshot.done
    )


def _confirm(look: Look) -> Action | None:
    """This will return the mail with the page on which the last try is confirmed."""
    last = look.tried[-1] if look.tried else None
    if last is None or look.hands_off:
        return None
    waits = last.state == "needs_action"
    waits = waits or (last.state == "declined" and last.group == "action")
    name = f"confirm:{last.number}"
    if not waits or name in look.names:
        return None
    data = (("number", str(last.number)), ("attempt", str(last.number)))
    return Action("mail", name, last.at, "confirm", data=data)


def _ask_to_confirm(look: Look, part: Part, mail: Action, *, limits: bool) -> None:
    if not look.snapshot.has_address:
        part.due.append(_instead(mail, "no_address"))
        part.due += _nobody(look, part)
    elif limits or written_today(look):
        midnight = look.today + dt.timedelta(days=1)
        at = dt.datetime.combine(midnight, dt.time(), tzinfo=look.snapshot.zone)
        part.again.append(look.when(at))
    elif look.when(mail.due_at) == look.now:
        part.due.append(mail)
    else:
        part.again.append(look.when(mail.due_at))


def _write(look: Look, part: Part, come: list[Step], *, limits: bool) -> None:
    """This will write the newest mail whose time has come, and skip the older ones."""
    *older, newest = come
    reason = look.hands_off or ("" if look.snapshot.has_address else "no_address")
    if reason:
        part.due += [look.skip(step, reason) for step in come]
        part.due += [] if look.hands_off else _nobody(look, part)
    elif limits or written_today(look):
        part.due += [look.skip(step, "newer_mail") for step in older]
        part.due.append(look.skip(newest, "written_today"))
    elif look.is_now(newest):
        part.due += [look.skip(step, "newer_mail") for step in older]
        part.due.append(look.do(newest, REASON[newest.kind]))
    else:
        part.again.append(look.when(look.now))


def _nobody(look: Look, part: Part) -> list[Action]:
    """This will give the CSM a task, once: there is no address to write to."""
    if NOBODY in {*look.names, *(action.step for action in part.due)}:
        return []
    return [Action("task", NOBODY, look.now, "nobody_to_write_to")]


def _instead(action: Action, reason: str) -> Action:
    return Action(action.kind, action.step, action.due_at, reason, skip=True)


def _wakes(look: Look) -> list[dt.datetime]:
    steps = look.left_of(*WRITES)
    return [look.planned(step) for step in steps if not look.has_come(step)]
