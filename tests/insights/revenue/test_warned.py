"""Whether the score had warned before somebody left."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Company, User
from common.partitions import day_partition_ensure
from customers.models import Customer
from health.enums import Band, Basis, RunKind
from health.models import Run, Score
from insights.departure_words import departure_words, warned_words
from insights.selectors.warned import Warned, departures_judged, departures_of
from tests import world
from tests.pages import main_of, queries, rows, words

URL = "/churn/departures/"
LEFT = world.days_ago(10)


@pytest.fixture
def run(company: Company) -> Run:
    """A run whose customers leave, as a rule, in 5 of 100 cases."""
    world.make_customer("Somebody")
    run = world.score()
    run.parameters["base"]["rate"] = 0.05
    run.save(update_fields=["parameters"])
    return run


def scores(run: Run, customer: Customer, said: dict[int, object]) -> None:
    """This will keep scores so many days before the customer left: a band or a chance."""
    one = Score.objects.filter(run=run).first()
    assert one is not None
    for before, what in said.items():
        day = LEFT - dt.timedelta(days=before)
        day_partition_ensure(table="health_score", day=day)
        Score.objects.create(
            customer=customer, as_of=day, run=run,
            scorecard_version_id=one.scorecard_version_id, score=50, computed=50,
            coverage=1, band=what if isinstance(what, Band) else Band.HEALTHY,
            basis=Basis.values[0], late=False,
            churn=what if isinstance(what, float) else None, tenure=1,
            values=one.values, before=one.before, ages=one.ages,
        )  # fmt: skip


SAID: list[tuple[dict[int, object], Warned, int | None]] = [
    ({}, Warned.NOT_SCORED, None),
    ({30: Band.HEALTHY, 10: Band.WATCH}, Warned.NOT_WARNED, None),
    ({30: Band.AT_RISK, 10: Band.AT_RISK}, Warned.WARNED, 30),
    # The last unbroken one counts, and it need not last until the end.
    (
        {90: Band.AT_RISK, 60: Band.WATCH, 30: Band.AT_RISK, 10: Band.WATCH},
        Warned.WARNED,
        30,
    ),
    ({40: 0.1, 20: 0.11}, Warned.WARNED, 40),
    ({40: 0.1, 20: 0.09}, Warned.WARNED, 40),
    ({40: 0.0999}, Warned.NOT_WARNED, None),
    # Half a year before is the limit, and the day itself comes too late.
    ({181: Band.AT_RISK}, Warned.NOT_SCORED, None),
    ({180: Band.AT_RISK}, Warned.WARNED, 180),
    ({0: Band.AT_RISK, 5: Band.WATCH}, Warned.NOT_WARNED, None),
]


def test_what_counts_as_a_warning(run: Run, mara: User) -> None:
    for said, _kind, _days in SAID:
        customer = world.make_customer()
        world.leave(customer, days=10)
        scores(run, customer, said)
    judged, more = departures_judged(departures_of(mara, LEFT, LEFT))
    found = [(one.warned, one.days) for one in reversed(judged)]
    assert found == [(kind, days) for _said, kind, days in SAID]
    assert not more


def test_scores_made_after_the_fact_would_have_warned(run: Run, mara: User) -> None:
    customer = world.make_customer("Kestrel")
    world.leave(customer, days=10)
    scores(run, customer, {30: Band.AT_RISK})
    other = world.make_customer("Heron")
    world.leave(other, days=10)
    scores(run, other, {30: Band.WATCH})
    Run.objects.filter(pk=run.pk).update(kind=RunKind.BACKFILL)
    judged, _more = departures_judged(departures_of(mara, LEFT, LEFT))
    assert [departure_words(one) for one in judged] == [
        "Would not have warned",
        "Would have warned 30 days before",
    ]
    assert warned_words(judged, more=True) == (
        "It would have warned of 1 of 2 departures from before there were scores."
        " Half of the warnings came at least 30 days before."
        " Counted over the newest 2 departures."
    )


def test_what_was_shown_counts_before_what_was_made_later(run: Run, mara: User) -> None:
    customer = world.make_customer("Kestrel")
    world.leave(customer, days=10)
    scores(run, customer, {30: Band.AT_RISK})
    late = Run.objects.get(pk=run.pk)
    late.pk, late.kind, late.as_of = None, RunKind.BACKFILL, world.days_ago(60)
    late.save()
    Score.objects.filter(customer=customer).update(run=late)
    scores(run, customer, {20: Band.HEALTHY})
    [found], _more = departures_judged(departures_of(mara, LEFT, LEFT))
    assert (found.warned, found.later) == (Warned.NOT_WARNED, False)


@pytest.fixture
def left(run: Run, ana: User, charlie: User) -> dict[str, Customer]:
    """Three of Ana's left, one warned; one of Charlie's."""
    found = {
        name: world.make_customer(name, owner=owner)
        for name, owner in (
            ("Warned Ltd", ana), ("Quiet Ltd", ana), ("New Ltd", ana), ("Secret Ltd", charlie),
        )
    }  # fmt: skip
    for customer in found.values():
        world.leave(customer, days=10, reason="price", competitor="Rivalsoft", preventable=False)  # fmt: skip
    scores(run, found["Warned Ltd"], {20: Band.AT_RISK})
    scores(run, found["Quiet Ltd"], {20: Band.WATCH})
    scores(run, found["Secret Ltd"], {20: Band.AT_RISK})
    return found


AT = "?from=2026-06&to=2026-06"


def test_the_list_says_who_was_warned(ana_client: Client, left: object) -> None:
    response = ana_client.get(URL + AT)
    assert rows(response) == [
        "New Ltd Ana Popescu 20 Jun Chose to leave price no Rivalsoft Not scored",
        "Quiet Ltd Ana Popescu 20 Jun Chose to leave price no Rivalsoft Not warned",
        "Warned Ltd Ana Popescu 20 Jun Chose to leave price no Rivalsoft Warned 20 days before",
    ]
    assert response.context["sentence"] == (
        "The score had warned of 1 of 2 departures with a score."
        " Half of the warnings came at least 20 days before."
    )


def test_the_filter(ana_client: Client, left: object) -> None:
    for chosen, names in (
        ("warned", ["Warned Ltd"]), ("not-warned", ["Quiet Ltd"]),
        ("not-scored", ["New Ltd"]), ("nonsense", ["New Ltd", "Quiet Ltd", "Warned Ltd"]),
    ):  # fmt: skip
        found = ana_client.get(f"{URL}{AT}&warned={chosen}").context["lines"]
        assert [one.event.customer.name for one, _words in found] == names


def test_the_file(ana_client: Client, left: object) -> None:
    lines = ana_client.get(f"/churn/departures/file/{AT}").content.decode().splitlines()
    assert len(lines) == 4
    assert lines[3].endswith("2026-06-20,Chose to leave,price,,no,Rivalsoft,Warned before,20,no")  # fmt: skip


def test_pages_follow_each_other(
    mara_client: Client, left: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        departures_judged, "__kwdefaults__", {"behind": None, "limit": 2}
    )
    first = mara_client.get(URL + AT)
    then = mara_client.get(URL + first.context["next_url"])
    shown = [
        [one.event.customer.name for one, _words in page.context["lines"]]
        for page in (first, then)
    ]
    assert shown == [["Secret Ltd", "New Ltd"], ["Quiet Ltd", "Warned Ltd"]]
    assert then.context["next_url"] == ""


def test_the_list_asks_as_often_for_more(
    ana_client: Client, ana: User, left: object
) -> None:
    before = queries(ana_client, URL + AT)
    for _number in range(3):
        world.leave(world.make_customer(owner=ana), days=10)
    assert queries(ana_client, URL + AT) == before


def test_nobody_left(ana_client: Client, company: Company) -> None:
    assert "Nobody here" in words(main_of(ana_client.get(URL)))


def test_the_churn_record_says_it_of_one(
    run: Run, ana: User, ana_client: Client
) -> None:
    told, quiet = (world.make_customer(name, owner=ana) for name in ("Told", "Quiet"))
    for customer in (told, quiet):
        world.leave(customer, days=10)
    scores(run, told, {30: Band.AT_RISK, 10: Band.AT_RISK})
    for customer, said in ((told, "Warned 30 days before"), (quiet, "Not scored")):
        page = ana_client.get(f"/customers/{customer.pk}/churn/")
        assert said in words(main_of(page))
