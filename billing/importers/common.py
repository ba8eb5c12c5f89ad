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


def list_not_below() -> Check:
    """This will reject amounts before discount that are below the amount after it."""
    return Check(
        "list_mrr",
        "s.list_mrr < s.mrr",
        "format('%%s before the discount is less than %%s after it', s.list_mrr, s.mrr)",
    )


def discount_end_possible(begin: str) -> tuple[Check, Check]:
    """This will reject discounts that end before they begin, or from unknown amounts."""
    return (
        Check(
            "discount_until",
            f"s.discount_until <= s.{begin}",
            "format('impossible date: the discount ends on %%s, not after %%s', "
            f"s.discount_until, s.{begin})",
        ),
        Check(
            "discount_until",
            "s.discount_until IS NOT NULL AND s.list_mrr IS NULL AND "
            "(s.discount_percent IS NULL OR s.discount_percent >= 100)",
            "'without list_mrr or discount_percent nobody knows what is paid after the "
            "discount'",
        ),
    )


def invoice_known() -> Check:
    """This will reject rows of invoices that nobody knows."""
    return Check(
        "invoice_id",
        "s.invoice_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM billing_invoice i WHERE i.external_id = s.invoice_id)",
        "format('invoice %%L is not known', s.invoice_id)",
    )


def above_zero(column: str = "amount") -> Check:
    """This will reject documents about nothing."""
    return Check(column, f"s.{column} = 0", "'the amount is zero'")
