"""Policies: the usual ones, who falls under which, and versions that cases keep."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import CONSOLE
from accounts.models import AuditEntry, ExchangeRate
from billing.calculations.dunning.situation import Step
from billing.enums import Collection, FinalAction
from billing.models import DunningPolicy, DunningVersion, Invoice
from billing.selectors.dunning.policies import (
    cases_by_policy,
    policies_in_order,
    policy_digest,
    policy_of,
    version_in_use,
)
from billing.services.dunning.policies import (
    PolicyValues,
    UnableToSavePolicy,
    policies_ensure,
    policies_for,
    policy_for,
    policy_retire,
    policy_save,
    usual_steps,
    values_of,
)
from tests import world
from tests.billing.dunning_world import charged, opened
from tests.world import NOW, make_customer

pytestmark = pytest.mark.usefixtures("company")
STEPS = usual_steps(Collection.CHARGE)
LARGE = PolicyValues(
    name="Large",
    collection=Collection.CHARGE,
    steps=STEPS,
    from_amount=Decimal(1000),
    position=2,
)


def default(collection: Collection = Collection.CHARGE) -> DunningPolicy:
    policies_ensure(NOW)
    return DunningPolicy.objects.get(
        collection=collection, segment=None, from_amount=None
    )


def save(values: PolicyValues, policy: DunningPolicy | None = None) -> DunningPolicy:
    policies_ensure(NOW)
    seen = policy_digest(policy) if policy else ""
    return policy_save(policy=policy, values=values, seen=seen, by=CONSOLE, now=NOW)


def test_the_usual_policies_are_made_once_and_transfers_are_off() -> None:
    policies_ensure(NOW)
    policies_ensure(NOW)
    card, transfer = policies_in_order()
    told = policy_of(version_in_use(card))
    days: dict[str, list[int]] = {}
    for step in told.steps:
        days.setdefault(step.kind, []).append(step.day)
    assert days == {
        "retry": [1, 3, 5, 7, 10, 14],
        "mail": [0, 3, 7, 12],
        "limit": [14],
        "final": [21],
    }
    assert (told.most_attempts, told.most_days, told.final_action) == (8, 28, "pause")
    assert (card.is_on, card.on_since) == (True, NOW)
    told = policy_of(version_in_use(transfer))
    assert [(step.kind, step.day) for step in told.steps] == [
        ("letter", 1), ("letter", 5), ("letter", 10), ("letter", 20),
    ]  # fmt: skip
    assert (told.final_action, transfer.is_on, transfer.on_since) == (
        "keep",
        False,
        None,
    )
    with CaptureQueriesContext(connection) as asked:
        policies_ensure(NOW)
    assert len(asked) == 1


def test_working_days_are_the_companys() -> None:
    save(replace(values_of(default()), working_days_only=True), default())
    assert policy_of(version_in_use(default())).working_days == frozenset(range(5))


def test_the_first_policy_that_fits_counts_and_the_usual_one_last() -> None:
    small = make_customer(segment="small")
    segment = small.segment
    assert segment is not None
    save(replace(LARGE, name="Small", from_amount=None, segment=segment, position=1))
    save(LARGE)

    def found(invoice: Invoice) -> str:
        return policy_for(invoice, now=NOW).policy.name

    assert found(charged(small, total="5000")) == "Small"
    assert found(charged(total="1000")) == "Large"
    assert found(charged(total="999.99")) == default().name
    transfer = world.invoice(make_customer(), days=9, total="5000", paid_after=None)
    assert found(transfer) == default(Collection.TRANSFER).name
    # What is owed counts, in the company's currency by the rate of its day.
    foreign = charged(total="900", currency="USD", days=5)
    assert found(foreign) == default().name
    for day, rate in [(40, "2"), (4, "0.1")]:
        ExchangeRate.objects.create(
            currency="USD", valid_on=world.days_ago(day), rate=Decimal(rate)
        )
    assert found(foreign) == "Large"


def test_a_version_that_nobody_uses_is_changed_and_one_in_use_is_followed() -> None:
    policy = default()
    values = replace(values_of(policy), most_attempts=5, steps=STEPS[:4])
    save(values, policy)
    version = DunningVersion.objects.get(policy=policy)
    assert (version.number, version.most_attempts, version.steps.count()) == (1, 5, 4)
    case = opened()
    save(replace(values, most_attempts=6, final_action=FinalAction.CANCEL), policy)
    assert [v.number for v in policy.versions.order_by("number")] == [1, 2]
    assert version_in_use(policy).most_attempts == 6
    assert case.version == version
    assert cases_by_policy() == {policy.pk: 1}
    entry = AuditEntry.objects.order_by("number").last()
    assert entry is not None
    assert entry.action == "billing.dunning_policy_changed"
    assert entry.before == {"most_attempts": 5, "final_action": "pause"}
    assert entry.after == {"most_attempts": 6, "final_action": "cancel"}


def test_what_only_names_a_policy_makes_no_version() -> None:
    policy = default()
    opened()
    save(replace(values_of(policy), name="Cards", is_on=False), policy)
    policy.refresh_from_db()
    assert (policy.name, policy.is_on, policy.versions.count()) == ("Cards", False, 1)
    before = AuditEntry.objects.count()
    save(values_of(policy), policy)
    assert AuditEntry.objects.count() == before


def test_switching_on_notes_since_when() -> None:
    policy = default(Collection.TRANSFER)
    save(replace(values_of(policy), is_on=True), policy)
    policy.refresh_from_db()
    assert policy.on_since == NOW


def test_who_saw_something_else_is_told() -> None:
    policy = default()
    seen = policy_digest(policy)
    values = values_of(policy)
    save(replace(values, most_days=20), policy)
    with pytest.raises(UnableToSavePolicy, match="Somebody else"):
        policy_save(policy=policy, values=values, seen=seen, by=CONSOLE, now=NOW)


def test_a_policy_goes_out_of_use_and_the_one_for_all_others_stays() -> None:
    large = save(LARGE)
    assert policy_retire(policy=large, by=CONSOLE, now=NOW)
    assert not policy_retire(policy=large, by=CONSOLE, now=NOW)
    assert policy_for(charged(total="5000"), now=NOW).policy == default()
    with pytest.raises(UnableToSavePolicy, match="stays"):
        policy_retire(policy=default(), by=CONSOLE, now=NOW)
    with pytest.raises(UnableToSavePolicy, match="not in use"):
        save(LARGE, large)


MAIL, LIMIT, FINAL = Step("mail", 1), Step("limit", 3), Step("final", 5)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": " "}, "name"),
        ({"from_amount": None}, "segment or an amount"),
        ({"steps": [Step("letter", 1)]}, "does not go"),
        ({"steps": [Step("mail", 91)]}, "between 0 and 90"),
        ({"steps": [Step("retry", day) for day in range(41)]}, "40 steps"),
        ({"steps": [MAIL, FINAL, Step("final", 6)]}, "once"),
        ({"steps": [MAIL, LIMIT, Step("limit", 4)]}, "once"),
        ({"steps": [MAIL, FINAL, Step("retry", 6)]}, "after the final"),
        ({"steps": [LIMIT, Step("mail", 3)]}, "Write to the customer"),
        ({"steps": [FINAL]}, "Write to the customer"),
        ({"most_attempts": 0}, "tries"),
        ({"most_days": 91}, "days"),
        ({"from_hour": 20}, "hours"),
        ({"hold_out": Decimal("0.6")}, "alone"),
        ({"notice_days": [0]}, "notices"),
        ({"task_from": Decimal(-1)}, "negative"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(UnableToSavePolicy, match=words):
        save(replace(LARGE, **changed))  # type: ignore[arg-type]
    assert not DunningPolicy.objects.filter(from_amount__isnull=False).exists()


def test_who_keeps_the_subscription_may_end_without_a_mail() -> None:
    save(replace(LARGE, steps=[FINAL], final_action=FinalAction.KEEP))


def test_names_are_taken_once_and_a_policy_stays_what_it_is_for() -> None:
    save(LARGE)
    with pytest.raises(UnableToSavePolicy, match="name"):
        save(replace(LARGE, from_amount=Decimal(5)))
    with pytest.raises(UnableToSavePolicy, match="neither"):
        save(replace(values_of(default()), from_amount=Decimal(5)), default())
    other = replace(values_of(default()), collection=Collection.TRANSFER, steps=[])
    with pytest.raises(UnableToSavePolicy, match="cannot be changed"):
        save(other, default())


def test_choosing_for_many_costs_what_it_costs_for_one() -> None:
    policies_ensure(NOW)
    rows = [charged(total=str(100 * number)) for number in range(1, 4)]
    counts = []
    for some in (rows[:1], rows):
        found = list(
            Invoice.objects.filter(pk__in=[one.pk for one in some]).select_related(
                "customer"
            )
        )
        with CaptureQueriesContext(connection) as asked:
            assert len(policies_for(found, now=NOW)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9
