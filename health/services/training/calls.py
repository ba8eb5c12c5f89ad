"""How many customers a company can call a day."""

from accounts.enums import Role
from accounts.models import User

# What one person can prepare, call and write down in a day.
CALLS_OF_ONE = 10
# Where nobody is a CSM: a share of the customers, and never fewer than a handful.
SHARE, FEWEST = 0.02, 5


def calls_a_day(*, customers: int) -> int:
    """This will return for how many calls a day there are people. One query."""
    people = User.objects.filter(role=Role.CSM, is_active=True).count()
    return people * CALLS_OF_ONE or max(FEWEST, round(SHARE * customers))
