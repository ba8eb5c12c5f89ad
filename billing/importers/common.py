"""What the billing tables of the CSV layout share."""

from customers.importing.load import Check

SUBSCRIPTION_UNKNOWN = (
    "s.subscription_id IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM billing_subscription b WHERE b.external_id = s.subscription_id)"
)


def subscription_known() -> Check:
    """This will reject rows of subscriptions that nobody knows."""
    return Check(
        "subscription_id",
        SUBSCRIPTION_UNKNOWN,
        "format('subscription %%L is not known', s.subscription_id)",
    )


def discount_possible() -> Check:
    """This will reject discounts of more than the whole price."""
    return Check(
        "discount_percent",
        "s.discount_percent > 100",
        "format('a discount of %%s %%%% is more than the price', s.discount_percent)",
    )
