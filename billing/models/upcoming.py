"""What the machine reckons about renewals and yearly billing, made anew from the log."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.subscription import Subscription
from common.constraints import both_or_neither
from common.fields import money
from customers.models import Contact, Customer
from customers.models.scope import ScopedQuerySet


class UpcomingRenewal(models.Model):
    """A subscription that comes up for renewal, or did so since the month began.

    `mrr` is what it will bring a month from the renewal on (what is booked by then
    included), `amount` that times the months of its interval, `converted` the same in the
    company's currency, empty where no rate is known. `chance` is that of staying past the
    renewal: 0 once it is cancelled (`ends_on`), empty where nothing is foreseen. `weight`
    orders the list: what may be lost here, times how near it is. `kept` says how a renewal
    that is over went.
    """

    # Without constraints, which would look every row of every filling up in two tables.
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_constraint=False
    )
    subscription = models.ForeignKey(
        Subscription,
        models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    renews_on = models.DateField(_("renews"))
    notice_by = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    interval_months = models.PositiveSmallIntegerField()
    auto_renews = models.BooleanField(default=True)
    currency = models.CharField(max_length=3)
    mrr = money()
    amount = money(max_digits=16)
    converted = money(max_digits=18, null=True)
    chance = models.FloatField(null=True)
    risky = models.BooleanField(default=False)
    weight = models.FloatField(default=0)
    kept = models.BooleanField(null=True)
    # In the company's currency; what came on top of the amount due is expansion.
    final = money(max_digits=18, null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("renewal to come")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "renews_on"], name="billing_upcoming_uniq"
            ),
            models.CheckConstraint(
                condition=Q(chance__isnull=True) | Q(chance__range=(0, 1)),
                name="billing_upcoming_chance",
            ),
        ]
        indexes = [
            models.Index(F("weight").desc(), "id", name="billing_upcoming_weight"),
            models.Index(fields=["renews_on", "id"], name="billing_upcoming_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.renews_on}"


class YearlyCandidate(models.Model):
    """A subscription paid by the month whose customer has not stayed a year yet.

    `gain` is what the customer's value is expected to grow by with the usual offer, in the
    company's currency (billing.calculations.yearly).
    """

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_constraint=False
    )
    subscription = models.OneToOneField(
        Subscription, models.CASCADE, related_name="+", db_constraint=False
    )
    months = models.PositiveSmallIntegerField()  # whole ones stayed so far
    churn = models.FloatField()  # of leaving within 90 days
    currency = models.CharField(max_length=3)
    mrr = money()
    converted = money(max_digits=18)
    gain = models.FloatField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate for yearly billing")
        indexes = [
            models.Index(F("gain").desc(), "id", name="billing_candidate_gain"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.gain:.0f}"


class RenewalReminder(models.Model):
    """A customer was told of a yearly charge that is to come: once a renewal."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="+", db_index=False
    )
    renews_on = models.DateField()
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        "mail.OutboxMessage",
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )
    asked_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder of a yearly charge")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "renews_on"], name="billing_reminder_uniq"
            ),
        ]
        indexes = [
            models.Index(fields=["renews_on", "id"], name="billing_reminder_day"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.renews_on}"


class ReminderRules(models.Model):
    """Whether customers are told of a yearly charge. There is exactly one row (id 1)."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    is_on = models.BooleanField(_("send reminders"), default=False)
    days_before = models.PositiveSmallIntegerField(
        _("days before the charge"), default=30
    )
    on_since = models.DateField(null=True)

    class Meta:
        verbose_name = _("reminders of yearly charges")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="billing_reminders_single"),
            models.CheckConstraint(
                condition=Q(days_before__range=(7, 90)), name="billing_reminders_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days_before}" if self.is_on else "-"


class RenewalState(models.Model):
    """How the table of renewals stands. There is exactly one row (id 1).

    `sums` are everybody's, by day (billing.calculations.renewals_forecast), `base` the
    share that usually leaves at a renewal, `charges` the yearly charges taken back with
    and without a reminder, `record` how renewals turned out.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    filled_at = models.DateTimeField(null=True)
    filled_on = models.DateField(null=True)
    # What the ledger's count of changes was by then.
    changed = models.BigIntegerField(default=-1, db_default=-1)
    run_id = models.BigIntegerField(null=True)
    # Where a filling that is under way goes on: the next customer's id.
    cursor = models.BigIntegerField(null=True)
    seconds = models.FloatField(default=0)
    base = models.FloatField(null=True)
    sums = models.JSONField(default=list)
    charges = models.JSONField(default=dict)
    # How everybody's renewals of the last year turned out (insights.selectors).
    record = models.JSONField(default=dict)
    noted_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("state of renewals")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="billing_renewals_single"),
            models.CheckConstraint(
                condition=both_or_neither("filled_at", "filled_on"),
                name="billing_renewals_filled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filled_on}"
