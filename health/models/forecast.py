"""Versions of the forecasts, what became of what they said, and sums of what they say."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeText, money
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from health.enums import Verdict
from health.models.run import Run
from health.models.training import Training


class ForecastVersion(models.Model):
    """What a training has learnt. It never changes; which one is in use does.

    `content` is what a night forecasts with (`calculations.forecast_content`), `summary`
    what its page tells: what was learnt from, the features, the figures measured out of
    time. `verdict` compares it with the version in use when it was learnt: a worse one is
    not published by itself.
    """

    number = models.PositiveIntegerField(_("version"), unique=True)
    training = models.OneToOneField(
        Training, models.PROTECT, related_name="version", db_index=False
    )
    as_of = models.DateField(_("learnt until"))
    method = models.CharField(_("method"), max_length=10)
    reason = models.CharField(max_length=20)
    content = models.JSONField()
    summary = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    in_use = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    # Nobody where it was published by itself.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    note = FreeText(_("note"), blank=True)

    class Meta:
        verbose_name = _("version of the forecasts")
        constraints = [
            models.UniqueConstraint(
                fields=["in_use"],
                condition=models.Q(in_use=True),
                name="health_forecastversion_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class ValueCheck(models.Model):
    """What a customer was expected to bring in a year, and what it did bring.

    Forecast as of `as_of` by what could be known then, with this version's method; money
    in the company's currency. `realised` is contribution margin of the year.
    """

    version = models.ForeignKey(
        ForecastVersion, models.CASCADE, related_name="value_checks", db_index=False
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    as_of = models.DateField()
    expected = money()
    low = money()
    mid = money()
    high = money()
    realised = money()
    # Standard deviation of what it brings by its own fate; None in older versions.
    spread = models.FloatField(null=True)
    left = models.BooleanField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "customer"], name="health_valuecheck_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}"

    @property
    def inside(self) -> bool:
        """Whether what came in lay within the range."""
        return bool(self.low <= self.realised <= self.high)

    @property
    def apart(self) -> Decimal:
        """What came in less what was expected."""
        missed: Decimal = self.realised - self.expected
        return missed


class AccuracyReport(models.Model):
    """What the accuracy page shows: made with a training, from the same past."""

    training = models.OneToOneField(
        Training, models.CASCADE, related_name="report", db_index=False
    )
    as_of = models.DateField()
    content = models.JSONField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.as_of)


class ForecastCheck(models.Model):
    """What was found after a run: what has moved, and what became of what was published.

    `content` holds the drift since the model was trained and the days whose 90 days are
    over (`calculations.accuracy.live`); empty until a worker, which holds it under a
    lease, is through.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="+", db_index=False)
    as_of = models.DateField()
    content = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.as_of)


class ValuePath(models.Model):
    """What the customers of a segment and plan will bring, month by month, after a run.

    `revenue` and `tickets` are sums over customers of what is expected in month 1, 2, … of
    the horizon: recurring revenue as it grows, and support tickets, each times the chance
    of being there. So any margin, cost, discount rate or shorter horizon can be tried
    without going back to the customers.
    """

    as_of = models.DateField()
    segment_id = models.BigIntegerField(default=0)  # 0 for none
    plan_id = models.BigIntegerField(default=0)
    customers = models.PositiveIntegerField()
    mrr = money(max_digits=20)
    churn = models.FloatField()  # sum of the chances of leaving within 90 days
    alive = models.JSONField()  # customers expected to be there, by month
    revenue = models.JSONField()
    tickets = models.JSONField()
    at_risk = money(max_digits=20)
    # Margin to come as the run reckoned it, the variance of it by each one's own fate, and
    # how far all of a plan are off together (calculations.sum_ranges); 0 where unknown.
    expected = models.FloatField(default=0.0)
    own = models.FloatField(default=0.0)
    doubt = models.FloatField(default=0.0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "segment_id", "plan_id"], name="health_valuepath_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.as_of} {self.segment_id} {self.plan_id}"
