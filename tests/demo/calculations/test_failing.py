"""Payments that failed lately, and the tries that nobody made."""

from collections import defaultdict

from demo.calculations.failing import COLLECTED_DAYS, HARD, NEWEST, left_alone
from demo.calculations.rows import InvoiceRow, PaymentRow
from demo.calculations.tables import Demo


def failed(company: Demo) -> list[tuple[InvoiceRow, list[PaymentRow]]]:
    tries: dict[str, list[PaymentRow]] = defaultdict(list)
    for row in company.tables["payments"]:
        tries[row.invoice_id].append(row)
    return [
        (row, tries[row.invoice_id])
        for row in company.tables["invoices"]
        if any(one.state == "failed" for one in tries[row.invoice_id])
    ]


def age(company: Demo, row: InvoiceRow) -> int:
    grid = company.world.grid
    return grid.days - grid.day(type(grid.today).fromisoformat(row.issued_on))


def test_every_stage_is_there_today(company: Demo) -> None:
    """With what the company's own trouble brings besides."""
    here = [
        (row, tries)
        for row, tries in failed(company)
        if age(company, row) < 10 and row.paid_on is None and len(tries) == 1
    ]
    reasons = [tries[0].reason for _row, tries in here]
    assert {reason for _age, reason in NEWEST} - set(reasons) == set()
    assert len(here) >= len(NEWEST)
    left = {row.customer_id for row in company.tables["churn_events"]}
    assert not left & {row.customer_id for row, _tries in here}


def test_of_a_hard_decline_and_of_the_hold_out_there_is_only_the_first(
    company: Demo,
) -> None:
    alone = retried = 0
    for row, tries in failed(company):
        if age(company, row) > COLLECTED_DAYS:
            continue
        failures = [one for one in tries if one.state == "failed"]
        if left_alone(row.invoice_id) or failures[0].reason in HARD:
            assert len(failures) == 1
            alone += left_alone(row.invoice_id)
        else:
            retried += len(failures) > 1
    assert alone >= 5
    assert retried >= 3


def test_before_everything_was_tried_again(company: Demo) -> None:
    older = [
        len([one for one in tries if one.state == "failed"])
        for row, tries in failed(company)
        if age(company, row) > COLLECTED_DAYS and tries[0].reason in HARD
    ]
    assert max(older) == 5
