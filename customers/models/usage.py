"""How much a customer used the product."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.scope import ScopedQuerySet


class UsageDaily(models.Model):
    """A difference to a customer's usage of a day, as it became known on a day.

    The usage of a day, as known on a later day T, is the sum of its rows recorded by T,
    so a late or corrected file never changes what was known before. A roll-up over more
    than a day stands on its last day and says how many days it covers.
    Where nobody counts the events of key features, `key_events` is empty.
    The table is partitioned by month (migration 0002); partitions are made on demand.
    """

    pk = models.CompositePrimaryKey("customer", "day", "recorded_on")
    # Without a constraint, which would look every row of every day up in customers.
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        related_name="usage",
        db_index=False,
        db_constraint=False,
    )
    day = models.DateField(_("day"))
    recorded_on = models.DateField(_("recorded on"))
    period_days = models.SmallIntegerField(_("days covered"), default=1)
    active_users = models.IntegerField(_("active users"), default=0)
    events = models.IntegerField(_("events"), default=0)
    features = models.IntegerField(_("features used"), default=0)
    key_events = models.IntegerField(_("events of key features"), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        db_table = "customers_usagedaily"
        verbose_name = _("usage of a day")
        # When did the source last speak? Days arrive in order, so this is small.
        indexes = [BrinIndex(fields=["day"], name="customers_usage_day")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"
