"""Writes about subscriptions, documents, churn and the revenue ledger."""
