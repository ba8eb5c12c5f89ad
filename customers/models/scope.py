"""Row scope: which rows a person sees and may change.

Every model that belongs to a customer has it on its default manager (a test holds that),
and every view that takes an id goes through it.
"""

from typing import ClassVar, Self, TypeVar

from django.db import models

from accounts.models import User
from accounts.models.reach import Owners

Row = TypeVar("Row", bound=models.Model)


class ScopedQuerySet(models.QuerySet[Row]):
    """Rows of customers. A model reaches its customer's owner by the path `owner`."""

    owner: ClassVar[str] = "customer__owner_id"

    def visible_to(self, user: User) -> Self:
        """This will keep what the person may see: own, the team's or all customers'."""
        return self.of_owners(user.reach.sees)

    def editable_by(self, user: User) -> Self:
        """This will keep what the person may change; never more than may be seen."""
        return self.of_owners(user.reach.changes)

    def of_owners(self, owners: Owners) -> Self:
        """This will keep the rows of some people's customers.

        One owner is compared by equality and a team by a short list of numbers, so that
        an index that begins with the owner answers both.
        """
        if owners.everybody:
            return self
        ids = list(owners)
        if not ids:
            return self.none()
        if len(ids) == 1:
            return self.filter(**{self.owner: ids[0]})
        return self.filter(**{f"{self.owner}__in": ids})
