"""Why payments failed, in Stripe's words, which `calculations.dunning.declines` knows.

Other providers hand on what the bank said, each in its own way.
"""

# Whole codes. Recurly: recurly.com/developers/pages/transaction-errors; Paddle:
# developer.paddle.com/api-reference/transactions ("payments[].error_code").
CODES = {
    "insufficient_funds": "insufficient_funds",
    "not_enough_balance": "insufficient_funds",
    "exceeds_daily_limit": "card_velocity_exceeded",
    "approved_fraud_review": "",
    "call_issuer": "call_issuer",
    "card_not_activated": "transaction_not_allowed",
    "card_type_not_accepted": "card_not_supported",
    "expired_card": "expired_card",
    "invalid_card_number": "incorrect_number",
    "invalid_account_number": "incorrect_number",
    "invalid_payment_details": "incorrect_number",
    "lost_card": "lost_card",
    "stolen_card": "stolen_card",
    "blocked_card": "pickup_card",
    "restricted_card": "restricted_card",
    "do_not_honor": "do_not_honor",
    "declined": "generic_decline",
    "declined_not_retryable": "revocation_of_authorization",
    "declined_do_not_honor": "do_not_honor",
    "fraud": "fraudulent",
    "fraud_security_code": "incorrect_cvc",
    "fraud_generic": "fraudulent",
    "authentication_failed": "authentication_required",
    "three_d_secure_action_required": "authentication_required",
    "processor_unavailable": "processing_error",
    "issuer_unavailable": "issuer_not_available",
    "psp_error": "processing_error",
    "try_again": "try_again_later",
}
# Words in a sentence of the bank's; the first that stands in it counts.
WORDS = (
    ("insufficient", "insufficient_funds"),
    ("expired", "expired_card"),
    ("lost", "lost_card"),
    ("stolen", "stolen_card"),
    ("pick up", "pickup_card"),
    ("limit", "card_velocity_exceeded"),
    ("authentication", "authentication_required"),
    ("invalid card", "incorrect_number"),
    ("not honor", "do_not_honor"),
    ("not allowed", "transaction_not_allowed"),
    ("not permitted", "transaction_not_allowed"),
)


def code_told(code: str, sentence: str = "") -> str:
    """This will return Stripe's code of a refusal: by the code, else by the words."""
    if code in CODES:
        return CODES[code]
    low = sentence.lower()
    return next((found for word, found in WORDS if word in low), "generic_decline")
