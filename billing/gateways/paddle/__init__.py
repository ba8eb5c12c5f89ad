"""Paddle Billing: its webhooks are read; nothing is asked or charged there.

Written from developer.paddle.com: "Webhooks" (webhooks/about/how-webhooks-work and
signature-verification) and the pages of the events.
"""

from billing.gateways.paddle.gateway import PaddleGateway

__all__ = ["PaddleGateway"]
