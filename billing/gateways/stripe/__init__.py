"""Stripe, through its own library. Nothing else in the product imports that library."""

from billing.gateways.stripe.gateway import StripeGateway

__all__ = ["StripeGateway"]
