"""The revenue ledger, what is summed from it, and by which conventions."""

from decimal import Decimal

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import MovementKind
from customers.models import Customer
from customers.models.scope import ScopedQuerySet

ZERO = Decimal(0)


def amount() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=16, decimal_places=2, default=ZERO)


class Conventions(models.Model):
    """By which conventions revenue is reckoned. There is exactly one row (id 1).

    `switches` is what `billing.calculations.conventions.Conventions` is made of.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    preset = models.CharField(max_length=20, default="keepwell")
    switches = models.JSONField(default=dict)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("conventions of revenue")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1), name="billing_conventions_single"
            ),
        ]

    def __str__(self) -> str:
        return self.preset


class Movement(models.Model):
    """A line of the ledger: what a customer's recurring revenue in a currency did on a day.

    Made from the change log by the conventions in force, and made anew when the log or
    the conventions change. `before` and `after` are the customer's monthly revenue in that
    currency around the day; `first_change` and `last_change` bound the lines of the log
    (of this customer) that it sums up. `converted` is `amount` at the rate of the day in
    the company's currency, empty where no rate is known.
    """

    # Whoever writes a line has just read its customer's log: looking every customer up
    # again was a third of the time. Who deletes a customer deletes its lines.
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    day = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.PositiveSmallIntegerField(choices=MovementKind.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    before = models.DecimalField(max_digits=14, decimal_places=2)
    after = models.DecimalField(max_digits=14, decimal_places=2)
    converted = models.DecimalField(max_digits=16, decimal_places=2, null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of revenue")
        constraints = [
            models.CheckConstraint(
                condition=Q(after=F("before") + F("amount"))
                & Q(before__gte=0, after__gte=0)
                & ~Q(amount=0),
                name="billing_movement_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[1, 2, 3], amount__gt=0)
                | Q(kind__in=[4, 5], amount__lt=0),
                name="billing_movement_direction",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "day", "id"], name="billing_movement_customer"
            ),
            models.Index(fields=["day", "kind", "id"], name="billing_movement_day"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day} {self.amount} {self.currency}"


class RevenueDay(models.Model):
    """Recurring revenue of all customers on a day, per currency.

    The currency "" is the company's own with everything converted; only there can rates
    move the total (`revaluation`). `closing` is summed from the states that the change log
    puts subscriptions in, the movements from the ledger: the database refuses a day on
    which they do not meet.
    """

    day = models.DateField()
    currency = models.CharField(max_length=3, blank=True)
    opening, closing = amount(), amount()
    new, reactivation, expansion = amount(), amount(), amount()
    contraction, churn, revaluation = amount(), amount(), amount()
    customers = models.IntegerField(default=0)  # paying at the end of the day
    customers_new = models.IntegerField(default=0)
    customers_back = models.IntegerField(default=0)
    customers_lost = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("day of revenue")
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "day"], name="billing_revenue_day_uniq"
            ),
            models.CheckConstraint(
                condition=Q(
                    closing=F("opening")
                    + F("new")
                    + F("reactivation")
                    + F("expansion")
                    + F("contraction")
                    + F("churn")
                    + F("revaluation")
                ),
                name="billing_revenue_day_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(revaluation=0),
                name="billing_revenue_day_no_rates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.currency} {self.closing}"


class RevenueMonth(models.Model):
    """Recurring revenue and customers of a month, in the company's currency.

    By one dimension at a time (`dimension` "" is everybody; else "segment", "plan",
    "stage", "source", "persona", "tenure", "reason", "owner"; `value` is the id or code
    in it, "" where it is not told). `kept` and `kept_of` are what is left now of the
    revenue of twelve months ago, expansion included (NRR) and not (GRR).
    """

    month = models.DateField()  # its first day
    dimension = models.CharField(max_length=12, blank=True)
    value = models.CharField(max_length=80, blank=True)
    opening, closing = amount(), amount()
    new, reactivation, expansion = amount(), amount(), amount()
    contraction, churn, churn_involuntary = amount(), amount(), amount()
    revaluation = amount()
    customers_opening = models.IntegerField(default=0)
    customers_new = models.IntegerField(default=0)
    customers_back = models.IntegerField(default=0)
    customers_lost = models.IntegerField(default=0)
    customers_lost_involuntary = models.IntegerField(default=0)
    customers_closing = models.IntegerField(default=0)
    year_ago, kept_with_expansion, kept_without = amount(), amount(), amount()
    # Subscriptions that came up for renewal in the month, and those that renewed.
    renewals_due = models.IntegerField(default=0)
    renewals_kept = models.IntegerField(default=0)
    renewals_due_mrr, renewals_kept_mrr = amount(), amount()

    class Meta:
        verbose_name = _("month of revenue")
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "month", "value"], name="billing_month_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.dimension} {self.value}"


class RevenueCohort(models.Model):
    """What is left of the customers who first paid in a month, so many months later."""

    cohort = models.DateField()  # the first day of the month of the first movement
    age = (
        models.PositiveSmallIntegerField()
    )  # whole months since; 0 is that month's end
    customers = models.IntegerField()
    revenue = models.DecimalField(max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("cohort of revenue")
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "age"], name="billing_cohort_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort:%Y-%m} +{self.age}"


class ConventionMonth(models.Model):
    """What another preset of conventions would say of a month, in the company's currency."""

    preset = models.CharField(max_length=20)
    month = models.DateField()
    opening, closing = amount(), amount()
    new, reactivation, expansion = amount(), amount(), amount()
    contraction, churn, revaluation = amount(), amount(), amount()
    customers_lost = models.IntegerField(default=0)
    customers_new = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("month by other conventions")
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "month"], name="billing_convention_month_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preset} {self.month:%Y-%m}"


class ConventionDifference(models.Model):
    """A customer for whom a preset says another thing of a month than those in force.

    Amounts are the preset's less those in force, in the customer's currency. A row stands
    only for months whose movements differ; `closing` holds until the customer's next row.
    """

    preset = models.CharField(max_length=20)
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_constraint=False
    )
    month = models.DateField()
    currency = models.CharField(max_length=3)
    new, reactivation, expansion = amount(), amount(), amount()
    contraction, churn, closing = amount(), amount(), amount()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of conventions")
        constraints = [
            models.UniqueConstraint(
                fields=["preset", "month", "customer", "currency"],
                name="billing_difference_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preset} {self.customer_id} {self.month:%Y-%m}"


class LedgerStateQuerySet(models.QuerySet["LedgerState"]):
    """Counts what the sums do not know of yet."""

    def count_up(self) -> int:
        """This will raise the count of changes and hold it until the commit."""
        return self._raised(changed=F("changed") + 1)

    def outdate(self) -> int:
        """This will do the same, and note that it may be about any customer."""
        return self._raised(changed=F("changed") + 1, whole=F("changed") + 1)

    def _raised(self, **counts: models.expressions.CombinedExpression) -> int:
        with transaction.atomic(using=self.db):
            if not self.filter(pk=1).update(**counts):
                self.bulk_create([self.model(pk=1)], ignore_conflicts=True)
                self.filter(pk=1).update(**counts)
            return self.values_list("changed", flat=True).get(pk=1)


class LedgerState(models.Model):
    """How the sums of the ledger stand. There is exactly one row (id 1).

    `changed` counts what has been written to logs and settings, `built` where that count
    stood when the sums shown were made: a greater `changed` means that they lag behind.
    `whole` is where it stood when all customers were outdated last. Whoever raises the
    count holds this row until the commit, before it reads a log.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    changed = models.BigIntegerField(default=0, db_default=0)
    whole = models.BigIntegerField(default=0, db_default=0)
    built = models.BigIntegerField(default=-1, db_default=-1)
    built_at = models.DateTimeField(null=True)
    built_on = models.DateField(null=True)  # the last local day in the sums
    # A fingerprint of all that the sums were made with beside the log.
    made_with = models.CharField(max_length=32, blank=True, default="", db_default="")
    seconds = models.FloatField(null=True)
    trouble = models.TextField(blank=True, default="", db_default="")
    # Currencies of subscriptions that have no rate on some day: left out of conversions.
    rates_missing = models.JSONField(default=list, db_default=[])

    objects = LedgerStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("state of the ledger")
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="billing_ledger_single"),
        ]

    def __str__(self) -> str:
        return f"{self.built} of {self.changed}"
