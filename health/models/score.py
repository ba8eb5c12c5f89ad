"""Scores of every day, and the present standing of every customer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import money
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from health.enums import Band, Basis
from health.models.run import Run
from health.models.scorecard import ScorecardVersion


class Score(models.Model):
    """A customer's score as of a day.

    `score` is the one that counts, `computed` the one by the formula; they differ where
    a person or the children of a parent set it (`basis`). `values`, `before` and `ages`
    are the readings of every measure (health.readings), in the order of the run's
    parameters["measures"]; sub-scores, freshness and contributions follow from them and
    the scorecard version, so an old score can always be explained. Partitioned by day.
    """

    pk = models.CompositePrimaryKey("customer", "as_of")
    # Without a constraint, which would look every row of every night up in customers.
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    as_of = models.DateField(_("as of"))
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    scorecard_version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, related_name="+", db_index=False
    )
    score = models.FloatField(_("score"))
    computed = models.FloatField()
    coverage = models.FloatField(_("coverage"))
    band = models.SmallIntegerField(_("band"), choices=Band.choices)
    basis = models.SmallIntegerField(choices=Basis.choices)
    late = models.BooleanField()
    # What was published that day: of leaving within 90 days. None before it was kept.
    churn = models.FloatField(null=True)
    tenure = models.IntegerField()
    values = models.BinaryField()
    before = models.BinaryField()
    ages = models.BinaryField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        db_table = "health_score"
        verbose_name = _("score")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.as_of}: {self.score:.0f}"


class Standing(models.Model):
    """Where a customer stands after the latest run: score, chance of leaving, money.

    Money is in the company's currency. Made anew by every run and renamed in together
    with the board. `told` is the band that events told of last: it does not follow a band
    that only a late source is behind.
    """

    customer = models.OneToOneField(
        Customer,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    scorecard_version = models.ForeignKey(
        ScorecardVersion, models.PROTECT, related_name="+", db_index=False
    )
    score = models.FloatField(_("score"))
    computed = models.FloatField()
    coverage = models.FloatField(_("coverage"))
    band = models.SmallIntegerField(_("band"), choices=Band.choices)
    told = models.SmallIntegerField(choices=Band.choices)
    basis = models.SmallIntegerField(choices=Basis.choices)
    late = models.BooleanField()
    churn = models.FloatField(_("may leave within 90 days"))
    churn_low = models.FloatField()
    churn_high = models.FloatField()
    # The part of `churn` that is failed payments.
    churn_involuntary = models.FloatField(db_default=0.0)
    # Codes of features (health.features), −1 for none, and what each adds to `churn`.
    churn_reasons = ArrayField(models.SmallIntegerField(), null=True)
    churn_points = ArrayField(models.FloatField(), null=True)
    # The group of customers with a like chance (churn.comparables); −1 for none.
    comparable = models.SmallIntegerField(db_default=-1)
    # The chance of still being a customer, of those who buy without a subscription.
    alive = models.FloatField(null=True)
    # Of staying past the next renewal; None for those buyers, and before it was kept.
    stays = models.FloatField(null=True)
    mrr = money(_("monthly recurring revenue"))
    # Margin earned so far, less support and the cost of winning it; `clv` holds it.
    earned = money(db_default=0)
    clv = money(_("customer lifetime value"))
    clv_p10 = money()
    clv_p50 = money()
    clv_p90 = money()
    clv_textbook = money()
    value_at_risk = money(_("value at risk"))
    queue_value = money()
    at_risk = models.BooleanField(_("at risk"))
    # Buys without a subscription, and `alive` is below the company's setting.
    gone = models.BooleanField(db_default=False)
    renews_on = models.DateField(_("renews"), null=True)
    last_contact_on = models.DateField(null=True)
    last_used_on = models.DateField(null=True)
    latest_nps = models.SmallIntegerField(null=True)
    asks = models.SmallIntegerField(default=0)  # bits of health.calculations.asking
    reasons = ArrayField(models.SmallIntegerField())  # codes of measures, −1 for none
    reason_values = ArrayField(models.FloatField())
    reason_before = ArrayField(models.FloatField())
    weekly = ArrayField(models.FloatField())

    objects = ScopedQuerySet.as_manager()

    class Meta:
        db_table = "health_standing"
        verbose_name = _("standing")

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.score:.0f}"
