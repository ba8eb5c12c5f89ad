"""Collecting what failed: policies, the cases they are used on, and every try."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.enums import (
    AttemptCause,
    AttemptState,
    CaseState,
    Collection,
    DeclineGroup,
    FinalAction,
    RecoveryCause,
    StepKind,
)
from billing.models.gateway import GatewayAccount, PaymentMethod
from billing.models.invoice import Invoice, Payment
from common.fields import FreeLine, money
from customers.models import Customer
from customers.models.customer import Segment
from customers.models.scope import ScopedQuerySet


class DunningPolicy(models.Model):
    """Whose failed payments are collected how. The first that fits, by `position`, counts.

    One policy has neither segment nor amount: it fits whatever no other does.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    collection = models.CharField(
        max_length=10, choices=Collection.choices, default=Collection.CHARGE
    )
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # In the company's currency; invoices in others are converted.
    from_amount = money(_("from an amount of"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    # Cases of a policy that is off are only looked on: nothing is charged or written.
    is_on = models.BooleanField(_("in use"), default=True, db_default=True)
    # Since when; transfers that fell due long before are left alone.
    on_since = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("dunning policy")
        constraints = [
            models.UniqueConstraint(
                fields=["collection"],
                condition=Q(
                    segment__isnull=True,
                    from_amount__isnull=True,
                    retired_at__isnull=True,
                ),
                name="billing_policy_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DunningVersion(models.Model):
    """What a policy does. Fixed for ever once a case uses it; a change makes a new one."""

    policy = models.ForeignKey(
        DunningPolicy, models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    # Nothing is tried more often, or later, whatever the steps say.
    most_attempts = models.PositiveSmallIntegerField(_("at most tries"), default=8)
    most_days = models.PositiveSmallIntegerField(_("at most days"), default=28)
    # Local hours of the customer between which money is asked for, on working days only
    # if wanted; [9, 18) is from 9 to before 18 o'clock.
    from_hour = models.PositiveSmallIntegerField(_("not before"), default=8)
    until_hour = models.PositiveSmallIntegerField(_("not after"), default=20)
    working_days_only = models.BooleanField(_("only on working days"), default=False)
    # The CSM gets a task at once from this amount on (company's currency); null: never.
    task_from = money(_("task for the CSM from"), null=True, blank=True)
    final_action = models.CharField(
        _("final action"),
        max_length=10,
        choices=FinalAction.choices,
        default=FinalAction.PAUSE,
    )
    # The share of cases that is left alone until the last day, to see what dunning brings.
    hold_out = models.DecimalField(
        _("left alone"), max_digits=3, decimal_places=2, default=0
    )
    # Days before a card expires on which the customer is told.
    notice_days = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = FreeLine(_("note"), max_length=200, default="", blank=True)

    class Meta:
        verbose_name = _("version of a dunning policy")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number"], name="billing_dunning_version_uniq"
            ),
            models.CheckConstraint(
                condition=Q(hold_out__range=(0, "0.5")), name="billing_dunning_hold_out"
            ),
            models.CheckConstraint(
                condition=Q(until_hour__gt=models.F("from_hour"), until_hour__lte=24),
                name="billing_dunning_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"


class DunningStep(models.Model):
    """One thing a version does, so many days after the failure (or after the due day)."""

    version = models.ForeignKey(
        DunningVersion, models.CASCADE, related_name="steps", db_index=False
    )
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    day = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("step of a dunning policy")
        ordering = ("day", "kind", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "kind", "day"], name="billing_dunning_step_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class DunningCase(models.Model):
    """The collecting of one invoice, from the first failure to its end.

    `began_at` is the first failure (for transfers: the end of the due day), its local day
    the cohort. `failed` is what was owed then, `recovered` what came of it. `cause` says
    what brought it, by the rules in calculations.dunning.attribution. `next_at` is when
    it is looked at next; empty when nothing is due by itself, until something happens.
    """

    invoice = models.OneToOneField(Invoice, models.CASCADE, related_name="dunning")
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    version = models.ForeignKey(DunningVersion, models.PROTECT, related_name="+")
    collection = models.CharField(max_length=10, choices=Collection.choices)
    state = models.CharField(
        max_length=10, choices=CaseState.choices, default=CaseState.OPEN
    )
    began_at = models.DateTimeField()
    began_on = models.DateField()
    failed = money(_("failed"))
    currency = models.CharField(max_length=3)
    recovered = money(_("recovered"), default=0)
    cause = models.CharField(
        max_length=10, choices=RecoveryCause.choices, default="", blank=True
    )
    held_out = models.BooleanField(default=False)
    # What the customer paid with when it failed, to see that it was changed.
    method = models.ForeignKey(
        PaymentMethod, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    limited_at = models.DateTimeField(null=True, blank=True)
    # A person asked to leave it alone until then.
    waits_until = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Why it was stopped or lost, a code of calculations.dunning.reasons.
    reason = models.CharField(max_length=40, default="", blank=True)
    note = FreeLine(_("note"), max_length=300, default="", blank=True)
    # How often looking at it has failed since it last went well, and how.
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    trouble = models.TextField(default="", db_default="", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed payment")
        verbose_name_plural = _("failed payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CaseState.OPEN, closed_at__isnull=True)
                | (~Q(state=CaseState.OPEN) & Q(closed_at__isnull=False)),
                name="billing_case_closed",
            ),
            models.CheckConstraint(
                condition=Q(failed__gt=0) & Q(recovered__gte=0),
                name="billing_case_amounts",
            ),
        ]
        indexes = [
            models.Index(
                # Also those that are over: money may come late, or go back.
                fields=["next_at", "id"],
                condition=Q(next_at__isnull=False),
                name="billing_case_due",
            ),
            models.Index(fields=["customer", "began_at"], name="billing_case_customer"),
            models.Index(fields=["began_on", "id"], name="billing_case_cohort"),
            models.Index(
                fields=["began_at", "id"],
                condition=Q(state=CaseState.OPEN),
                name="billing_case_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"


class DunningAction(models.Model):
    """Something that was done about a case, or was not, and why.

    `step` is the number of the day of a step ("retry:3"), or a word for what has none
    ("recovered", "method_changed:pm_1"). Its pair with the case is what makes an effect
    happen once.
    """

    case = models.ForeignKey(
        DunningCase, models.CASCADE, related_name="actions", db_index=False
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    step = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField()
    skipped = models.BooleanField(default=False)
    # A code of calculations.dunning.reasons, and what its words need.
    reason = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    # What has yet to be done at the gateway (a final action), until it has answered.
    waits = models.BooleanField(default=False)
    # Nobody asks the gateway before then: somebody does right now, or it could not.
    look_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    trouble = models.TextField(default="", db_default="", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("step in the collecting of an invoice")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"], name="billing_dunning_action_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(waits=True), name="billing_action_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class PaymentAttempt(models.Model):
    """A try to charge an invoice. `key` is sent to the gateway and stands here before.

    There is at most one whose outcome is open per invoice, so a new key can only come
    after a definite answer to the last one. One that the gateway made by itself has no
    key of ours.
    """

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="attempts")
    case = models.ForeignKey(
        DunningCase, models.SET_NULL, null=True, blank=True, related_name="attempts"
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    account = models.ForeignKey(GatewayAccount, models.PROTECT, related_name="+")
    method = models.ForeignKey(
        PaymentMethod, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(null=True, blank=True, unique=True)
    cause = models.CharField(max_length=16, choices=AttemptCause.choices)
    state = models.CharField(
        max_length=14, choices=AttemptState.choices, default=AttemptState.PLANNED
    )
    amount = money()
    currency = models.CharField(max_length=3)
    planned_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # How often the janitor has asked what became of it, and when it may ask next.
    looked = models.PositiveSmallIntegerField(default=0)
    look_at = models.DateTimeField(null=True, blank=True)
    # The gateway's number of the payment, and its code of a refusal.
    external_id = models.CharField(max_length=255, default="", blank=True)
    decline_code = models.CharField(max_length=60, default="", blank=True)
    decline_group = models.CharField(
        max_length=8, choices=DeclineGroup.choices, default="", blank=True
    )
    action_url = models.URLField(max_length=500, default="", blank=True)
    # Why it was not made, a code of calculations.dunning.reasons.
    reason = models.CharField(max_length=40, default="", db_default="", blank=True)
    payment = models.OneToOneField(
        Payment, models.SET_NULL, null=True, blank=True, related_name="attempt"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("try to charge")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "number"], name="billing_attempt_uniq"
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(
                    state__in=[
                        AttemptState.PLANNED,
                        AttemptState.ASKED,
                        AttemptState.UNKNOWN,
                    ]
                ),
                name="billing_attempt_one_open",
            ),
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=~Q(external_id=""),
                name="billing_attempt_payment_uniq",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="billing_attempt_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_at", "id"],
                condition=Q(
                    state__in=[
                        AttemptState.PLANNED,
                        AttemptState.ASKED,
                        AttemptState.UNKNOWN,
                    ]
                ),
                name="billing_attempt_open",
            ),
            models.Index(fields=["planned_at", "id"], name="billing_attempt_day"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} #{self.number} {self.state}"


class CardNotice(models.Model):
    """A customer was told that a card expires: once for each day before and expiry."""

    method = models.ForeignKey(PaymentMethod, models.CASCADE, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    expires_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice that a card expires")
        constraints = [
            models.UniqueConstraint(
                fields=["method", "expires_on", "days_before"],
                name="billing_card_notice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method_id} {self.expires_on}"
