"""What was done to win customers, and what was spent on it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine, money


class Campaign(models.Model):
    """Something that was done to win customers: a trade fair, a series of adverts."""

    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=80, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = FreeLine(_("note"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="customers_campaign_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AcquisitionSpend(models.Model):
    """Money spent on a day to win customers, by a source or by one of its campaigns.

    Where `source` is empty the campaign's counts.
    """

    external_id = models.CharField(
        _("external id"), max_length=100, unique=True, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=80, blank=True)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="+"
    )
    spent_on = models.DateField(_("day"))
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    note = FreeLine(_("note"), max_length=250, blank=True)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    # Nobody where it was imported.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("acquisition spend")
        verbose_name_plural = _("acquisition spend")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gte=0), name="customers_spend_positive"
            ),
            models.CheckConstraint(
                condition=~models.Q(source="") | models.Q(campaign__isnull=False),
                name="customers_spend_on_something",
            ),
        ]
        indexes = [
            models.Index(fields=["-spent_on", "-id"], name="customers_spend_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.spent_on} {self.amount} {self.currency}"
