"""That customers were given to somebody else."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine


class OwnerChange(models.Model):
    """Customers that changed hands together, with what is needed to take it back.

    `former_owner_ids` follows the order of `customer_ids`. `task_ids` are the open tasks
    that went along: each was with its customer's former owner.
    """

    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("new owner"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = FreeLine(_("why"), max_length=200, blank=True)
    customer_ids = ArrayField(models.BigIntegerField())
    former_owner_ids = ArrayField(models.BigIntegerField(null=True))
    task_ids = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of owner")
        verbose_name_plural = _("changes of owner")

    def __str__(self) -> str:
        return f"{len(self.customer_ids)} → {self.receiver_id}"
