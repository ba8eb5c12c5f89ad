"""What the list pages read: one wide row per customer, rebuilt by every run."""

from functools import partial
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.reach import Owners
from common.fields import money
from customers.models import Customer
from customers.models.scope import ScopedQuerySet
from health.enums import Band, Basis


class BoardQuerySet(ScopedQuerySet["Board"]):
    """Speaks of the list the way people do."""

    owner = "owner_id"
    # The people whose rows these are, where they are several: a page is read from the
    # beginning of each one's list.
    team: tuple[int, ...] = ()

    def of_owners(self, owners: Owners) -> Self:
        """This will keep the rows of some people's customers, and remember whose."""
        kept = super().of_owners(owners)
        kept.team = tuple(owners)
        return kept

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone.team = self.team
        return clone


class Board(models.Model):
    """A row of the list. Rebuilt beside and renamed in; edits are re-applied."""

    customer = models.OneToOneField(
        Customer,
        models.CASCADE,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    name = models.CharField(max_length=200)
    segment_id = models.BigIntegerField(null=True)
    segment_name = models.CharField(max_length=80)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=150)
    contact_id = models.BigIntegerField(null=True)
    contact_name = models.CharField(max_length=150)
    score = models.FloatField()
    coverage = models.FloatField()
    band = models.SmallIntegerField(choices=Band.choices)
    basis = models.SmallIntegerField(choices=Basis.choices)
    late = models.BooleanField()
    churn = models.FloatField()
    churn_low = models.FloatField()
    churn_high = models.FloatField()
    mrr = money()
    clv = money()
    clv_p10 = money()
    clv_p90 = money()
    value_at_risk = money()
    queue_value = money()
    at_risk = models.BooleanField()
    gone = models.BooleanField(db_default=False)
    renews_on = models.DateField(null=True)
    last_contact_on = models.DateField(null=True)
    latest_nps = models.SmallIntegerField(null=True)
    falling = models.BooleanField()
    silent = models.BooleanField()
    snoozed_until = models.DateField(null=True)
    asks = models.SmallIntegerField()
    reasons = ArrayField(models.SmallIntegerField())
    reason_values = ArrayField(models.FloatField())
    reason_before = ArrayField(models.FloatField())
    weekly = ArrayField(models.FloatField())

    objects = BoardQuerySet.as_manager()

    class Meta:
        db_table = "health_board"

    def __str__(self) -> str:
        return self.name


total = partial(money, max_digits=20)


class PortfolioDay(models.Model):
    """The sums of one person's portfolio after a run; owner 0 is the whole company."""

    as_of = models.DateField()
    owner_id = models.BigIntegerField(default=0)
    customers = models.PositiveIntegerField()
    mrr = total()
    at_risk = models.PositiveIntegerField()
    value_at_risk = total()
    # By band; at_risk above also counts those with a high chance of leaving.
    band_unknown = models.PositiveIntegerField(default=0)
    band_at_risk = models.PositiveIntegerField(default=0)
    band_watch = models.PositiveIntegerField(default=0)
    band_healthy = models.PositiveIntegerField(default=0)
    mrr_unknown = total(default=0)
    mrr_at_risk = total(default=0)
    mrr_watch = total(default=0)
    mrr_healthy = total(default=0)
    score_sum = models.FloatField(default=0)  # of those with a known band
    # Of all customers: those who buy without a subscription, and who count as gone.
    gone = models.PositiveIntegerField(default=0)
    renewals = models.PositiveIntegerField()
    renewals_mrr = total()
    renewals_at_risk = models.PositiveIntegerField()
    mrr_year_ago = total()
    mrr_kept = total(help_text=_("Of a year ago's customers, capped at then."))
    mrr_now = total(help_text=_("Of a year ago's customers."))
    promoters = models.PositiveIntegerField()
    passives = models.PositiveIntegerField()
    detractors = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "owner_id"], name="health_portfolioday_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.as_of}"

    @property
    def score_mean(self) -> float | None:
        """The mean score of those with a known one; None without any."""
        known = self.customers - self.band_unknown
        return self.score_sum / known if known else None
