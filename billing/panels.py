"""What the customer pays, on the customer's page."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.dunning_panel import (
    failing_mark,
    failing_rows,
    mail_lines,
    method_lines,
    methods_shown,
)
from billing.dunning_rows import CaseRow
from billing.enums import ChangeAction, ChangeKind
from billing.events import (
    SUBSCRIPTION_CHANGED,
    SUBSCRIPTION_ENDED,
    SUBSCRIPTION_STARTED,
)
from billing.models import ChurnEvent, Invoice, Refund, SubscriptionChange
from billing.selectors.invoices import with_credit
from common.templatetags import ui
from customers.extension import CustomerPanel, Tag
from customers.timeline import Place, TimelineLine, day_start

SHOWN_INVOICES = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A subscription as it stands today."""

    change: SubscriptionChange

    @property
    def active(self) -> bool:
        return self.change.kind != ChangeKind.END

    @property
    def name(self) -> str:
        plan = self.change.subscription.plan
        return plan.name if plan else self.change.subscription.external_id

    @property
    def amount(self) -> str:
        """What is paid per interval, in words."""
        months = self.change.interval_months
        words = {"amount": ui.money(self.change.mrr * months, self.change.currency)}
        if months == 1:
            return _("%(amount)s a month") % words
        if months == 12:
            return _("%(amount)s a year") % words
        words["months"] = str(months)
        return (
            ngettext(
                "%(amount)s every %(months)s month",
                "%(amount)s every %(months)s months",
                months,
            )
            % words
        )


class SubscriptionsPanel(CustomerPanel):
    """Subscriptions and invoices."""

    title = gettext_lazy("Subscriptions")
    anchor = "subscriptions"
    template = "billing/panel.html"
    # The lines of the log tell of these on their days.
    tells = (SUBSCRIPTION_STARTED, SUBSCRIPTION_CHANGED, SUBSCRIPTION_ENDED)

    @cached_property
    def lines(self) -> list[Line]:
        """The last change of each subscription, active ones first. One query."""
        changes = (
            SubscriptionChange.objects.filter(
                customer=self.customer, effective_on__lte=timezone.localdate(self.now)
            )
            .select_related("subscription__plan")
            .order_by("subscription_id", "-effective_on", "-id")
            .distinct("subscription_id")
        )
        lines = [Line(change) for change in changes]
        return sorted(lines, key=lambda line: (not line.active, -line.change.mrr))

    @cached_property
    def left(self) -> ChurnEvent | None:
        """The customer's last departure, unless a subscription began after it."""
        events = ChurnEvent.objects.filter(customer=self.customer)
        last = events.order_by("-left_on", "-id").first()
        if last is None:
            return None
        back = any(
            line.active and line.change.subscription.started_on > last.left_on
            for line in self.lines
        )
        return None if back else last

    def count(self) -> int:
        """This will count the subscriptions that run."""
        return sum(line.active for line in self.lines)

    def tag(self) -> Tag | None:
        """This will say that the customer has left."""
        if self.left is None:
            return None
        words = {"day": ui.day(self.left.left_on)}
        return Tag("unknown", "log-out", _("Left on %(day)s") % words)

    @cached_property
    def failing(self) -> list[CaseRow]:
        """The payments that fail now. One query where there is none."""
        return failing_rows(self.customer, company=self.company, now=self.now)

    def marks(self) -> Sequence[Tag]:
        """This will say that a payment fails, apart from how healthy the customer is."""
        return failing_mark(self.failing)

    def context(self) -> dict[str, Any]:
        """This will list what runs, what fails, and the invoices that are open or new."""
        invoices = Invoice.objects.filter(customer=self.customer)
        today = timezone.localdate(self.now)
        newest = with_credit(invoices).order_by("-issued_on", "-id")[:SHOWN_INVOICES]
        # What is being collected is told above, with what comes next.
        told = [row.case.invoice_id for row in self.failing]
        overdue = invoices.filter(paid_on__isnull=True, due_on__lt=today)
        overdue = overdue.exclude(pk__in=told)
        return {
            "active": [line for line in self.lines if line.active],
            "ended": [line for line in self.lines if not line.active],
            "left": self.left,
            "failing": self.failing,
            "methods": methods_shown(self.customer, today=today),
            "invoices": newest,
            "overdue": list(overdue.order_by("due_on", "id")[:SHOWN_INVOICES]),
            "today": today,
        }

    def timeline(
        self, *, behind: Place | None, limit: int
    ) -> Sequence[Sequence[TimelineLine]]:
        """This will tell of invoices, changed subscriptions, departures and cards."""
        return (
            self._invoices(behind, limit),
            self._changes(behind, limit),
            self._departures(behind, limit),
            self._refunds(behind, limit),
            mail_lines(self.customer, behind, limit),
            method_lines(
                self.customer, behind, limit, today=timezone.localdate(self.now)
            ),
        )

    def _invoices(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source, day = "invoice", "issued_on"
        where = behind.behind_day(source, day) if behind else Q()
        rows = Invoice.objects.filter(where, customer=self.customer)
        return [
            _line(source, row.pk, row.issued_on, invoice=row, today=self.now.date())
            for row in with_credit(rows).order_by("-issued_on", "-id")[:limit]
        ]

    def _changes(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source, day = "subscription_change", "effective_on"
        where = behind.behind_day(source, day) if behind else Q()
        today = timezone.localdate(self.now)
        counts = SubscriptionChange.objects.filter(
            customer=self.customer,
            subscription=OuterRef("subscription_id"),
            effective_on=OuterRef("effective_on"),
        ).order_by("-id")
        # What was booked again, or taken back, or lies after an end, changed nothing.
        rows = (
            SubscriptionChange.objects.filter(
                where, customer=self.customer, effective_on__lte=today
            )
            .filter(pk=Subquery(counts.values("pk")[:1]))
            .exclude(action__in=[ChangeAction.CORRECTED, ChangeAction.KEPT])
            .exclude(kind=ChangeKind.END, effective_on__gt=F("subscription__ended_on"))
            .select_related("subscription", "plan")
            .order_by(F("effective_on").desc(), "-id")[:limit]
        )
        return [_line(source, row.pk, row.effective_on, change=row) for row in rows]

    def _departures(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source, day = "departure", "left_on"
        where = behind.behind_day(source, day) if behind else Q()
        rows = ChurnEvent.objects.filter(where, customer=self.customer)
        return [
            _line(source, row.pk, row.left_on, departure=row)
            for row in rows.order_by("-left_on", "-id")[:limit]
        ]

    def _refunds(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source, moment = "refund", "happened_at"
        where = behind.behind(source, moment) if behind else Q()
        rows = Refund.objects.filter(where, customer=self.customer)
        rows = rows.select_related("payment__invoice")
        return [
            TimelineLine(
                source,
                row.pk,
                row.happened_at,
                "billing/events/refund.html",
                {"refund": row, "invoice": row.payment.invoice},
            )
            for row in rows.order_by("-happened_at", "-id")[:limit]
        ]


def _line(source: str, pk: int, day: dt.date, **data: Any) -> TimelineLine:
    template = f"billing/events/{source}.html"
    return TimelineLine(source, pk, day_start(day), template, data, day)
