"""Mails about money that did not come: what failed, what happens when, and where to pay.

They are written as everything stands when they go out. Policies say at which hours money is
asked for, so only what no policy times waits for working hours.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.dunning_facts import (
    active_owner,
    case_facts,
    case_told,
    day_there,
    invoice_facts,
    owed,
    renewed_since,
)
from billing.dunning_rows import method_words
from billing.enums import AttemptState, CaseState, StepKind
from billing.models import (
    CardNotice,
    DunningCase,
    DunningVersion,
    PaymentAttempt,
)
from billing.selectors.pay_links import card_token
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from common.templatetags import ui


class PaymentMail(MailKind):
    """One of these: service, because it is about a contract that runs."""

    category = Category.SERVICE

    def facts_of(self, message: Any, link: LinkMaker, company: Any) -> dict[str, Any]:
        """This will add whom it is written to."""
        del company
        facts = self.facts(message.data, link)
        reader = message.contact.name if message.contact else message.to_name
        return {**facts, "reader": reader}


class PaymentFailedMail(PaymentMail):
    """Says that a payment failed, firmer each time. `data`: {"case": id, "step": "mail:3"}."""

    key = "billing.payment_failed"
    label = gettext_lazy("Failed payment")
    template = "billing/mail/dunning_failed"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the case; about 20 queries."""
        told = case_told(data["case"], now=timezone.now(), masked=link.masked)
        if renewed_since(told) and not link.masked:
            raise MailIsPointless(
                _("The payment method was changed; it is tried anew.")
            )
        number, of = place_of(told.version, data["step"])
        tone = "first" if number == 1 else "last" if number == of else "again"
        return {**case_facts(told, link), "tone": tone}

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what is open, and when it is the last time."""
        text = {
            "first": _("Your payment of %(amount)s did not go through"),
            "again": _("Still open: %(amount)s for invoice %(number)s"),
            "last": _("Last reminder: %(amount)s for invoice %(number)s"),
        }[facts["tone"]]
        return text % facts


class PaymentConfirmMail(PaymentMail):
    """Asks to confirm a payment at the bank. `data`: {"attempt": id}."""

    key = "billing.payment_confirm"
    label = gettext_lazy("Payment to confirm")
    template = "billing/mail/dunning_confirm"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the try that waits; pointless once it does not."""
        rows = PaymentAttempt.objects.select_related(
            "invoice", "method", "customer__owner"
        )
        attempt = rows.filter(pk=data["attempt"]).first()
        if attempt is None:
            raise MailIsPointless(_("The try to charge is gone."))
        newer = attempt.invoice.attempts.filter(number__gt=attempt.number)
        waits = attempt.state == AttemptState.NEEDS_ACTION and not newer.exists()
        if not waits and not link.masked:
            raise MailIsPointless(
                _("The payment does not wait for the customer any more.")
            )
        owing = owed(attempt.invoice, masked=link.masked)
        return {
            **invoice_facts(attempt.invoice, owing, link),
            "method": method_words(attempt.method),
            "tried_on": day_there(attempt.answered_at or attempt.planned_at),
            "owner": active_owner(attempt.customer.owner),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what to do."""
        return _("Please confirm your payment of %(amount)s") % facts


class AccessLimitedMail(PaymentMail):
    """Says that access is limited from now on. `data`: {"case": id}."""

    key = "billing.access_limited"
    label = gettext_lazy("Access limited")
    template = "billing/mail/dunning_limited"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the case; about 20 queries."""
        told = case_told(data["case"], now=timezone.now(), masked=link.masked)
        if told.case.limited_at is None and not link.masked:
            raise MailIsPointless(_("Access is not limited."))
        return case_facts(told, link)

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what is limited and why."""
        return _("Your access is limited: %(amount)s is open") % facts


class PaymentLetterMail(PaymentMail):
    """Reminds of an invoice that is paid by transfer. `data`: {"case", "step": "letter:5"}."""

    key = "billing.payment_letter"
    label = gettext_lazy("Payment reminder")
    template = "billing/mail/dunning_letter"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the case; about 20 queries. `level` is 1 to 4, 4 the last."""
        now = timezone.now()
        told = case_told(data["case"], now=now, masked=link.masked)
        number, of = place_of(told.version, data["step"])
        invoice = told.case.invoice
        today = day_there(now) or invoice.due_on
        facts = case_facts(told, link)
        level = 4 if number == of and of > 1 else min(number, 3)
        return {
            **facts,
            "level": level,
            # What may come is no matter for the first, friendly letters.
            "warns": level > 2 and (facts["limit_on"] or facts["final_on"]),
            "issued_on": invoice.issued_on,
            "late": max((today - invoice.due_on).days, 0),
            # Only a gateway has a page on which an invoice can be paid.
            "page": bool(invoice.gateway_id),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say which reminder it is."""
        text = {
            1: _("Invoice %(number)s: was it overlooked?"),
            2: _("Reminder: invoice %(number)s, %(amount)s"),
            3: _("Second reminder: invoice %(number)s, %(amount)s"),
            4: _("Last reminder: invoice %(number)s, %(amount)s"),
        }[facts["level"]]
        return text % facts


class CardExpiresMail(PaymentMail):
    """Tells that a card runs out before it does. `data`: {"notice": id}."""

    key = "billing.card_expires"
    label = gettext_lazy("Card about to expire")
    template = "billing/mail/dunning_card"
    in_working_hours = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the card; pointless once it is renewed, replaced or removed."""
        rows = CardNotice.objects.select_related("method", "customer__owner")
        notice = rows.filter(pk=data["notice"]).first()
        if notice is None:
            raise MailIsPointless(_("The notice is gone."))
        method = notice.method
        same = method.is_default and method.removed_at is None
        if not link.masked and (not same or method.expires_on != notice.expires_on):
            raise MailIsPointless(_("The card was renewed or replaced."))
        return {
            "method": method_words(method),
            "expires_on": notice.expires_on,
            "over": notice.expires_on < (day_there(timezone.now()) or dt.date.min),
            "url": link("pay", token=card_token(method.pk)),
            "owner": active_owner(notice.customer.owner),
            "reader": "",
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will name the card and the day."""
        words = {"method": facts["method"], "day": ui.day_long(facts["expires_on"])}
        if facts["over"]:
            return _("Your card %(method)s has expired") % words
        return _("Your card %(method)s expires on %(day)s") % words


class PaymentRecoveredMail(PaymentMail):
    """Says thank you. `data`: {"case": id}."""

    key = "billing.payment_recovered"
    label = gettext_lazy("Payment received")
    template = "billing/mail/dunning_recovered"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the case; pointless if it was opened again."""
        rows = DunningCase.objects.select_related("customer__owner", "invoice")
        case = rows.filter(pk=data["case"]).first()
        if case is None:
            raise MailIsPointless(_("The failed payment is gone."))
        if case.state != CaseState.RECOVERED and not link.masked:
            raise MailIsPointless(_("It is not paid after all."))
        return {
            **invoice_facts(case.invoice, case.recovered, link),
            "paid_on": day_there(case.closed_at),
            "limited": case.limited_at is not None,
            "owner": active_owner(case.customer.owner),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say that all is well."""
        return _("Thank you: %(amount)s for invoice %(number)s has arrived") % facts


def place_of(version: DunningVersion, name: str) -> tuple[int, int]:
    """This will return which of a policy's steps of its kind one is, and of how many.

    A mail that no step stands for (sent by hand) counts as the first.
    """
    kind, _colon, day = name.partition(":")
    kind = kind if kind in StepKind.values else StepKind.MAIL
    days = sorted(step.day for step in version.steps.all() if step.kind == kind)
    if not day.isdecimal() or int(day) not in days:
        return 1, max(len(days), 1)
    return days.index(int(day)) + 1, len(days)
