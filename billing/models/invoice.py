"""What a customer owed and paid, and what was given back."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import Collection, LineKind, PaymentState, RefundKind
from billing.models.gateway import GatewayAccount
from billing.models.plan import Plan
from billing.models.subscription import Subscription
from common.constraints import both_or_neither
from common.fields import FreeLine
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class Invoice(models.Model):
    """An invoice. `total` is net of tax; `mrr` is the monthly amount it shows, if any."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    # What stands on the invoice itself, where that is not its external id.
    printed_number = models.CharField(
        _("number"), max_length=60, default="", db_default="", blank=True
    )
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"))
    total = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    mrr = models.DecimalField(
        _("monthly amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    tax = models.DecimalField(
        _("tax"), max_digits=14, decimal_places=2, default=0, db_default=0
    )
    currency = models.CharField(_("currency"), max_length=3)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    paid_recorded_at = models.DateTimeField(null=True, blank=True)
    # Where it is collected, under its external id; empty: by ourselves.
    gateway = models.ForeignKey(
        GatewayAccount,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    collection = models.CharField(
        max_length=10,
        choices=Collection.choices,
        default=Collection.TRANSFER,
        db_default=Collection.TRANSFER,
    )
    # The gateway's own page on which the customer pays it.
    hosted_url = models.URLField(max_length=500, default="", db_default="", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0) & (Q(mrr__isnull=True) | Q(mrr__gte=0)),
                name="billing_invoice_positive",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("issued_on")),
                name="billing_invoice_due_after_issue",
            ),
            models.CheckConstraint(
                condition=both_or_neither("paid_on", "paid_recorded_at"),
                name="billing_invoice_paid_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "issued_on"],
                include=[
                    "recorded_at",
                    "due_on",
                    "paid_on",
                    "paid_recorded_at",
                    "total",
                    "currency",
                ],
                name="billing_invoice_frame",
            ),
            # When did the source last speak? Equal pairs are stored once.
            models.Index(
                fields=["issued_on", "recorded_at"], name="billing_invoice_issued"
            ),
            # Which transfers have not come in?
            models.Index(
                fields=["due_on", "id"],
                condition=Q(paid_on__isnull=True, collection=Collection.TRANSFER),
                name="billing_invoice_transfer_due",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def number(self) -> str:
        """What people call it by."""
        return self.printed_number or self.external_id


class InvoiceLine(models.Model):
    """A line of an invoice; `amount` is net of discount and tax.

    A recurring line says for which days it pays, from `begins_on` to before `ends_on`; the
    lines of one subscription never overlap. Lines of an invoice that was credited in full
    are withdrawn: they have charged nothing.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    number = models.PositiveSmallIntegerField(_("line"))
    kind = models.CharField(max_length=10, choices=LineKind.choices)
    description = FreeLine(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=4, default=1
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=2, default=0)
    begins_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to before"), null=True, blank=True)
    withdrawn = models.BooleanField(default=False, db_default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an invoice")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "number"], name="billing_line_uniq"
            ),
            models.CheckConstraint(
                condition=both_or_neither("begins_on", "ends_on")
                & (Q(begins_on__isnull=True) | Q(ends_on__gt=models.F("begins_on"))),
                name="billing_line_period",
            ),
            # Judged when a statement is through: files may move periods about.
            ExclusionConstraint(
                name="billing_line_no_overlap",
                expressions=[
                    (F("subscription"), RangeOperators.EQUAL),
                    (
                        Func(F("begins_on"), F("ends_on"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(
                    kind=LineKind.RECURRING,
                    subscription__isnull=False,
                    withdrawn=False,
                ),
                deferrable=Deferrable.IMMEDIATE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.number}"

    @property
    def last_on(self) -> dt.date | None:
        """The last day that is paid, as people say it."""
        return self.ends_on - dt.timedelta(days=1) if self.ends_on else None


class CreditNote(models.Model):
    """A part of an invoice that is no longer owed; `amount` is net of tax and positive."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="credit_notes")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    issued_on = models.DateField(_("issued"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = FreeLine(_("reason"), max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="billing_credit_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} -{self.amount}"


class Payment(models.Model):
    """A try to collect an invoice, and how it ended."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="payments")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    state = models.CharField(max_length=10, choices=PaymentState.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    reason = FreeLine(_("reason"), max_length=80, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="billing_payment_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "happened_at"],
                include=["recorded_at", "state", "invoice"],
                name="billing_payment_frame",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.amount} {self.currency}"


class Refund(models.Model):
    """Money that went back: by us, or taken by the customer's bank."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="refunds")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    kind = models.CharField(max_length=10, choices=RefundKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = FreeLine(_("reason"), max_length=80, blank=True)
    happened_at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="billing_refund_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
