"""The way into an account at a gateway."""

import json
from collections.abc import Sequence

from billing.enums import GatewayKind
from billing.gateways.base import Access, Gateway
from billing.gateways.choose import gateway_for
from billing.models import GatewayAccount
from common.sealing import seal, unseal


def gateway_of(account: GatewayAccount) -> Gateway:
    """This will return the connection to an account. Raises UnableToUnseal."""
    return gateway_for(GatewayKind(account.kind), access_of(account))


def access_of(account: GatewayAccount) -> Access:
    """This will unseal an account's secrets."""
    if not account.secrets:
        return Access(key="")
    told = json.loads(unseal(account.secrets))
    return Access(key=told.get("key", ""), hooks=tuple(told.get("hooks", ())))


def access_sealed(*, key: str, hooks: Sequence[str]) -> str:
    """This will return secrets as an account keeps them."""
    return seal(json.dumps({"key": key, "hooks": list(hooks)}))
