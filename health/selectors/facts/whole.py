"""All facts of a range of customers, put side by side."""

from collections.abc import Mapping

import numpy as np

from health.calculations.facts import COLUMNS, Facts
from health.selectors.facts.answers import answer_facts, invitation_facts
from health.selectors.facts.customers import customers_known
from health.selectors.facts.given_back import given_back
from health.selectors.facts.interactions import interaction_facts
from health.selectors.facts.invoices import invoice_facts
from health.selectors.facts.moment import Moment, Window
from health.selectors.facts.payments import payment_facts
from health.selectors.facts.people import people_facts
from health.selectors.facts.profile import profile_facts
from health.selectors.facts.purchases import purchase_facts
from health.selectors.facts.reading import STREAMED, Reader, planned
from health.selectors.facts.subscriptions import subscription_facts
from health.selectors.facts.tasks import task_facts
from health.selectors.facts.tickets import ticket_facts
from health.selectors.facts.usage import usage_facts

KINDS = {"bigint": np.int64, "integer": np.int32, "double": np.float64}


def facts_read(
    moment: Moment, *, first: int, last: int, late: Mapping[str, int]
) -> Facts:
    """This will read all tables of facts for an id range, as seen at a moment.

    One snapshot for all statements, unless a transaction is open already. Cost: 13
    statements, one more where somebody buys without a subscription; memory is that of the
    range's rows.
    """
    with planned(STREAMED) as cursor:
        return _facts(Reader(cursor, Window(moment, late), first, last))


def _facts(reader: Reader) -> Facts:
    customers = customers_known(reader)
    profile = profile_facts(reader, customers)
    subscribed = subscription_facts(reader, customers["customer_id"])
    here = subscribed.current
    ids, since = customers["customer_id"][here], customers["since"][here]
    facts = {
        "customer_id": ids,
        "tenure": reader.window.day - since,
        "acquisition_cost": customers["acquisition_cost"][here],
        **{name: column[here] for name, column in profile.items()},
        **{name: column[here] for name, column in subscribed.facts.items()},
        **usage_facts(reader, ids, since),
        **ticket_facts(reader, ids),
        **answer_facts(reader, ids),
        **invitation_facts(reader, ids),
        **payment_facts(reader, ids),
        **task_facts(reader, ids),
    }
    invoices = invoice_facts(reader, ids)
    facts["rate_missing"] = facts["rate_missing"] | invoices.pop("rate_missing")
    invoices["earned"] = invoices["earned"] - given_back(reader, ids)
    facts |= purchase_facts(reader, ids, facts["subscribed"], invoices["invoices_seen"])
    people, executives = people_facts(reader, ids)
    facts |= invoices | people | interaction_facts(reader, ids, executives)
    return {
        name: facts[name].astype(KINDS.get(kind, np.bool_), copy=False)
        for name, kind in COLUMNS.items()
    }
