"""Every reason why something was done in dunning, or was not, and what its words need.

The words are in `billing.dunning_words`; a code without words is a failing test there.
"""

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Done, by the policy.
        "retry_day": ("day",),
        "again": ("number",),
        "method_changed": (),
        "mail_day": ("day",),
        "letter_day": ("day",),
        "confirm": ("number",),
        "large_amount": ("from",),
        "task_day": ("day",),
        "nobody_to_write_to": (),
        "given_up": (),
        "limit_day": ("day",),
        "final_pause": ("day",),
        "final_cancel": ("day",),
        "final_keep": ("day",),
        "final_no_subscription": ("day",),
        "final_held_out": ("day",),
        "final_looked_on": ("day",),
        # How a case ends.
        "paid": (),
        "void": (),
        "written_off": (),
        "subscription_ended": (),
        "ended_unpaid": (),
        "exhausted": (),
        # Not done, and why.
        "held_out": (),
        "looked_on": (),
        "not_charged": (),
        "not_ours": (),
        "was_paid_once": (),
        "no_method": (),
        "hard_decline": ("code",),
        "needs_action": (),
        "most_attempts": ("most",),
        "most_days": ("most",),
        "tried_today": (),
        "missed": (),
        "newer_mail": (),
        "written_today": (),
        "no_address": (),
        "no_subscription": (),
        # What stood against a try right before it (billing.selectors.dunning.attempts).
        "case_closed": (),
        "waits": (),
        "no_gateway": (),
        "gateway_off": (),
        "gateway_collects": (),
        "never_arrived": (),
        "differs": (),
        # What people did.
        "tried_by_hand": (),
        "left_alone": ("until",),
        "stopped_by_hand": (),
        "reopened": (),
        "taken_up": (),
        "called": (),
        # What happened after the end.
        "charged_back": (),
        "owed_again": (),
    }
)
