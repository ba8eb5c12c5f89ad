"""What the customers that were won brought, summed after a run."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from health.enums import ShardState
from health.models.run import Run


class AcquisitionDay(models.Model):
    """The customers ever won, as they stood after a run, in sums by how they were won.

    `content` holds the tables of `calculations.winning` by way of grouping, of the
    customers up to `cursor`; `parameters` what all parts are summed with. What was spent
    is not in it: the page puts the two together, so that noting spend asks for no new sums.
    """

    run = models.OneToOneField(Run, models.CASCADE, related_name="+", db_index=False)
    as_of = models.DateField(_("as of"))
    parameters = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    cursor = models.BigIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=ShardState.choices, default=ShardState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    # The attempt that last got on: it failed if many after it did not.
    got_on = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("sums of customers won")

    def __str__(self) -> str:
        return str(self.as_of)
