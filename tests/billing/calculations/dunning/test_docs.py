"""docs/dunning.md tells the table that is used."""

from billing.calculations.dunning.declines import CODES, OTHERS, STRIPE, group_of
from tests.health.docs import tables_of


def test_the_table_of_refusals_is_the_one_in_use() -> None:
    told = {
        (source, code.strip("`")): (row["meaning"], row["reason"])
        for row in tables_of("dunning.md")["declines"]
        for source in ("Stripe's codes", "codes of others")
        for code in row[source].split(", ")
        if code != "–"
    }
    ours = {("Stripe's codes", code): meaning for code, meaning in STRIPE.items()}
    ours |= {("codes of others", code): meaning for code, meaning in OTHERS.items()}
    assert told == ours
    assert all(group_of(code) == CODES[code][0] for _source, code in told)
