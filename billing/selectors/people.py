"""Who at a customer is written to about money."""

from collections.abc import Collection

from django.db.models import Case, IntegerField, Q, Value, When

from customers.models import Contact

# What the role of a contact says who looks after bills, in the languages spoken here.
BILLING = (
    "billing",
    "finance",
    "accounting",
    "accounts payable",
    "invoices",
    "buchhaltung",
    "rechnungswesen",
    "contabil",
    "financiar",
)


def payers(customers: Collection[int]) -> dict[int, Contact]:
    """This will return whom to write to about money, by the customer's id.

    Somebody whose role says so, else the main contact; only who is still there and has an
    address. Nobody else is bothered. One query.
    """
    bills = Q()
    for word in BILLING:
        bills |= Q(role__icontains=word)
    first = Case(
        When(bills, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = (
        Contact.objects.filter(bills | Q(is_primary=True))
        .filter(customer__in=customers, left_on__isnull=True)
        .exclude(email="")
        .annotate(first=first)
        .select_related("customer__owner")
        .order_by("customer_id", "first", "-is_primary", "pk")
        .distinct("customer_id")
    )
    return {contact.customer_id: contact for contact in rows}
