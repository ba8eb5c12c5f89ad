"""How accounts at gateways stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q

from billing.enums import GatewayKind, GatewayTrouble, ObjectKind
from billing.models import (
    GatewayAccount,
    GatewayImport,
    GatewayObject,
    Reconciliation,
)

# Webhooks that never came: from so many on, and from this share of the events on.
MANY = 5
SHARE = 0.2
NIGHTS = 14
# How far apart clocks may be before a person is told; webhooks are refused at 300.
SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """An account with what is to be said of it.

    `state` is one of: off, refused, clock, mode, unheard, failing, silent, well.
    `waiting` objects have yet to be read, `failed` ones could not be; `nobodys` are
    customers there of whom nobody knows who they are here.
    """

    account: GatewayAccount
    waiting: int
    failed: int
    nobodys: int
    importing: GatewayImport | None
    last_night: Reconciliation | None

    @property
    def kind(self) -> str:
        return GatewayKind(self.account.kind).label

    @property
    def skewed(self) -> bool:
        return abs(self.account.skew_seconds or 0) >= SKEW_SECONDS

    @property
    def state(self) -> str:
        account = self.account
        if not account.is_on:
            return "off"
        if account.trouble:
            # The gateway's own words, but for these two.
            named = {GatewayTrouble.CLOCK: "clock", GatewayTrouble.MODE: "mode"}
            words = {str(key): word for key, word in named.items()}
            return words.get(account.trouble, "refused")
        if self.last_night is not None and many_missed(self.last_night):
            return "unheard"
        if self.failed:
            return "failing"
        return "well" if account.heard_at else "silent"

    @property
    def tone(self) -> str:
        """The css class of the state."""
        tones = {"well": "ok", "off": "unknown", "silent": "info", "failing": "warn"}
        return tones.get(self.state, "crit")


def many_missed(night: Reconciliation) -> bool:
    """This will say whether so many events never came that webhooks do not arrive."""
    return night.missed >= MANY and night.missed >= SHARE * night.events


def standings(accounts: Iterable[GatewayAccount] | None = None) -> list[Standing]:
    """This will say how accounts stand, by name. Four queries, however many accounts."""
    rows = list(
        GatewayAccount.objects.order_by("name", "id") if accounts is None else accounts
    )
    ids = [row.pk for row in rows]
    waits = Q(wanted__gt=F("read"))
    nobodys = Q(kind=ObjectKind.CUSTOMER, customer__isnull=True, read_at__isnull=False)
    counted = {
        row["account"]: row
        for row in GatewayObject.objects.filter(account__in=ids)
        .filter(waits | nobodys)
        .values("account")
        .annotate(
            waiting=Count("pk", filter=waits & Q(trouble="")),
            failed=Count("pk", filter=waits & ~Q(trouble="")),
            nobodys=Count("pk", filter=nobodys),
        )
        .order_by("account")
    }
    imports = {row.account_id: row for row in _latest_imports(ids)}
    nights = {row.account_id: row for row in _latest_nights(ids)}
    none = {"waiting": 0, "failed": 0, "nobodys": 0}
    return [
        Standing(
            account=row,
            waiting=counted.get(row.pk, none)["waiting"],
            failed=counted.get(row.pk, none)["failed"],
            nobodys=counted.get(row.pk, none)["nobodys"],
            importing=imports.get(row.pk),
            last_night=nights.get(row.pk),
        )
        for row in rows
    ]


def standing_of(account: GatewayAccount) -> Standing:
    """This will say how one account stands. Three queries."""
    return standings([account])[0]


def nights_latest(account: GatewayAccount) -> list[Reconciliation]:
    """This will return the comparisons of the last 14 nights, the newest first."""
    return list(account.reconciliations.order_by("-day", "-id")[:NIGHTS])


def _latest_imports(ids: Sequence[int]) -> Iterable[GatewayImport]:
    rows = GatewayImport.objects.filter(account__in=ids).select_related("started_by")
    return rows.order_by("account", "-started_at", "-id").distinct("account")


def _latest_nights(ids: Sequence[int]) -> Iterable[Reconciliation]:
    rows = Reconciliation.objects.filter(account__in=ids, finished_at__isnull=False)
    return rows.order_by("account", "-day", "-id").distinct("account")
