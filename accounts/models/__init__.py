"""The people who sign in, the company they work for, and the log of what they changed."""

from accounts.models.audit import AuditDetail, AuditEntry, AuditHead
from accounts.models.company import Company, ExchangeRate, Holiday
from accounts.models.invitation import Invitation
from accounts.models.team import Team
from accounts.models.user import User

__all__ = [
    "AuditDetail",
    "AuditEntry",
    "AuditHead",
    "Company",
    "ExchangeRate",
    "Holiday",
    "Invitation",
    "Team",
    "User",
]
