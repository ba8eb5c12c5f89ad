"""What a customer subscribed to, and everything that changed about it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import ChangeAction, ChangeKind, SubscriptionState
from billing.models.gateway import GatewayAccount
from billing.models.plan import Plan, PriceVersion
from common.fields import FreeLine
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class Subscription(models.Model):
    """A subscription. Its state on a day is the last change known on that day."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(_("external id"), max_length=100, unique=True)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")
    price = models.ForeignKey(
        PriceVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )
    currency = models.CharField(_("currency"), max_length=3)
    interval_months = models.PositiveSmallIntegerField(
        _("interval in months"), default=1
    )
    started_on = models.DateField(_("started"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    is_trial = models.BooleanField(_("trial"), default=False)
    # What an add-on belongs to: it ends with it.
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="add_ons"
    )
    auto_renews = models.BooleanField(
        _("renews by itself"), default=True, db_default=True
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice period in days"), null=True, blank=True
    )
    # Where it is billed, under its external id; empty: by ourselves.
    gateway = models.ForeignKey(
        GatewayAccount,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # What it took up again after the end of another one.
    follows = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        db_index=False,
    )
    # The first day to come for which something is booked: then the columns above, which
    # repeat what the log says of today, are read from it anew.
    next_on = models.DateField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField()
    recorded_assumed = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(ended_on__gte=models.F("started_on")),
                name="billing_subscription_order",
            ),
            models.CheckConstraint(
                condition=Q(interval_months__gte=1),
                name="billing_subscription_interval",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "started_on"],
                name="billing_subscription_customer",
            ),
            models.Index(
                fields=["follows"],
                condition=Q(follows__isnull=False),
                name="billing_subscription_follows",
            ),
            models.Index(
                fields=["next_on"],
                condition=Q(next_on__isnull=False),
                name="billing_subscription_next",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class SubscriptionChange(models.Model):
    """A line of the change log: what the subscription is from a day on.

    Every line tells the whole state. On a day the last line by (`effective_on`, `id`)
    counts, so what is booked for later stands here with a day to come and takes effect by
    itself, and a line booked later for the same day takes the place of an earlier one: the
    log is only ever added to. `mrr` is monthly, net of discount, without tax and one-off
    items, and 0 in trials, pauses and after the end; `list_mrr` is the same before the
    discount and in a pause. The customer and interval stand here too, so that scores read
    one covering index.
    """

    subscription = models.ForeignKey(
        Subscription, models.CASCADE, related_name="changes", db_index=False
    )
    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ChangeKind.choices)
    effective_on = models.DateField(_("from"))
    recorded_at = models.DateTimeField()
    mrr = models.DecimalField(_("monthly amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    quantity = models.PositiveIntegerField(_("seats"), default=0)
    interval_months = models.PositiveSmallIntegerField(
        _("interval in months"), default=1
    )
    renews_on = models.DateField(_("renews"), null=True, blank=True)
    # What was subscribed to from that day on, as the log learnt it.
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # The version of the price it is reckoned with; empty for imported lines.
    price = models.ForeignKey(
        PriceVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    # The day that terms are counted from; empty: the start of the subscription.
    anchored_on = models.DateField(_("terms from"), null=True, blank=True)
    # As a share of the list price; empty where nobody told us.
    discount = models.DecimalField(
        _("discount"), max_digits=5, decimal_places=4, null=True, blank=True
    )

    # Empty where the source tells only what is paid: then nothing but `discount` says so.
    list_mrr = models.DecimalField(
        _("monthly amount before discount"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
    )
    # The first day without the discount; empty for one that stays.
    discount_until = models.DateField(_("discount until"), null=True, blank=True)
    state = models.CharField(
        max_length=6,
        choices=SubscriptionState.choices,
        default=SubscriptionState.ACTIVE,
        db_default=SubscriptionState.ACTIVE,
    )
    action = models.CharField(
        max_length=20,
        choices=ChangeAction.choices,
        blank=True,
        default="",
        db_default="",
    )
    # Lines of one kind for one day, in the order in which they were booked: from 1 on. An
    # import knows one line per day and kind; it is 0.
    revision = models.PositiveSmallIntegerField(default=0, db_default=0)
    note = FreeLine(_("note"), max_length=200, blank=True, default="", db_default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a subscription")
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "effective_on", "kind", "revision"],
                name="billing_change_uniq",
            ),
            models.CheckConstraint(
                condition=Q(list_mrr__isnull=True) | Q(list_mrr__gte=F("mrr")),
                name="billing_change_list_not_below",
            ),
            models.CheckConstraint(
                condition=Q(mrr__gte=0), name="billing_change_mrr_positive"
            ),
            models.CheckConstraint(
                condition=Q(discount__isnull=True) | Q(discount__range=(0, 1)),
                name="billing_change_discount_share",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ChangeKind.END) | Q(mrr=0),
                name="billing_change_end_is_zero",
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "subscription", "effective_on", "id"],
                include=[
                    "recorded_at",
                    "kind",
                    "mrr",
                    "currency",
                    "quantity",
                    "interval_months",
                    "renews_on",
                    "discount",
                    "plan",
                ],
                name="billing_change_frame",
            ),
            # Whose end has come lately?
            models.Index(
                fields=["effective_on"],
                condition=Q(kind=ChangeKind.END),
                name="billing_change_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.kind} {self.effective_on}"
