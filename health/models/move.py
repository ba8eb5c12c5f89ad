"""How portfolios moved between bands."""

from django.db import models

from common.fields import money


class Move(models.Model):
    """Customers that were in one band on a day and in another (or the same) later.

    Written at the end of a run against the scores of some earlier days. Owner 0 is the
    whole company, −1 nobody. Band −1 is "not a customer": they came, or left. `mrr` is
    monthly, in the company's currency, as of the later day (of those who left: 0).
    """

    as_of = models.DateField()
    compared_on = models.DateField()
    owner_id = models.BigIntegerField(default=0)
    from_band = models.SmallIntegerField()
    to_band = models.SmallIntegerField()
    customers = models.PositiveIntegerField()
    mrr = money(max_digits=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "compared_on", "owner_id", "from_band", "to_band"],
                name="health_move_uniq",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.as_of}: {self.from_band} → {self.to_band}"
