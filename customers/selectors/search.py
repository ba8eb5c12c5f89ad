"""Finding customers by name."""

from django.db.models import Value
from django.db.models.functions import Lower

from customers.models import Customer
from customers.models.customer import CustomerQuerySet

# A trigram index knows nothing of fewer letters; below it the prefix index answers.
TRIGRAM_LETTERS = 3


def customers_named(words: str) -> CustomerQuerySet:
    """This will keep customers whose name contains the words, or begins with them.

    From three letters on anywhere in the name (trigram index), below only its beginning
    (prefix index). `%` and `_` mean themselves. The database folds the case of both
    sides, so that they fold alike.
    """
    asked = Lower(Value(words))
    found = Customer.objects.annotate(folded=Lower("name"))
    if len(words) < TRIGRAM_LETTERS:
        return found.filter(folded__startswith=asked)
    return found.filter(folded__contains=asked)
