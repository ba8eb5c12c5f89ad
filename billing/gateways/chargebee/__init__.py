"""Chargebee: its webhooks are read; nothing is asked or charged there.

Written from apidocs.chargebee.com/docs/api: "Events", "Customers", "Payment sources",
"Items", "Item prices", "Plans", "Subscriptions", "Invoices", "Transactions".
"""

from billing.gateways.chargebee.gateway import ChargebeeGateway

__all__ = ["ChargebeeGateway"]
