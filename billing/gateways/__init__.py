"""Gateways: a protocol, and one module per provider. Nothing here touches the database."""
