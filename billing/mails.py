"""Mails about subscriptions: a yearly charge to come, an offer to pay by the year."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.selectors import company as the_company
from billing.enums import ChangeKind, OfferState
from billing.models import Subscription, YearlyOffer
from billing.selectors.offers import OFFER
from billing.selectors.subscriptions import state_on
from common.dates import first_zone, local_day
from common.links import link_token
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from common.templatetags import ui
from customers.models import Contact

DAY = dt.timedelta(days=1)
A_MOMENT = dt.timedelta(seconds=1)


class YearlyReminderMail(MailKind):
    """Tells a customer what will be charged for the next year, before it is.

    `data`: {"subscription", "renews_on", "contact_id"}, or {"test": true}. It belongs to a
    contract, so only a dead address stops it.
    """

    key = "billing.yearly_reminder"
    label = gettext_lazy("Reminder of a yearly charge")
    category = Category.SERVICE
    template = "billing/mail/reminder"
    in_working_hours = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read what renews as the log has it now; three queries."""
        company = the_company()
        if data.get("test"):
            return _example(company.currency)
        renews_on = dt.date.fromisoformat(data["renews_on"])
        rows = Subscription.objects.select_related("customer__owner", "plan")
        row = rows.filter(pk=data["subscription"]).first()
        if row is None:
            raise MailIsPointless(_("The subscription is gone."))
        line = state_on(row, renews_on)
        ended = line is None or line.kind == ChangeKind.END or line.mrr <= 0
        if line is None or ended or not row.auto_renews:
            raise MailIsPointless(_("It does not renew any more."))
        contact = Contact.objects.filter(pk=data["contact_id"]).first()
        if contact is None:
            raise MailIsPointless(_("The contact is gone."))
        owner, plan = row.customer.owner, line.plan or row.plan
        return {
            "plan": plan.name if plan else "",
            "months": line.interval_months,
            "amount": ui.money(line.mrr * line.interval_months, line.currency),
            "renews_on": renews_on,
            "cancel_by": renews_on - max(row.notice_days or 0, 1) * DAY,
            "reader": contact.name,
            "owner": owner if owner and owner.is_active else None,
            "test": False,
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say when what renews."""
        words = {"plan": facts["plan"], "day": ui.day_long(facts["renews_on"])}
        line = (
            _("%(plan)s renews on %(day)s") % words
            if facts["plan"]
            else _("Your subscription renews on %(day)s") % words
        )
        return _("Test: %(subject)s") % {"subject": line} if facts["test"] else line


def _example(currency: str) -> dict[str, Any]:
    """This will make up a charge in thirty days."""
    renews_on = timezone.localdate() + 30 * DAY
    return {
        "plan": "Team",
        "months": 12,
        "amount": ui.money(Decimal(4800), currency),
        "renews_on": renews_on,
        "cancel_by": renews_on - 14 * DAY,
        "reader": "Ada Example",
        "owner": None,
        "test": True,
    }


class YearlyOfferMail(MailKind):
    """Offers to pay by the year. `data`: {"offer": id, "contact_id": id}."""

    key = "billing.yearly_offer"
    label = gettext_lazy("Offer of yearly billing")
    category = Category.NEWS
    template = "billing/mail/offer"
    in_working_hours = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the offer; pointless once it is answered or over."""
        rows = YearlyOffer.objects.select_related(
            "customer__owner", "subscription__plan", "contact", "offered_by"
        )
        offer = rows.filter(pk=data["offer"]).first()
        if offer is None or offer.contact is None:
            raise MailIsPointless(_("The offer or the contact is gone."))
        over = offer.state != OfferState.OPEN or offer.expires_at <= timezone.now()
        if over and not link.masked:
            raise MailIsPointless(_("The offer is not open any more."))
        plan = offer.subscription.plan
        return {
            "offer": offer,
            "plan": plan.name if plan else "",
            "terms": offer_terms(offer),
            "reader": offer.contact.name,
            "author": offer.offered_by,
            "url": link("offer", token=link_token(OFFER, offer.pk)),
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say what it is about, without a promise."""
        name = facts["offer"].customer.name
        return _("Paying by the year: an offer for %(name)s") % {"name": name}


def offer_terms(offer: YearlyOffer) -> dict[str, Any]:
    """This will put an offer's terms into words of the active language."""
    currency = offer.currency
    whole = offer.mrr * 12
    return {
        "monthly": ui.money(offer.mrr, currency),
        "whole": ui.money(whole, currency),
        "yearly": ui.money(offer.yearly, currency),
        "saves": ui.money(whole - offer.yearly, currency),
        "discount": ui.percent(offer.discount) if offer.discount else "",
        "free_months": offer.free_months,
        # The company's day, wherever the reader sits: there it ends.
        "last_day": local_day(
            offer.expires_at - A_MOMENT, first_zone(the_company().time_zone)
        ),
    }
