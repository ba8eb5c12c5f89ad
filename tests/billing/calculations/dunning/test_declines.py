"""What a refusal means."""

import pytest

from billing.calculations.dunning.declines import (
    CODES,
    REASONS,
    codes_of,
    group_of,
    reason_of,
)


@pytest.mark.parametrize(
    ("code", "group", "reason"),
    [
        ("insufficient_funds", "soft", "insufficient_funds"),
        ("card_velocity_exceeded", "soft", "over_limit"),
        ("withdrawal_count_limit_exceeded", "soft", "over_limit"),
        ("do_not_honor", "soft", "company_policy"),
        ("generic_decline", "soft", "company_policy"),
        ("call_issuer", "soft", "company_policy"),
        ("expired_card", "hard", "expired"),
        ("lost_card", "hard", "lost"),
        ("stolen_card", "hard", "stolen"),
        ("pickup_card", "hard", "stolen"),
        ("incorrect_number", "hard", "wrong_details"),
        ("invalid_account", "hard", "wrong_details"),
        ("transaction_not_allowed", "hard", "not_allowed"),
        ("card_not_supported", "hard", "not_allowed"),
        ("revocation_of_authorization", "hard", "not_allowed"),
        ("revocation_of_all_authorizations", "hard", "not_allowed"),
        ("authentication_required", "action", "confirm"),
        ("processing_error", "soft", "gateway"),
        ("issuer_not_available", "soft", "gateway"),
        ("try_again_later", "soft", "gateway"),
        ("highest_risk_level", "hard", "fraud"),
        ("elevated_risk_level", "soft", "fraud"),
        ("duplicate_transaction", "hard", "other"),
        # Others' words, and nobody's.
        ("not_enough_balance", "soft", "insufficient_funds"),
        ("authentication_failed", "action", "confirm"),
        ("never_heard_of", "soft", "other"),
        ("", "soft", "other"),
    ],
)
def test_every_family(code: str, group: str, reason: str) -> None:
    assert (group_of(code), reason_of(code)) == (group, reason)


@pytest.mark.parametrize("code", ["Expired-Card", " expired card ", "EXPIRED_CARD"])
def test_writing_does_not_matter(code: str) -> None:
    assert group_of(code) == "hard"


def test_every_code_has_a_reason_that_is_told() -> None:
    assert {reason for _group, reason in CODES.values()} == set(REASONS)


def test_codes_of_a_reason() -> None:
    assert codes_of("lost") == ("blocked_card", "lost_card")
    assert codes_of("nothing") == ()
    told = [code for reason in REASONS for code in codes_of(reason)]
    assert sorted(told) == sorted(CODES)
