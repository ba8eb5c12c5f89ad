"""Collecting what failed: snapshot, pure decision, and doing it under the invoice's lock."""
