"""Feedback: the list, writing it down, putting it right, taking it out."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Company, User
from customers.models import Customer, Event
from surveys.events import FEEDBACK_RECORDED
from surveys.models import Feedback, Mention, Theme, ThemePhrase
from tests import world
from tests.pages import main_of, messages, part, plain_static_files, queries, words
from tests.world import NOW, TODAY

__all__ = ["plain_static_files"]
pytestmark = pytest.mark.django_db
URL = "/surveys/feedback/"
NEW = "/surveys/feedback/new/"
EVIL = '<script>alert("x")</script>\u202e <b>bold</b>'


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def customer(company: Company, ana: User) -> Customer:
    return world.make_customer("Brightwater", owner=ana, external_id="B-1")


@pytest.fixture
def secret(company: Company, charlie: User) -> Feedback:
    theirs = world.make_customer("Secret Ltd", owner=charlie, external_id="S-1")
    return world.say(theirs, "Secret exports", source="call")


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "text": "The export is slow.", "source": "call", "said_on": "2026-06-30", **fields
    }  # fmt: skip


def shown(client: Client, **asked: Any) -> list[Feedback]:
    return list(client.get(URL, asked).context["page"].rows)


def test_without_feedback_it_says_what_to_do(
    ana_client: Client, company: Company
) -> None:
    assert "No feedback yet" in part(ana_client.get(URL), "h-list")


def test_the_list_with_filters_and_words(
    ana_client: Client, customer: Customer, secret: Feedback
) -> None:
    call = world.say(customer, "Exports fail.", days=2, source="call")
    review = world.say(
        customer, "Nice, but exports.", source="review", contact=world.person(customer),
        url="https://reviews.test/1",
    )  # fmt: skip
    response = ana_client.get(URL)
    assert list(response.context["page"].rows) == [review, call]
    assert [(str(chip["label"]), chip["count"]) for chip in response.context["chips"]] == [
        ("All", 2), ("Call", 1), ("Review", 1),
    ]  # fmt: skip
    assert (
        "Nice, but exports. Review Mara Ionescu · Brightwater · 29 Jun · Open the link "
        "Change (Brightwater) Delete (Brightwater)"
    ) in part(response, "h-list")
    assert (
        '<a href="https://reviews.test/1" rel="noopener noreferrer nofollow external"'
    ) in " ".join(main_of(response).split())
    assert shown(ana_client, source="call") == [call]
    assert shown(ana_client, q="NICE") == [review]
    assert "Nothing fits" in words(ana_client.get(URL, {"q": "zzz"}).content.decode())
    assert "Secret" not in main_of(ana_client.get(URL, {"q": "exports"}))


@pytest.mark.parametrize("asked", ["source=nonsense", "at=garbage", "q=%00"])
def test_a_bad_address_shows_the_whole_list(
    ana_client: Client, customer: Customer, asked: str
) -> None:
    world.say(customer, "x")
    assert len(ana_client.get(f"{URL}?{asked}").context["page"].rows) == 1


def test_pages_meet_without_gap_or_repeat(
    ana_client: Client, customer: Customer
) -> None:
    for number in range(60):
        world.say(customer, f"Number {number}", days=number // 7)
    seen, url = [], URL
    while url:
        response = ana_client.get(url)
        seen += [row.pk for row in response.context["page"].rows]
        url = response.context["older_url"]
    newest_first = Feedback.objects.order_by("-said_at", "-id")
    assert seen == list(newest_first.values_list("pk", flat=True))


def test_the_customer_is_found_by_name_or_external_id(
    ana_client: Client, customer: Customer, secret: Feedback
) -> None:
    for asked in ("bright", "B-1"):
        assert ana_client.get(NEW, {"q": asked}).context["found"] == [customer]
    for asked in ("Secret", "S-1"):
        assert ana_client.get(NEW, {"q": asked}).context["found"] == []
    assert "Find the customer first" in main_of(ana_client.get(NEW))


def test_it_is_written_down(ana_client: Client, ana: User, customer: Customer) -> None:
    theme = Theme.objects.create(name="Speed", created_at=NOW)
    ThemePhrase.objects.create(theme=theme, phrase="slow")
    contact, ticket = world.person(customer), world.open_ticket(customer, days=3)
    url = f"{NEW}?customer={customer.pk}"
    data = typed(
        contact=contact.pk, ticket=ticket.pk, url="reviews.test/1", language="de",
        said_on="2026-06-28",
    )  # fmt: skip
    done = ana_client.post(url, data, follow=True)
    assert messages(done) == ["Kept: Brightwater"]
    feedback = Feedback.objects.get()
    assert (
        feedback.customer, feedback.contact, feedback.ticket, feedback.source,
        feedback.text, feedback.url, feedback.language, feedback.author,
        feedback.said_at, feedback.recorded_at,
    ) == (
        customer, contact, ticket, "call", "The export is slow.",
        "https://reviews.test/1", "de", ana, NOW - dt.timedelta(days=2), NOW,
    )  # fmt: skip
    event = Event.objects.get()
    assert (event.kind, event.data, event.happened_at) == (
        FEEDBACK_RECORDED, {"feedback": feedback.pk, "source": "call"}, feedback.said_at,
    )  # fmt: skip
    assert Mention.objects.get().theme == theme


def test_it_stands_once_on_the_timeline(ana_client: Client, customer: Customer) -> None:
    ana_client.post(f"{NEW}?customer={customer.pk}", typed())
    page = main_of(ana_client.get(reverse("customer", args=[customer.pk])))
    assert page.count("The export is slow.") == 1
    assert f"{NEW}?customer={customer.pk}" in page


def test_it_begins_with_the_ticket_it_comes_from(
    ana_client: Client, customer: Customer, secret: Feedback
) -> None:
    contact = world.person(customer)
    ticket = world.open_ticket(customer, days=500, contact=contact)
    theirs = world.open_ticket(secret.customer, days=1)
    asked = {"customer": customer.pk, "ticket": ticket.pk}
    form = ana_client.get(NEW, asked).context["form"]
    assert (form.initial["ticket"], form.initial["contact"], form.initial["source"]) == (
        ticket.pk, contact.pk, "ticket",
    )  # fmt: skip
    assert list(form.fields["ticket"].queryset) == [ticket]
    form = ana_client.get(NEW, {**asked, "ticket": theirs.pk}).context["form"]
    assert form.initial == {"said_on": TODAY}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://files.test/x"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"text": " "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({"said_on": "2026-07-01"}, "said_on"),
        ({"source": "dream"}, "source"),
        ({"language": "xx"}, "language"),
        ({"contact": "theirs"}, "contact"),
        ({"ticket": "theirs"}, "ticket"),
    ],
)
def test_what_is_amiss_is_said(
    ana_client: Client,
    customer: Customer,
    secret: Feedback,
    fields: dict[str, Any],
    field: str,
) -> None:
    theirs = {
        "contact": world.person(secret.customer).pk,
        "ticket": world.open_ticket(secret.customer, days=1).pk,
    }
    if fields.get(field) == "theirs":
        fields = {field: theirs[field]}
    response = ana_client.post(f"{NEW}?customer={customer.pk}", typed(**fields))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Feedback.objects.count() == 1


def test_it_is_put_right(ana_client: Client, customer: Customer) -> None:
    said = world.say(customer, "Slow.", days=3)
    theme = Theme.objects.create(name="Speed", created_at=NOW)
    Mention.objects.create(
        theme=theme, customer=customer, feedback=said, said_at=said.said_at,
        origin="person",
    )  # fmt: skip
    url = reverse("feedback_change", args=[said.pk])
    same = ana_client.get(url).context["form"].initial
    assert same["said_on"] == dt.date(2026, 6, 27)
    ana_client.post(url, typed(text="Faster.", said_on="2026-06-27"))
    said.refresh_from_db()
    assert (said.text, said.said_at) == ("Faster.", world.noon(world.days_ago(3)))
    ana_client.post(url, typed(text="Faster.", said_on="2026-06-20"))
    assert Mention.objects.get().said_at == world.noon(world.days_ago(10))


def test_it_is_deleted_and_brought_back(ana_client: Client, customer: Customer) -> None:
    contact = world.person(customer)
    said = world.say(
        customer, EVIL, contact=contact, external_id="F-1", url="https://x.test/"
    )
    theme = Theme.objects.create(name="Speed", created_at=NOW)
    Mention.objects.create(
        theme=theme, customer=customer, feedback=said, said_at=said.said_at,
        origin="person", removed=True,
    )  # fmt: skip
    before = Feedback.objects.values().get()
    gone = ana_client.post(reverse("feedback_delete", args=[said.pk]), follow=True)
    assert messages(gone) == ["Deleted. Undo"]
    assert Feedback.objects.count() == 0
    undo = re.search(r'formaction="([^"]*restore[^"]*)"', main_of(gone))
    assert undo
    back = ana_client.post(undo[1], follow=True)
    assert messages(back) == ["It is back."]
    assert Feedback.objects.values().get() == before
    mention = Mention.objects.get()
    assert (mention.theme, mention.origin, mention.removed) == (theme, "person", True)
    again = ana_client.post(reverse("feedback_restore"), follow=True)
    assert messages(again) == ["There is nothing to bring back."]
    actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
    assert list(actions) == ["surveys.feedback_deleted", "surveys.feedback_restored"]


def test_what_went_meanwhile_stays_away(ana_client: Client, customer: Customer) -> None:
    contact = world.person(customer)
    said = world.say(customer, "Slow.", contact=contact)
    theme = Theme.objects.create(name="Speed", created_at=NOW)
    Mention.objects.create(
        theme=theme, customer=customer, feedback=said, said_at=said.said_at
    )
    ana_client.post(reverse("feedback_delete", args=[said.pk]))
    contact.delete()
    theme.delete()
    ana_client.post(reverse("feedback_restore"))
    assert Feedback.objects.get().contact is None
    assert Mention.objects.count() == 0


def test_who_has_lost_the_customer_brings_nothing_back(
    ana_client: Client, customer: Customer, charlie: User
) -> None:
    said = world.say(customer, "Slow.")
    ana_client.post(reverse("feedback_delete", args=[said.pk]))
    Customer.objects.update(owner=charlie)
    assert ana_client.post(reverse("feedback_restore")).status_code == 404
    assert Feedback.objects.count() == 0


def test_an_outsider_must_not_know_it_exists(
    ana_client: Client, secret: Feedback
) -> None:
    for name in ("feedback_change", "feedback_delete"):
        url = reverse(name, args=[secret.pk])
        assert ana_client.post(url, typed()).status_code == 404
    new = f"{NEW}?customer={secret.customer_id}"
    assert ana_client.post(new, typed()).status_code == 404
    assert Feedback.objects.get().text == "Secret exports"


def test_a_viewer_only_reads(viewer_client: Client, customer: Customer) -> None:
    said = world.say(customer, "Slow.")
    page = main_of(viewer_client.get(URL))
    assert "Slow." in page
    assert "formaction" not in page
    assert NEW not in page
    for name in ("feedback_change", "feedback_delete"):
        url = reverse(name, args=[said.pk])
        assert viewer_client.post(url, typed()).status_code == 403
    assert viewer_client.get(f"{NEW}?customer={customer.pk}").status_code == 403


def test_script_and_turned_letters_stay_text(
    ana_client: Client, company: Company, ana: User
) -> None:
    customer = world.make_customer(EVIL, owner=ana)
    said = world.say(customer, EVIL, contact=world.person(customer, EVIL))
    for url in (
        URL,
        f"{NEW}?q=script",
        f"{NEW}?customer={customer.pk}",
        reverse("feedback_change", args=[said.pk]),
        reverse("customer", args=[customer.pk]),
    ):
        page = main_of(ana_client.get(url))
        assert "<script" not in page
        assert "<b>bold" not in page
        assert "&lt;script&gt;" in page


def test_the_queries_do_not_grow(ana_client: Client, customer: Customer) -> None:
    def grow(number: int) -> None:
        said = world.say(
            customer, "x", contact=world.person(customer, is_primary=False)
        )
        Mention.objects.create(
            theme=Theme.objects.create(name=f"T{number}", created_at=NOW),
            customer=customer, feedback=said, said_at=NOW,
        )  # fmt: skip

    grow(1)
    one = queries(ana_client, URL)
    grow(2)
    grow(3)
    assert queries(ana_client, URL) == one
