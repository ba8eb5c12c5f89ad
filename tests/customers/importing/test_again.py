"""The same folder again, a changed folder again, and when things became known."""

import datetime as dt
from pathlib import Path

import pytest

from accounts.models import Company
from customers.models import Contact, Customer, Segment, SupportTicket, UsageDaily
from tests.customers.importing.content import content
from tests.customers.importing.folder import CUSTOMERS, counts, load, write
from tests.world import NOW, TODAY

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(days=10)
MARCH = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
EVERYTHING = {
    "campaigns": "campaign_id,name,source,starts_on\nF24,Fair,Trade fairs,2024-03-01\n",
    "customers": (
        "customer_id,name,customer_since,segment,stage,persona,interests,needs,industry,"
        "country,city,acquisition_source,acquisition_cost,parent_id,tags,campaign\n"
        'C-1,Acme,2024-01-01,Small,mature,Buyer,"a; b ""c"" \\ {d}",Speed,Retail,DE,Köln,'
        "ads,100.5,C-2,x;y,F24\nC-2,Bolt,2024-02-01,,,,,,,,,,,,,\n"
    ),
    "spend": (
        "spend_id,spent_on,amount,source,campaign\nP-1,2024-03-01,500,Trade fairs,F24\n"
    ),
    "contacts": (
        "contact_id,customer_id,name,email,is_primary,is_executive,left_on\n"
        "K-1,C-1,Ada,ada@acme.example,yes,no,\nK-1,C-2,Bo,,1,1,2024-05-01\n"
    ),
    "subscriptions": (
        "subscription_id,customer_id,started_on,plan,ended_on,mrr,seats,interval_months,"
        "renews_on,is_trial\nS-1,C-1,2024-01-01,Pro,,100.10,5,12,2027-01-01,\n"
        "S-2,C-2,2024-02-01,Pro,2024-06-01,50,,1,,\nS-3,C-2,2024-02-01,Lite,,,,1,,\n"
    ),
    "subscription_changes": (
        "subscription_id,effective_on,mrr,seats\nS-1,2024-07-01,120,6\n"
    ),
    "invoices": (
        "invoice_id,customer_id,issued_on,total,subscription_id,due_on,paid_on,mrr\n"
        "I-1,C-2,2024-02-01,30,S-3,2024-02-15,2024-02-20,30\n"
        "I-2,C-2,2024-03-01,40,S-3,2024-03-15,,40\n"
    ),
    "payments": (
        "payment_id,invoice_id,happened_at,state,amount,reason\n"
        "P-1,I-1,2024-02-16 10:00,failed,30,no funds\n"
        "P-2,I-1,2024-02-20T09:00:00+02:00,succeeded,30,\n"
    ),
    "usage": (
        "customer_id,day,active_users,events,features\nC-1,2024-03-01,3,50,4\n"
        "C-2,2024-03-01,1,5,1\n"
    ),
    "tickets": (
        "ticket_id,customer_id,opened_at,contact_id,subject,channel,priority,"
        "first_response_at,resolved_at,escalated,satisfaction\n"
        "T-1,C-1,2024-03-01,K-1,Help,email,high,2024-03-02,2024-03-04,true,4\n"
        "T-2,C-1,2024-03-01,,,,,,,yes,2\n"
    ),
    "interactions": (
        "interaction_id,customer_id,kind,happened_at,contact_id,summary,pulse\n"
        "N-1,C-1,pulse,2024-03-01,K-1,well,4\nN-2,C-1,call,2024-03-02,,,\n"
    ),
    "survey_responses": (
        "response_id,customer_id,kind,score,responded_at,contact_id,comment\n"
        "R-1,C-1,NPS,9,2024-03-01,K-1,good\nR-2,C-2,ces,7,2024-03-01,,\n"
    ),
    "churn_events": (
        "churn_id,customer_id,left_on,kind,reason,preventable\n"
        "X-1,C-2,2024-06-01,involuntary,card,yes\n"
    ),
}


def test_the_same_folder_again_changes_nothing(tmp_path: Path) -> None:
    first = load(write(tmp_path, **EVERYTHING))
    before = content()
    assert [(t.table, t.created, t.rejected) for t in first.tables] == [
        ("campaigns", 1, 0),
        ("customers", 2, 0),
        ("spend", 1, 0),
        ("contacts", 2, 0),
        ("subscriptions", 3, 0),
        ("subscription_changes", 1, 0),
        ("invoices", 2, 0),
        ("payments", 2, 0),
        ("usage", 2, 0),
        ("tickets", 2, 0),
        ("interactions", 2, 0),
        ("survey_responses", 2, 0),
        ("churn_events", 1, 0),
    ]
    assert first.rejected_file is None
    again = load(tmp_path, now=LATER)
    assert content() == before
    assert [(t.created, t.changed, t.unchanged) for t in again.tables] == [
        (0, 0, t.created) for t in first.tables
    ]
    assert Customer.objects.get(external_id="C-1").interests == ["a", 'b "c" \\ {d}']
    assert again.newest_day == dt.date(2024, 6, 1)


def test_attributes_are_updated_in_place_and_unspoken_ones_stay(tmp_path: Path) -> None:
    load(write(tmp_path, **EVERYTHING))
    rows = "customer_id,name,customer_since,segment\nC-1,Acme AG,2024-01-01,Large\n"
    report = load(write(tmp_path, customers=rows), now=LATER)
    assert counts(report, "customers") == (0, 1, 0, 0, 0)
    customer = Customer.objects.get(external_id="C-1")
    assert (customer.name, customer.stage, customer.tags) == (
        "Acme AG",
        "mature",
        ["x", "y"],
    )
    assert customer.segment == Segment.objects.get(key="large")
    assert customer.updated_at == LATER
    assert Customer.objects.count() == 2


def test_times_are_assumed_where_the_file_tells_none(tmp_path: Path) -> None:
    load(write(tmp_path, **EVERYTHING))
    ticket = SupportTicket.objects.get(external_id="T-1")
    third, fourth = MARCH + dt.timedelta(days=1), MARCH + dt.timedelta(days=3)
    assert (ticket.recorded_at, ticket.recorded_assumed) == (MARCH, True)
    assert ticket.first_response_recorded_at == third
    assert ticket.resolved_recorded_at == fourth
    assert (ticket.escalated_at, ticket.escalated_recorded_at) == (fourth, fourth)
    assert ticket.satisfaction_recorded_at == fourth
    open_one = SupportTicket.objects.get(external_id="T-2")
    assert (open_one.escalated_at, open_one.satisfaction_recorded_at) == (MARCH, MARCH)
    left = Contact.objects.get(customer__external_id="C-2")
    assert left.left_recorded_at == dt.datetime(2024, 5, 1, tzinfo=dt.UTC)


def test_days_begin_in_the_companys_zone(tmp_path: Path) -> None:
    Company.objects.create(id=1, time_zone="Europe/Bucharest")
    load(write(tmp_path))
    customer = Customer.objects.get(external_id="C-1")
    assert customer.recorded_at == dt.datetime(2023, 12, 31, 22, tzinfo=dt.UTC)


def test_the_files_own_times_are_taken(tmp_path: Path) -> None:
    tickets = (
        "ticket_id,customer_id,opened_at,resolved_at,recorded_at\n"
        "T-1,C-1,2024-03-01,2024-03-02,2024-03-05\nT-2,C-1,2024-03-01,2024-03-09,2024-03-05\n"
    )
    load(write(tmp_path, tickets=tickets))
    fields = ("recorded_at__day", "recorded_assumed", "resolved_recorded_at__day")
    assert list(SupportTicket.objects.order_by("external_id").values_list(*fields)) == [
        (5, False, 5),
        (5, False, 9),
    ]


def test_a_milestone_that_appears_later_became_known_by_that_import(
    tmp_path: Path,
) -> None:
    head = "ticket_id,customer_id,opened_at,resolved_at,satisfaction,escalated\n"
    load(write(tmp_path, tickets=f"{head}T-1,C-1,2024-03-01,,,1\n"))
    row = f"{head}T-1,C-1,2024-03-01,2024-03-02,5,1\n"
    assert counts(load(write(tmp_path, tickets=row), now=LATER), "tickets") == (
        0,
        1,
        0,
        0,
        0,
    )
    ticket = SupportTicket.objects.get()
    assert ticket.resolved_at == MARCH + dt.timedelta(days=1)
    assert (ticket.resolved_recorded_at, ticket.satisfaction_recorded_at) == (
        LATER,
        LATER,
    )
    assert (ticket.escalated_at, ticket.escalated_recorded_at) == (MARCH, MARCH)
    load(write(tmp_path, tickets=f"{head}T-1,C-1,2024-03-01,,,\n"), now=LATER)
    assert SupportTicket.objects.get().resolved_at == MARCH + dt.timedelta(days=1)


def test_changed_usage_is_a_difference_that_became_known_today(tmp_path: Path) -> None:
    head = "customer_id,day,active_users,events,features\n"
    load(write(tmp_path, usage=f"{head}C-1,2024-03-01,3,50,4\nC-2,2024-03-01,1,5,1\n"))
    changed = (
        f"{head}C-1,2024-03-01,2,60,4\nC-2,2024-03-01,1,5,1\nC-2,2024-03-02,1,1,1\n"
    )
    assert counts(load(write(tmp_path, usage=changed)), "usage") == (1, 1, 1, 0, 0)
    fields = ("day", "recorded_on", "active_users", "events", "features")
    day = dt.date(2024, 3, 1)
    assert list(
        UsageDaily.objects.filter(customer__external_id="C-1")
        .order_by("recorded_on")
        .values_list(*fields)
    ) == [(day, day, 3, 50, 4), (day, TODAY, -1, 10, 0)]
    assert counts(load(tmp_path), "usage") == (0, 0, 3, 0, 0)
    again = f"{head}C-1,2024-03-01,2,65,4\n"
    assert counts(load(write(tmp_path, usage=again)), "usage") == (0, 1, 0, 0, 0)
    assert counts(load(tmp_path, now=LATER), "usage") == (0, 0, 1, 0, 0)
    assert (
        sum(u.events for u in UsageDaily.objects.filter(customer__external_id="C-1"))
        == 65
    )


def test_usage_can_tell_when_it_became_known(tmp_path: Path) -> None:
    head = "customer_id,day,events,recorded_at\n"
    load(write(tmp_path, usage=f"{head}C-1,2024-03-01,5,2024-03-03 08:00\n"))
    load(write(tmp_path, usage=f"{head}C-1,2024-03-01,7,2024-03-06\n"))
    rows = UsageDaily.objects.order_by("recorded_on").values_list(
        "recorded_on", "events"
    )
    assert list(rows) == [(dt.date(2024, 3, 3), 5), (dt.date(2024, 3, 6), 2)]


def test_another_main_contact_takes_over(tmp_path: Path) -> None:
    head = "contact_id,customer_id,name,is_primary\n"
    load(write(tmp_path, contacts=f"{head}K-1,C-1,Ada,1\nK-2,C-1,Bo,0\n"))
    load(write(tmp_path, contacts=f"{head}K-2,C-1,Bo,1\n"))
    assert Contact.objects.get(is_primary=True).external_id == "K-2"


def test_a_rejected_file_of_an_earlier_load_goes_when_all_is_well(
    tmp_path: Path,
) -> None:
    bad = load(write(tmp_path, customers="customer_id,name,customer_since\nC-1,A,x\n"))
    assert bad.rejected_file == tmp_path / "rejected.csv"
    assert load(write(tmp_path, customers=CUSTOMERS)).rejected_file is None
    assert not (tmp_path / "rejected.csv").exists()


def test_a_folder_that_nobody_may_write_is_left_alone(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path / "checkout"
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder, customers="customer_id,name,customer_since\nC-1,A,x\n")
    folder.chmod(0o555)
    report = load(folder)
    folder.chmod(0o755)
    assert report.rejected_file is not None
    assert report.rejected_file.parent.parent == tmp_path / "checkout/var/imports"
    assert [path.name for path in folder.iterdir()] == ["customers.csv"]
