"""What is on record about a renewal before it comes, and offers of yearly billing."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.enums import OfferState, RenewalView
from billing.models.subscription import Subscription
from common.fields import FreeText
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class CheckpointQuerySet(ScopedQuerySet["RenewalCheckpoint"]):
    """Speaks of checkpoints the way people do."""

    def disagreeing(self) -> Self:
        """This will keep those where the machine warned and the person did not, or so."""
        warned = Q(view__in=[RenewalView.AT_RISK, RenewalView.LEAVES])
        apart = Q(risky=True, view=RenewalView.RENEWS) | Q(risky=False) & warned
        # Said twice, for the index of what people have said.
        return self.exclude(view="").filter(apart)

    def unsettled(self) -> Self:
        """This will keep those that a manager has not looked at yet."""
        return self.filter(settled_at__isnull=True)


class RenewalCheckpoint(models.Model):
    """What the machine and the person said of a renewal, 180 or 90 days before it.

    The machine's view is noted when the checkpoint comes and never changed after; the
    person's may be said again until the renewal. Where they disagree, it is the manager's
    to settle. Who says "at risk" says what will be done.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="checkpoints", db_index=False
    )
    renews_on = models.DateField(_("renews"))
    days_before = models.PositiveSmallIntegerField()  # 180 or 90
    noted_at = models.DateTimeField()
    # False for one that was caught up on more than a month late: it proves nothing.
    in_time = models.BooleanField(default=True, db_default=True)
    # The chance of staying past the renewal, the band, and the monthly amount then, in
    # the company's currency; and whether the machine warned.
    chance = models.FloatField(null=True)
    risky = models.BooleanField(default=False, db_default=False)
    band = models.CharField(max_length=12, blank=True)
    mrr = models.DecimalField(max_digits=14, decimal_places=2)
    view = models.CharField(
        max_length=8, choices=RenewalView.choices, blank=True, default=""
    )
    viewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    viewed_at = models.DateTimeField(null=True)
    plan = FreeText(_("what will be done"), blank=True, default="")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_view = models.CharField(
        max_length=8, choices=RenewalView.choices, blank=True, default=""
    )
    settled_note = FreeText(blank=True, default="")
    # What came: whether it renewed, and at how much a month; empty until it is over.
    kept = models.BooleanField(null=True)
    kept_mrr = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkpoint of a renewal")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "renews_on", "days_before"],
                name="billing_checkpoint_uniq",
            ),
            models.CheckConstraint(
                condition=~Q(view=RenewalView.AT_RISK) | ~Q(plan=""),
                name="billing_checkpoint_risk_needs_plan",
            ),
        ]
        indexes = [
            models.Index(fields=["renews_on", "id"], name="billing_checkpoint_renewal"),
            # What waits for people, among hundreds of thousands that do not.
            models.Index(
                fields=["renews_on"],
                condition=Q(view="", days_before=90),
                name="billing_checkpoint_waits",
            ),
            models.Index(
                fields=["renews_on"],
                condition=~Q(view="") & Q(settled_at__isnull=True),
                name="billing_checkpoint_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} -{self.days_before}"


class YearlyOffer(models.Model):
    """An offer to pay by the year, with a discount or with months for free.

    The customer answers on a page behind a signed link; nothing changes without a yes.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="yearly_offers"
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, related_name="+"
    )
    discount = models.DecimalField(max_digits=5, decimal_places=4, default=0)
    free_months = models.PositiveSmallIntegerField(default=0)
    # What the customer was shown, for ever: monthly now, the year's price then.
    mrr = models.DecimalField(max_digits=14, decimal_places=2)
    yearly = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=9, choices=OfferState.choices, default=OfferState.OPEN
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer of yearly billing")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(state="open"),
                name="billing_offer_one_open",
            ),
            models.CheckConstraint(
                condition=Q(discount__gt=0, discount__lt=1, free_months=0)
                | Q(discount=0, free_months__range=(1, 6)),
                name="billing_offer_one_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.state}"
