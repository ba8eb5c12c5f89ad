"""Which class speaks with which provider."""

from importlib import import_module

from billing.enums import GatewayKind
from billing.gateways.base import Access, Gateway

# By path, so that a provider's library is loaded only where it is spoken with.
CLASSES = {
    GatewayKind.STRIPE: "billing.gateways.stripe.StripeGateway",
    GatewayKind.CHARGEBEE: "billing.gateways.chargebee.ChargebeeGateway",
    GatewayKind.RECURLY: "billing.gateways.recurly.RecurlyGateway",
    GatewayKind.PADDLE: "billing.gateways.paddle.PaddleGateway",
}


def gateway_class(kind: GatewayKind) -> type[Gateway]:
    """This will return the class that speaks with a provider."""
    module, name = CLASSES[kind].rsplit(".", 1)
    found: type[Gateway] = getattr(import_module(module), name)
    return found


def gateway_for(kind: GatewayKind, access: Access) -> Gateway:
    """This will make the connection to an account; nothing is asked yet."""
    return gateway_class(kind)(access)
