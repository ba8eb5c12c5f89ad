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


def currency_known(day: str) -> Check:
    """This will reject amounts in a currency without an exchange rate on that day."""
    return Check(
        "currency",
        "s.currency <> %(currency)s AND NOT EXISTS (SELECT 1 FROM accounts_exchangerate x "
        f"WHERE x.currency = s.currency AND x.valid_on <= {day})",
        "format('there is no exchange rate for %%s on or before %%s; add one in the "
        "company''s settings and import again', s.currency, "
        f"({day})::date)",
    )


def discount_possible() -> Check:
    """This will reject discounts of more than the whole price."""
    return Check(
        "discount_percent",
        "s.discount_percent > 100",
        "format('a discount of %%s %%%% is more than the price', s.discount_percent)",
    )
