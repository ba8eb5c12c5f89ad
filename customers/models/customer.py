"""A company that buys from us."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.fields import FreeLine, FreeText
from customers.enums import Stage
from customers.models.campaign import Campaign
from customers.models.scope import ScopedQuerySet


class Segment(models.Model):
    """A category of customers, one at a time: enterprise, mid-market, small …"""

    key = models.SlugField(_("key"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(ScopedQuerySet["Customer"]):
    """Speaks of customers the way people do."""

    owner = "owner_id"


class Customer(models.Model):
    """A customer company. Whether it left is told by billing.ChurnEvent."""

    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    name = FreeLine(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children"
    )
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    stage = models.CharField(
        _("lifecycle stage"), max_length=12, choices=Stage.choices, blank=True
    )
    persona = models.CharField(_("persona"), max_length=80, blank=True)
    interests = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    needs = FreeText(_("needs"), blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    acquisition_source = models.CharField(
        _("acquisition source"), max_length=80, blank=True
    )
    acquisition_cost = models.DecimalField(
        _("acquisition cost"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    # Few customers have one: the index holds only those.
    campaign = models.ForeignKey(
        Campaign,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("campaign"),
    )
    customer_since = models.DateField(_("customer since"))
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acquisition_cost__gte=0)
                | models.Q(acquisition_cost__isnull=True),
                name="customers_customer_cost_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "id"], name="customers_customer_owner"),
            models.Index(
                fields=["campaign", "id"],
                condition=models.Q(campaign__isnull=False),
                name="customers_customer_campaign",
            ),
            GinIndex(
                OpClass(Lower("name"), name="gin_trgm_ops"), name="customers_name_trgm"
            ),
            models.Index(
                OpClass(Lower("name"), name="text_pattern_ops"),
                name="customers_name_prefix",
            ),
        ]

    def __str__(self) -> str:
        return self.name
