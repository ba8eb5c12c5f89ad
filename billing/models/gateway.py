"""Where money is collected: accounts at gateways, and what stands there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.enums import GatewayKind, MethodKind, ObjectKind
from common.fields import FreeLine
from customers.models import Customer
from customers.models.scope import ScopedQuerySet


class GatewayAccount(models.Model):
    """Our account at a gateway. Invoices without one are collected by hand.

    `secrets` is sealed JSON (`common.sealing`): {"key", "hooks": [signing secrets, the
    newest first]}. `collects`: we try failed payments again and write to the customer;
    otherwise the gateway does and we look on. `hook_key` is part of the webhooks' address,
    so that a stranger cannot even knock.
    """

    kind = models.CharField(_("gateway"), max_length=10, choices=GatewayKind.choices)
    name = models.CharField(_("name"), max_length=100, unique=True)
    secrets = models.TextField(default="", blank=True)
    hook_key = models.CharField(max_length=43, unique=True)
    is_on = models.BooleanField(_("in use"), default=True)
    collects = models.BooleanField(_("Keepwell retries failed payments"), default=False)
    # Customers of the gateway that are nobody's here become customers of ours.
    makes_customers = models.BooleanField(_("add unknown customers"), default=True)
    is_live = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    heard_at = models.DateTimeField(
        null=True, blank=True
    )  # the last event that was ours
    # How far the gateway's clock is ahead of the database's, by its last event.
    skew_seconds = models.IntegerField(null=True, blank=True)
    # The gateway's words when it last refused us ourselves; nothing is asked until then.
    trouble = models.TextField(default="", blank=True)
    trouble_at = models.DateTimeField(null=True, blank=True)
    resumes_at = models.DateTimeField(null=True, blank=True)
    reconciled_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("account at a gateway")

    def __str__(self) -> str:
        return self.name


class GatewayObject(models.Model):
    """Something that stands at a gateway, and how far we have read it.

    Who hears of a change counts `wanted` up. A reader claims the row, notes what is wanted,
    asks the gateway for the present state, and writes it only while its claim stands, in
    one transaction with `read`. So there is one reader at a time, an older state never
    comes after a newer one, and what was heard meanwhile is read once more.
    """

    account = models.ForeignKey(
        GatewayAccount, models.CASCADE, related_name="objects_of"
    )
    kind = models.CharField(max_length=12, choices=ObjectKind.choices)
    external_id = models.CharField(max_length=255)
    # Whose it is here; empty until it is known.
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A customer's name and address there, while it is nobody's here.
    called = FreeLine(max_length=200, default="", blank=True)
    wanted = models.BigIntegerField(default=1)
    read = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)  # of what was read
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)  # not before
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(default="", blank=True)
    # What has to be read first, "kind id": it is not here yet.
    waits_for = models.CharField(max_length=270, default="", blank=True)
    # Of providers that cannot be asked: the newest state they told, in our own words, until
    # it is written, and its number or moment there.
    carried = models.JSONField(null=True, blank=True)
    version = models.BigIntegerField(default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("object at a gateway")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "external_id"], name="billing_object_uniq"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(wanted__gt=F("read")),
                name="billing_object_waits",
            ),
            models.Index(
                fields=["account", "waits_for"],
                condition=~Q(waits_for=""),
                name="billing_object_waits_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class GatewayEvent(models.Model):
    """A webhook that proved to be the gateway's: a hint that something has changed.

    It is stored once, with the counting up of its objects' `wanted` in the same
    transaction; what it says itself is never taken for the state.
    """

    account = models.ForeignKey(GatewayAccount, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    # The objects it names: [[kind, external id], …].
    about = models.JSONField(default=list)
    happened_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    copies = models.PositiveIntegerField(default=0)  # how often it came again
    # Found by the reconciliation, not heard.
    missed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("event of a gateway")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="billing_event_uniq"
            ),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="billing_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"


class GatewayImport(models.Model):
    """Reading everything that stands at a gateway, page by page, each in a slice of work."""

    account = models.ForeignKey(GatewayAccount, models.CASCADE, related_name="imports")
    # What is read now, and behind which of its objects; empty when all is read.
    kind = models.CharField(max_length=12, choices=ObjectKind.choices, blank=True)
    cursor = models.CharField(max_length=255, default="", blank=True)
    counts = models.JSONField(default=dict)  # {kind: {"read", "changed", "failed"}}
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    stopped = models.BooleanField(default=False)  # by a person, or by trouble
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = _("import from a gateway")
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(finished_at__isnull=True),
                name="billing_gateway_import_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.started_at}"


class Reconciliation(models.Model):
    """Every night: the gateway's events of the last three days, compared with ours."""

    account = models.ForeignKey(
        GatewayAccount, models.CASCADE, related_name="reconciliations"
    )
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    cursor = models.CharField(max_length=255, default="", blank=True)
    events = models.PositiveIntegerField(default=0)  # that the gateway lists
    missed = models.PositiveIntegerField(default=0)  # of these never came
    objects_differed = models.PositiveIntegerField(default=0)
    trouble = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = _("reconciliation with a gateway")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day"], name="billing_reconciliation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.day}"


class PaymentMethod(models.Model):
    """What a customer pays with, as far as a bill shows it: never a number of a card.

    `expires_on` is the last day of a card's last month. The one with `is_default` is what
    we would charge; a customer has one per account.
    """

    account = models.ForeignKey(
        GatewayAccount, models.CASCADE, null=True, related_name="+"
    )
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=MethodKind.choices)
    brand = models.CharField(max_length=30, default="", blank=True)
    last4 = models.CharField(max_length=4, default="", blank=True)
    expires_on = models.DateField(null=True, blank=True)
    is_default = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    # When these details became so: the gateway's updater may renew a card in place.
    changed_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment method")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="billing_method_uniq"
            ),
            models.UniqueConstraint(
                fields=["account", "customer"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="billing_method_one_default",
            ),
            models.CheckConstraint(
                condition=Q(last4="") | Q(last4__regex=r"^[0-9A-Za-z]{4}$"),
                name="billing_method_last4",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="billing_method_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand or self.kind} {self.last4}"
