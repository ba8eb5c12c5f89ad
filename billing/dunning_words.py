"""What dunning did or left out and why, in words; none of them ends with a full stop."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.selectors import company as the_company
from billing.calculations.dunning.declines import reason_of
from billing.enums import StepKind
from common.templatetags import ui

# Codes of calculations.dunning.reasons whose words need nothing.
PLAIN: Mapping[str, Any] = {
    "method_changed": gettext_lazy("The payment method has changed"),
    "nobody_to_write_to": gettext_lazy("Nobody at the customer can be written to"),
    "given_up": gettext_lazy("The last day is over and nothing was paid"),
    "paid": gettext_lazy("Nothing is owed any more"),
    "void": gettext_lazy("The invoice was credited in full"),
    "written_off": gettext_lazy("The invoice was written off"),
    "subscription_ended": gettext_lazy("The subscription has ended"),
    "ended_unpaid": gettext_lazy("The subscription ended because nothing was paid"),
    "exhausted": gettext_lazy("Everything the policy names was done"),
    "held_out": gettext_lazy("Left alone, to see what dunning brings"),
    "looked_on": gettext_lazy("Somebody else collects: we only look on"),
    "not_charged": gettext_lazy("This invoice is paid by transfer"),
    "not_ours": gettext_lazy("We may not charge at this gateway"),
    "was_paid_once": gettext_lazy("It was paid once: a person decides what comes next"),
    "no_method": gettext_lazy("The customer has no payment method"),
    "needs_action": gettext_lazy("The customer has to confirm the payment first"),
    "tried_today": gettext_lazy("It was tried today already"),
    "missed": gettext_lazy("Its day had passed, and a later try was due"),
    "newer_mail": gettext_lazy("Its day had passed, and a newer mail says it all"),
    "written_today": gettext_lazy("The customer was written to today already"),
    "no_address": gettext_lazy("Nobody at the customer has an address"),
    "no_subscription": gettext_lazy("The invoice belongs to no subscription"),
    "case_closed": gettext_lazy("The collecting was over by then"),
    "waits": gettext_lazy("Somebody asked to leave the invoice alone"),
    "no_gateway": gettext_lazy("The invoice belongs to no gateway"),
    "gateway_off": gettext_lazy("The gateway is switched off"),
    "gateway_collects": gettext_lazy("The gateway tries again by itself"),
    "gateway_trouble": gettext_lazy("The gateway did not let us in"),
    "open_attempt": gettext_lazy("Another try was under way"),
    "never_arrived": gettext_lazy("It never reached the gateway"),
    "key_too_old": gettext_lazy("It waited too long to be made safely"),
    "differs": gettext_lazy("The gateway knows another amount of this invoice"),
    "tried_by_hand": gettext_lazy("Tried by hand"),
    "taken_up": gettext_lazy("It goes on: no longer left alone"),
    "stopped_by_hand": gettext_lazy("Stopped by hand"),
    "reopened": gettext_lazy("Taken up again by hand"),
    "charged_back": gettext_lazy("The customer's bank took the money back"),
    "owed_again": gettext_lazy("The money is owed again"),
    "called": gettext_lazy("Somebody called the customer"),
}
# The same with a day of the policy.
DAYS: Mapping[str, Any] = {
    "retry_day": gettext_lazy("Tried again, as on day %(day)s"),
    "mail_day": gettext_lazy("The customer was written to, as on day %(day)s"),
    "letter_day": gettext_lazy("A reminder was sent, as on day %(day)s"),
    "task_day": gettext_lazy("A task was given, as on day %(day)s"),
    "limit_day": gettext_lazy("Access was limited, as on day %(day)s"),
    "final_pause": gettext_lazy("The subscription was paused, as on day %(day)s"),
    "final_cancel": gettext_lazy("The subscription was cancelled, as on day %(day)s"),
    "final_keep": gettext_lazy("Day %(day)s was the last: a person sees to it now"),
    "final_no_subscription": gettext_lazy(
        "Day %(day)s was the last, and there is no subscription to stop"
    ),
    "final_held_out": gettext_lazy(
        "Day %(day)s was the last for one that was left alone"
    ),
    "final_looked_on": gettext_lazy(
        "Day %(day)s was the last, and nobody here collects it"
    ),
}
DECLINES: Mapping[str, Any] = {
    "insufficient_funds": gettext_lazy("There was not enough money in the account."),
    "over_limit": gettext_lazy("The card is over its limit."),
    "company_policy": gettext_lazy(
        "The bank refused it by its own rules and says no more."
    ),
    "expired": gettext_lazy("The card has expired."),
    "lost": gettext_lazy("The card was reported lost."),
    "stolen": gettext_lazy("The card was reported stolen."),
    "wrong_details": gettext_lazy("The details of the card or account are wrong."),
    "not_allowed": gettext_lazy("The bank does not allow this kind of payment."),
    "confirm": gettext_lazy("The customer has to confirm the payment with the bank."),
    "gateway": gettext_lazy("There was trouble at the bank or the payment provider."),
    "fraud": gettext_lazy("The bank or the payment provider suspects fraud."),
    "other": gettext_lazy("The bank refused it for a reason we do not know."),
}
STEPS: Mapping[str, Any] = {
    StepKind.RETRY.value: gettext_lazy("Try again"),
    StepKind.MAIL.value: gettext_lazy("Write to the customer"),
    StepKind.LETTER.value: gettext_lazy("Send a reminder"),
    StepKind.TASK.value: gettext_lazy("Give the CSM a task"),
    StepKind.LIMIT.value: gettext_lazy("Limit access"),
    StepKind.FINAL.value: gettext_lazy("Final action"),
}


def reason_words(code: str, data: Mapping[str, Any]) -> str:
    """This will say why something was done or left out, by a code of `REASONS`.

    `data` is what the action carries; what of it is missing is left out of the words.
    """
    if code in DAYS:
        return str(DAYS[code]) % {"day": data.get("day", "–")}
    if code in PLAIN:
        return str(PLAIN[code])
    told = TOLD.get(code)
    return told(data) if told else _("For another reason")


def _again(data: Mapping[str, Any]) -> str:
    words = {"number": data.get("number", "–")}
    return _("Made anew: try %(number)s never reached the gateway") % words


def _confirm(data: Mapping[str, Any]) -> str:
    words = {"number": data.get("number", "–")}
    return _("The customer was asked to confirm try %(number)s") % words


def _large(data: Mapping[str, Any]) -> str:
    try:
        amount = Decimal(str(data.get("from")))
    except InvalidOperation:
        return _("A task was given: the amount is large")
    words = {"amount": ui.money(amount, the_company().currency)}
    return _("A task was given: it is about %(amount)s or more") % words


def _hard(data: Mapping[str, Any]) -> str:
    code = data.get("code")
    if not code:
        return _("This payment method was refused for good")
    words = {"why": decline_words(str(code)).rstrip(".")}
    return _("This payment method was refused for good: %(why)s") % words


def _attempts(data: Mapping[str, Any]) -> str:
    most = _number(data)
    if most is None:
        return _("It was tried as often as the policy allows")
    words = ngettext(
        "It was tried once, as often as the policy allows",
        "It was tried %(most)d times, as often as the policy allows",
        most,
    )
    return words % {"most": most}


def _days(data: Mapping[str, Any]) -> str:
    most = _number(data)
    if most is None:
        return _("It is later than the policy tries")
    words = ngettext(
        "More than %(most)d day has passed, and the policy tries no longer",
        "More than %(most)d days have passed, and the policy tries no longer",
        most,
    )
    return words % {"most": most}


def _alone(data: Mapping[str, Any]) -> str:
    try:
        until = dt.date.fromisoformat(str(data.get("until")))
    except ValueError:
        return _("Left alone for a while, by hand")
    return _("Left alone until %(day)s, by hand") % {"day": ui.day_long(until)}


def _number(data: Mapping[str, Any]) -> int | None:
    most = str(data.get("most", ""))
    return int(most) if most.isdecimal() else None


TOLD = {
    "again": _again,
    "confirm": _confirm,
    "large_amount": _large,
    "hard_decline": _hard,
    "most_attempts": _attempts,
    "most_days": _days,
    "left_alone": _alone,
}


def decline_words(code: str) -> str:
    """This will say in a sentence why a bank refused, by its code."""
    return str(DECLINES[reason_of(code)])


def step_words(kind: str, day: int) -> str:
    """This will name a step of a policy: "Try again on day 3"."""
    words = {"step": STEPS[kind], "day": day}
    return _("%(step)s on day %(day)d") % words
