"""Recurly: its webhooks are heard, and what they name is asked for; nothing is changed.

A JSON webhook of Recurly only says which object changed ("JSON payloads include only
event type, object context, and identifiers": docs.recurly.com, "Webhook payloads: JSON
vs. XML"), so the state comes from its API, version v2021-02-25.
"""

from billing.gateways.recurly.gateway import RecurlyGateway

__all__ = ["RecurlyGateway"]
