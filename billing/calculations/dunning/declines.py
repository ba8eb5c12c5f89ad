"""What a refusal means: whether trying again can help, and what to tell people.

The codes are Stripe's (https://docs.stripe.com/declines/codes); `OTHERS` are those of other
gateways where the words differ. Which ones must not be tried again until the customer pays
with something else is Stripe's list for its own retries
(https://docs.stripe.com/billing/revenue-recovery/smart-retries#non-retryable-payments),
with what cannot work either: expired, unknown and unsupported cards.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Meaning = Literal["soft", "hard", "action"]

# What people are told, from the most to the least particular.
REASONS = (
    "insufficient_funds",
    "over_limit",
    "company_policy",
    "expired",
    "lost",
    "stolen",
    "wrong_details",
    "not_allowed",
    "confirm",
    "gateway",
    "fraud",
    "other",
)

STRIPE: Mapping[str, tuple[Meaning, str]] = MappingProxyType(
    {
        "insufficient_funds": ("soft", "insufficient_funds"),
        "card_velocity_exceeded": ("soft", "over_limit"),
        "withdrawal_count_limit_exceeded": ("soft", "over_limit"),
        "approve_with_id": ("soft", "company_policy"),
        "call_issuer": ("soft", "company_policy"),
        "do_not_honor": ("soft", "company_policy"),
        "no_action_taken": ("soft", "company_policy"),
        "generic_decline": ("soft", "company_policy"),
        "card_declined": ("soft", "company_policy"),
        "payment_intent_payment_attempt_failed": ("soft", "company_policy"),
        "service_not_allowed": ("soft", "company_policy"),
        "refer_to_customer": ("soft", "company_policy"),
        "processing_error": ("soft", "gateway"),
        "issuer_not_available": ("soft", "gateway"),
        "try_again_later": ("soft", "gateway"),
        "reenter_transaction": ("soft", "gateway"),
        "expired_card": ("hard", "expired"),
        "invalid_expiry_month": ("hard", "wrong_details"),
        "invalid_expiry_year": ("hard", "wrong_details"),
        "new_account_information_available": ("hard", "expired"),
        "lost_card": ("hard", "lost"),
        "stolen_card": ("hard", "stolen"),
        "pickup_card": ("hard", "stolen"),
        "incorrect_number": ("hard", "wrong_details"),
        "invalid_number": ("hard", "wrong_details"),
        "invalid_account": ("hard", "wrong_details"),
        "no_account": ("hard", "wrong_details"),
        "account_closed": ("hard", "wrong_details"),
        "bank_account_closed": ("hard", "wrong_details"),
        "incorrect_account_holder_name": ("hard", "wrong_details"),
        "incorrect_cvc": ("hard", "wrong_details"),
        "invalid_cvc": ("hard", "wrong_details"),
        "incorrect_zip": ("hard", "wrong_details"),
        "incorrect_address": ("hard", "wrong_details"),
        "incorrect_pin": ("hard", "wrong_details"),
        "invalid_pin": ("hard", "wrong_details"),
        "pin_try_exceeded": ("hard", "wrong_details"),
        "offline_pin_required": ("hard", "not_allowed"),
        "online_or_offline_pin_required": ("hard", "not_allowed"),
        "card_not_supported": ("hard", "not_allowed"),
        "currency_not_supported": ("hard", "not_allowed"),
        "transaction_not_allowed": ("hard", "not_allowed"),
        "not_permitted": ("hard", "not_allowed"),
        "restricted_card": ("hard", "not_allowed"),
        "do_not_try_again": ("hard", "not_allowed"),
        "debit_not_authorized": ("hard", "not_allowed"),
        "testmode_decline": ("hard", "not_allowed"),
        "revocation_of_authorization": ("hard", "not_allowed"),
        "revocation_of_all_authorizations": ("hard", "not_allowed"),
        "stop_payment_order": ("hard", "not_allowed"),
        "highest_risk_level": ("hard", "fraud"),
        "fraudulent": ("hard", "fraud"),
        "merchant_blacklist": ("hard", "fraud"),
        "security_violation": ("hard", "fraud"),
        "elevated_risk_level": ("soft", "fraud"),
        "authentication_required": ("action", "confirm"),
        "authentication_not_handled": ("action", "confirm"),
        "mobile_device_authentication_required": ("action", "confirm"),
        "payment_intent_authentication_failure": ("action", "confirm"),
        # The same amount just before: trying again would collect it twice.
        "duplicate_transaction": ("hard", "other"),
        "invalid_amount": ("soft", "other"),
    }
)

# Chargebee, Recurly, Paddle and what many others say.
OTHERS: Mapping[str, tuple[Meaning, str]] = MappingProxyType(
    {
        "not_enough_balance": ("soft", "insufficient_funds"),
        "exceeds_daily_limit": ("soft", "over_limit"),
        "exceeds_max_tries": ("soft", "over_limit"),
        "over_limit": ("soft", "over_limit"),
        "limit_exceeded": ("soft", "over_limit"),
        "declined": ("soft", "company_policy"),
        "declined_bad": ("hard", "not_allowed"),
        "declined_not_retryable": ("hard", "not_allowed"),
        "issuer_unavailable": ("soft", "gateway"),
        "gateway_error": ("soft", "gateway"),
        "gateway_timeout": ("soft", "gateway"),
        "gateway_unavailable": ("soft", "gateway"),
        "psp_error": ("soft", "gateway"),
        "system_error": ("soft", "gateway"),
        "try_again": ("soft", "gateway"),
        "card_expired": ("hard", "expired"),
        "blocked_card": ("hard", "lost"),
        "declined_card_number": ("hard", "wrong_details"),
        "invalid_card_number": ("hard", "wrong_details"),
        "invalid_data": ("hard", "wrong_details"),
        "invalid_payment_details": ("hard", "wrong_details"),
        "declined_security_code": ("hard", "wrong_details"),
        "payment_method_invalid": ("hard", "wrong_details"),
        "redacted_payment_method": ("hard", "wrong_details"),
        "card_type_not_accepted": ("hard", "not_allowed"),
        "preferred_network_not_supported": ("hard", "not_allowed"),
        "transaction_not_permitted": ("hard", "not_allowed"),
        "cancelled": ("hard", "not_allowed"),
        "canceled": ("hard", "not_allowed"),
        "authentication_failed": ("action", "confirm"),
        "three_d_secure_action_required": ("action", "confirm"),
        "three_d_secure_authentication_failed": ("action", "confirm"),
        "fraud": ("hard", "fraud"),
        "fraud_security_code": ("hard", "fraud"),
        "fraud_stolen_card": ("hard", "stolen"),
    }
)

# What nobody knows may be worth another try; the caps hold for it too.
UNKNOWN: tuple[Meaning, str] = ("soft", "other")
CODES: Mapping[str, tuple[Meaning, str]] = MappingProxyType({**OTHERS, **STRIPE})


def group_of(code: str) -> Meaning:
    """This will say what a code means for the next try; unknown ones are soft."""
    return _meaning(code)[0]


def reason_of(code: str) -> str:
    """This will return the reason people are told, one of REASONS."""
    return _meaning(code)[1]


def codes_of(reason: str) -> tuple[str, ...]:
    """This will return the codes of a reason; for "other" those that are known."""
    return tuple(code for code, (_group, told) in CODES.items() if told == reason)


def _meaning(code: str) -> tuple[Meaning, str]:
    plain = code.strip().lower().replace("-", "_").replace(" ", "_")
    return CODES.get(plain, UNKNOWN)
