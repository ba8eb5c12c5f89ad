"""The demo, loaded through the real importer into the real database."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.backends import DEMO_PASSWORD
from accounts.models import Company, User
from billing.enums import AttemptCause, CaseState
from billing.models import (
    ChurnEvent,
    CreditNote,
    DunningCase,
    GatewayAccount,
    Invoice,
    InvoiceLine,
    Payment,
    PaymentAttempt,
    Plan,
    PriceVersion,
    Purchase,
    Refund,
    Subscription,
)
from customers.models import (
    AcquisitionSpend,
    Campaign,
    Contact,
    Customer,
    ImportRun,
    Interaction,
    Segment,
    SupportTicket,
    Task,
    UsageDaily,
)
from demo.calculations.tables import demo_of
from demo.management.commands.demo import RowsBar
from demo.services.loading import UnableToLoadDemo, demo_loaded, unfinished_since
from demo.services.people import login_lines
from health.enums import RunState
from health.models import Board, Run, Score
from mail.models import OutboxMessage
from surveys.models import Response

TODAY = dt.date(2026, 6, 30)
pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> str:
    out = StringIO()
    call_command("demo", *words, stdout=out, skip_checks=True)
    return out.getvalue()


def small() -> str:
    return run("--customers=40", "--months=12", "--seed=4", f"--today={TODAY}")


def test_everything_that_was_simulated_is_loaded_and_scored_once() -> None:
    told = small()
    all_is_loaded(told)
    again_it_does_nothing_and_says_so()
    logins_are_listed()


def all_is_loaded(told: str) -> None:
    made = demo_of(seed=4, today=TODAY, months=12, customers=40)
    tables = {name: len(rows) for name, rows in made.tables.items()}
    models = {
        "campaigns": Campaign,
        "customers": Customer,
        "spend": AcquisitionSpend,
        "contacts": Contact,
        "subscriptions": Subscription,
        "invoices": Invoice,
        "payments": Payment,
        "plans": Plan,
        "prices": PriceVersion,
        "invoice_lines": InvoiceLine,
        "credit_notes": CreditNote,
        "refunds": Refund,
        "purchases": Purchase,
        "usage": UsageDaily,
        "tickets": SupportTicket,
        "interactions": Interaction,
        "survey_responses": Response,
        "churn_events": ChurnEvent,
    }
    loaded = {name: model.objects.count() for name, model in models.items()}
    # What is collected today was tried again since, in these last days.
    since = PaymentAttempt.objects.filter(
        case__version__number=2, cause=AttemptCause.SCHEDULE
    )
    loaded["payments"] -= since.count()
    assert loaded == {name: tables[name] for name in models}
    payments_are_collected()
    # Checkpoints of renewals ask for a view, failed payments for a call.
    told_tasks = Task.objects.exclude(type__in=["renewal_view", "failed_payment"])
    assert told_tasks.count() == len(made.tasks)
    assert set(Segment.objects.values_list("name", flat=True)) == {
        "Small business",
        "Mid-market",
        "Enterprise",
    }
    assert Plan.objects.filter(name="Start").exists()
    assert told.splitlines()[0] == "Making up 40 customers over 12 months …"
    assert f"{tables['truth']} customers, {40 - tables['truth']} more" in told
    assert told.splitlines()[-1].endswith(f"with the password {DEMO_PASSWORD}.")

    company = Company.objects.get()
    assert (company.name, company.is_demo) == ("Fleetlane", True)
    assert (company.time_zone, company.currency) == ("Europe/Berlin", "EUR")
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}
    assert Board.objects.count() == tables["truth"]
    assert Score.objects.filter(as_of__lt=TODAY - dt.timedelta(days=60)).exists()


def payments_are_collected() -> None:
    """Without the fake gateway nothing is asked for, and all of it is to be seen."""
    account = GatewayAccount.objects.get()
    assert (account.collects, account.is_on) == (True, False)
    cases = DunningCase.objects.order_by("id")
    failed = Payment.objects.filter(state="failed").values("invoice")
    assert cases.count() == failed.distinct().count() > 5
    for case in cases.filter(state=CaseState.OPEN):
        assert case.invoice.paid_on is None
        assert case.trouble == ""
        assert case.actions.exists()
    assert cases.filter(state=CaseState.OPEN).count() >= 3
    for case in cases.filter(state=CaseState.RECOVERED):
        assert case.cause
        assert case.recovered == case.failed
        assert case.attempts.filter(state="succeeded").count() == 1
    mails = OutboxMessage.objects.filter(kind__startswith="billing.")
    assert set(mails.values_list("state", flat=True)) == {"sent"}


def again_it_does_nothing_and_says_so() -> None:
    before = (Customer.objects.count(), Task.objects.count(), Run.objects.count())
    told = small()
    assert told == "The demo company is here already; nothing was changed.\n"
    after = (Customer.objects.count(), Task.objects.count(), Run.objects.count())
    assert after == before


def test_it_keeps_out_of_a_company_with_customers_of_its_own() -> None:
    Customer.objects.create(
        external_id="X-1",
        name="Real customer",
        customer_since=TODAY,
        recorded_at=dt.datetime(2026, 6, 30, tzinfo=dt.UTC),
    )
    assert (
        small() == "This installation has customers of its own; the demo stays out.\n"
    )
    assert Customer.objects.get().external_id == "X-1"
    assert not User.objects.exists()


def test_an_interrupted_load_goes_on_for_the_day_it_was_begun() -> None:
    assert unfinished_since() is None
    small()
    made = Customer.objects.count()
    # As after a crash just before the end, found again some days later.
    Task.objects.all().delete()
    Interaction.objects.all().delete()
    ImportRun.objects.all().update(state="running")
    assert unfinished_since() == TODAY
    run("--customers=40", "--months=12", "--seed=4")
    assert Customer.objects.count() == made
    assert Interaction.objects.exists()
    assert Task.objects.exists()


def test_logins_are_listed_only_where_there_are_demo_people() -> None:
    assert run("--show-logins") == ""
    User.objects.create_user("ana@demo.example", "another password", name="Real Ana")
    assert login_lines() == []


def logins_are_listed() -> None:
    lines = run("--show-logins").splitlines()
    assert lines[0] == "ana@demo.example  keepwell-demo  customer success manager"
    assert [line.split("  ")[2] for line in lines[5:]] == [
        "manager",
        "administrator",
        "viewer",
    ]
    assert len(lines) == 8
    people = User.objects.all()
    assert all(
        person.is_demo and person.check_password(DEMO_PASSWORD) for person in people
    )


def test_a_rejected_row_is_told() -> None:
    made = demo_of(seed=4, today=TODAY, months=6, customers=10)
    strange = made.tables["tickets"][0]._replace(customer_id="C-9", ticket_id="T-1")
    made.tables["tickets"] = [*made.tables["tickets"], strange]
    now = dt.datetime(2026, 6, 30, 8, tzinfo=dt.UTC)
    with pytest.raises(UnableToLoadDemo, match=r"(?s)^1 rows .* rejected:.*C-9"):
        demo_loaded(
            now=now,
            demo=made,
            seed=4,
            rows=lambda *_: None,
            days=lambda days, _words: days,
        )


def test_while_another_import_runs_it_says_so() -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('customers.folder_import'))")
        with pytest.raises(CommandError, match="Another import is running"):
            run("--customers=10", "--months=6")
    other.close()


@pytest.mark.parametrize("words", [("--customers=9",), ("--months=5",)])
def test_too_small_a_wish_is_declined(words: tuple[str]) -> None:
    with pytest.raises(CommandError, match="10 customers and 6 months"):
        run(*words)
    assert not Customer.objects.exists()


def test_bars_are_shown_to_people_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = RowsBar()
    bar.show("usage", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    bar.show("usage", 1, 2)
    bar.show("usage", 2, 2)
    bar.show("tickets", 1, 2)
    bar.close()
    bar.close()
    shown = capsys.readouterr().err
    assert "Loading usage" in shown
    assert "Loading tickets" in shown
