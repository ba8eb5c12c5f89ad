"""The page behind a member's link: that theme's comments, and nothing else."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from common.links import link_token
from customers.models import Customer
from surveys.models import DepartmentMember, Theme, ThemeLink, ThemeNote
from surveys.services.departments import member_change
from surveys.services.themes import theme_state
from surveys.services.theming import comments_theme_all
from tests import world
from tests.pages import main_of, queries, words
from tests.surveys.themes.people import (
    BY,
    a_department,
    a_theme,
    assigned,
    said,
    token_of,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("company", "at_noon", "plain_static_files"),
]


@pytest.fixture
def customer(ana: User) -> Customer:
    made = world.make_customer("Brightwater", owner=ana, industry="Shipping secrets")
    person = world.person(made, "Paula Private", email="paula@example.net")
    said(made, "<script>alert(1)</script> export", contact=person)
    said(made, "hidden other comment", contact=person)
    return made


@pytest.fixture
def theme(customer: Customer) -> Theme:
    made = a_theme("Export", "export")
    return assigned(
        made, a_department("kim@example.org"), due_on=world.TODAY + dt.timedelta(days=9)
    )


@pytest.fixture
def link(theme: Theme) -> ThemeLink:
    return ThemeLink.objects.get(theme=theme)


def url_of(link: ThemeLink) -> str:
    return reverse("theme_link", args=[token_of(link)])


def test_exactly_the_comments(link: ThemeLink) -> None:
    page = Client().get(url_of(link))
    html = page.content.decode()
    assert page.status_code == 200
    text = words(main_of(page))
    assert "Due on 9 July 2026" in text
    assert (
        "<script>alert(1)</script> export Net Promoter Score (0–10): 3 · Brightwater"
        " · 25 June 2026"
    ) in text
    assert "<script" not in html
    for hidden in ("Paula", "paula@", "hidden other", "Shipping", "Ana Popescu"):
        assert hidden not in html
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "sessionid" not in page.cookies
    assert "csrftoken" not in page.cookies


def test_looking_writes_nothing_that_counts(link: ThemeLink, theme: Theme) -> None:
    Client().head(url_of(link))
    link.refresh_from_db()
    assert link.opened_at is None
    for query in ("", "?act=done&text=x", "?noted"):
        assert Client().get(url_of(link) + query).status_code == 200
    link.refresh_from_db()
    theme.refresh_from_db()
    assert (link.opened_at, theme.state) == (world.NOW, "open")
    assert ThemeNote.objects.count() == 0


def test_a_note_and_done(link: ThemeLink, theme: Theme, mara_client: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    url = url_of(link)
    page = client.post(url, {"act": "note", "text": " Found\x00 it. <b>"}, follow=True)
    assert "Thank you. It is noted." in words(main_of(page))
    assert "Found it. <b>" in words(main_of(page))
    assert client.post(url, {"act": "note", "text": "  "}).status_code == 422
    for _ in range(2):
        client.post(url, {"act": "done"})
    notes = list(ThemeNote.objects.order_by("pk").values_list("text", "done"))
    assert notes == [("Found it. <b>", False), ("", True)]
    theme.refresh_from_db()
    assert theme.state == "open"
    page = words(main_of(mara_client.get(reverse("theme", args=[theme.pk]))))
    assert "Says it is done" in page
    assert "Said to be done" in words(main_of(mara_client.get(reverse("themes"))))


def test_a_megabyte_is_cut(link: ThemeLink) -> None:
    assert Client().post(url_of(link), {"text": "x" * 1_000_000}).status_code == 302
    assert len(ThemeNote.objects.get().text) == 5_000


def test_other_members_notes_are_not_shown(link: ThemeLink, theme: Theme) -> None:
    ThemeNote.objects.create(theme=theme, text="internal talk", created_at=world.NOW)
    assert "internal talk" not in Client().get(url_of(link)).content.decode()


# --- Attacks -------------------------------------------------------------------------


def test_every_dead_link_is_the_same_404(link: ThemeLink, theme: Theme) -> None:
    good = token_of(link)
    wrong = [
        "x", "0-0-x", good[:-1], good + "A", good[:-1] + ("A" if good[-1] != "A" else "B"),
        link_token("surveys.invitation", link.pk), link_token("mail.unsubscribe", link.pk),
        link_token("surveys.theme", link.pk, 2), link_token("surveys.theme", link.pk + 1),
        link_token("surveys.theme", 10**17), f"{link.pk}-1-", "٣-1-x",
    ]  # fmt: skip
    pages = [Client().get(reverse("theme_link", args=[token])) for token in wrong]
    theme_state(theme=theme, state="declined", by=BY, now=world.NOW)
    ended = Client()
    pages += [ended.get(url_of(link)), ended.post(url_of(link), {"act": "done"})]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert len({len(page.content) for page in pages}) == 1
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert ThemeNote.objects.count() == 0


@pytest.mark.parametrize(
    "end", ["resolved", "reassigned", "nobody", "member gone", "address changed"]
)
def test_what_ends_a_link(end: str, link: ThemeLink, theme: Theme) -> None:
    url = url_of(link)
    assert Client().get(url).status_code == 200
    if end == "resolved":
        theme_state(
            theme=theme, state="resolved", resolution="Done.", by=BY, now=world.NOW
        )
    elif end == "reassigned":
        assigned(theme, a_department("zoe@example.org", name="Billing"))
    elif end == "nobody":
        assigned(theme, None)
    elif end == "member gone":
        DepartmentMember.objects.all().delete()
    else:
        member_change(
            member=link.member, name="Kim", email="kim@example.net", language="",
            by=BY, now=world.NOW,
        )  # fmt: skip
    assert Client().get(url).status_code == 404


def test_it_speaks_the_members_language(link: ThemeLink) -> None:
    DepartmentMember.objects.update(language="de")
    page = Client().get(url_of(link))
    assert page.headers["Content-Language"] == "de"
    assert "Fällig am 9. Juli 2026" in words(main_of(page))


def test_many_comments_are_paged_at_the_same_cost(
    link: ThemeLink, theme: Theme, customer: Customer
) -> None:
    counts = []
    for number in (1, 3):
        for _ in range(number):
            world.say(customer, "export", contact=customer.contacts.get())
        comments_theme_all(now=world.NOW)
        counts.append(queries(Client(), url_of(link)))
    assert counts[0] == counts[1]
    for _ in range(60):
        world.say(customer, "export")
    comments_theme_all(now=world.NOW)
    first = Client().get(url_of(link))
    assert main_of(first).count("<article") == 50
    second = Client().get(url_of(link) + "?page=2")
    assert main_of(second).count("<article") == 15
