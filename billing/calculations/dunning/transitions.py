"""What may follow what, for tries and for cases: tables, and one question to them."""

from collections.abc import Mapping
from types import MappingProxyType

Table = Mapping[str, frozenset[str]]

# A try is planned, asked and answered. Only a gateway's definite word makes it declined or
# not made; what is unknown stays so until the gateway says. A "yes" is never taken back: a
# refund is a row of its own. What waited for the customer may still be paid or refused,
# and so may what the gateway refused, when it tries the same payment again by itself.
# What the gateway certainly does not have is planned again with the same key; an answer that
# was under way all the while may still come, and counts.
ATTEMPT: Table = MappingProxyType(
    {
        "": frozenset(
            {
                "planned",
                "asked",
                "unknown",
                "succeeded",
                "declined",
                "needs_action",
            }
        ),
        "planned": frozenset(
            {"asked", "unknown", "succeeded", "declined", "needs_action", "not_made"}
        ),
        "asked": frozenset(
            {"succeeded", "declined", "needs_action", "unknown", "planned", "not_made"}
        ),
        "unknown": frozenset(
            {"succeeded", "declined", "needs_action", "planned", "not_made"}
        ),
        "needs_action": frozenset({"succeeded", "declined", "not_made"}),
        "declined": frozenset({"succeeded", "needs_action"}),
        "not_made": frozenset({"succeeded", "declined", "needs_action"}),
        "succeeded": frozenset(),
    }
)

# Money may come after a case was given up or stopped; a chargeback or a person opens one
# again. Nothing stopped becomes lost: it was nobody's failure to pay.
CASE: Table = MappingProxyType(
    {
        "": frozenset({"open"}),
        "open": frozenset({"recovered", "lost", "stopped"}),
        "recovered": frozenset({"open"}),
        "lost": frozenset({"open", "recovered"}),
        "stopped": frozenset({"open", "recovered"}),
    }
)


def may_follow(table: Table, before: str, after: str) -> bool:
    """This will tell whether a state may come after another; "" is before the first."""
    return after in table.get(before, frozenset())
