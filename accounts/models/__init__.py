"""The people who sign in, and the company they work for."""

from accounts.models.company import Company, ExchangeRate
from accounts.models.user import User

__all__ = ["Company", "ExchangeRate", "User"]
