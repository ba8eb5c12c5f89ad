"""What becomes of a try, by name: like Stripe's test cards, and without their numbers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Fate:
    """`way` says what becomes of a try. `code` and `decline_code` are Stripe's."""

    way: Literal["succeeds", "declined", "action", "processing"]
    code: str = ""
    decline_code: str = ""
    message: str = ""
    advice: str = ""


REFUSED = "Your card was declined."
LATER, NEVER, DATA = "try_again_later", "do_not_try_again", "confirm_card_data"


def _no(decline_code: str, advice: str = "", message: str = REFUSED) -> Fate:
    return Fate("declined", "card_declined", decline_code, message, advice)


FATES: dict[str, Fate] = {
    "succeeds": Fate("succeeds"),
    "generic_decline": _no("generic_decline", LATER),
    "do_not_honor": _no("do_not_honor", LATER),
    "insufficient_funds": _no(
        "insufficient_funds", LATER, "Your card has insufficient funds."
    ),
    "card_velocity_exceeded": _no("card_velocity_exceeded", LATER),
    "withdrawal_count_limit_exceeded": _no("withdrawal_count_limit_exceeded", LATER),
    "try_again_later": _no("try_again_later", LATER),
    "issuer_not_available": _no("issuer_not_available", LATER),
    "account_closed": _no("account_closed", NEVER),
    "lost_card": _no("lost_card", NEVER),
    "stolen_card": _no("stolen_card", NEVER),
    "pickup_card": _no("pickup_card", NEVER),
    "restricted_card": _no("restricted_card", NEVER),
    "transaction_not_allowed": _no("transaction_not_allowed", NEVER),
    "card_not_supported": _no("card_not_supported", NEVER),
    "currency_not_supported": _no("currency_not_supported", NEVER),
    "revocation_of_authorization": _no("revocation_of_authorization", NEVER),
    "revocation_of_all_authorizations": _no("revocation_of_all_authorizations", NEVER),
    "fraudulent": _no("fraudulent", NEVER),
    "merchant_blacklist": _no("merchant_blacklist", NEVER),
    "security_violation": _no("security_violation", NEVER),
    "highest_risk_level": _no("highest_risk_level", NEVER),
    "invalid_account": _no("invalid_account", DATA),
    "authentication_refused": _no("authentication_required", DATA),
    "expired_card": Fate(
        "declined", "expired_card", "expired_card", "Your card has expired.", NEVER
    ),
    "incorrect_number": Fate(
        "declined",
        *("incorrect_number", "incorrect_number"),
        *("Your card number is incorrect.", NEVER),
    ),
    "incorrect_cvc": Fate(
        "declined",
        *("incorrect_cvc", "incorrect_cvc"),
        *("Your card's security code is incorrect.", DATA),
    ),
    "processing_error": Fate(
        "declined",
        *("processing_error", "processing_error"),
        "An error occurred while processing your card. Try again in a little bit.",
        LATER,
    ),
    "authentication_required": Fate("action"),
    # As a direct debit: the bank answers days later (the clock, or POST /_/settle).
    "processing": Fate("processing"),
}

# Stripe's own names of its test cards, as far as they mean one of the above.
NAMED = {
    "visa": "succeeds",
    "mastercard": "succeeds",
    "amex": "succeeds",
    "chargeDeclined": "generic_decline",
    "visa_chargeDeclined": "generic_decline",
    "chargeDeclinedInsufficientFunds": "insufficient_funds",
    "visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "visa_chargeDeclinedLostCard": "lost_card",
    "visa_chargeDeclinedStolenCard": "stolen_card",
    "chargeDeclinedExpiredCard": "expired_card",
    "chargeDeclinedIncorrectCvc": "incorrect_cvc",
    "chargeDeclinedProcessingError": "processing_error",
    "chargeDeclinedFraudulent": "fraudulent",
    "chargeCustomerFail": "generic_decline",
    "authenticationRequired": "authentication_required",
    "threeDSecure2Required": "authentication_required",
}
BRANDS = {"mastercard": "mastercard", "amex": "amex"}


def fate_of(name: str) -> Fate:
    """This will look up what a name means; KeyError for none."""
    return FATES[name]


def named(test_card: str) -> str | None:
    """This will read `pm_card_visa` or `tok_visa`; None where it is no test card."""
    for prefix in ("pm_card_", "tok_"):
        if test_card.startswith(prefix):
            return NAMED.get(test_card.removeprefix(prefix))
    return None


def brand_of(test_card: str) -> str:
    """This will return the brand a test card shows."""
    return BRANDS.get(test_card.rsplit("_", 1)[-1], "visa")
