"""Who has a link, and when it ends."""

import datetime as dt

import pytest

from accounts.models import Company
from mail.models import OutboxMessage
from mail.rendering import message_render
from surveys.models import Department, DepartmentMember, Theme, ThemeLink, ThemeNote
from surveys.services.departments import (
    UnableToAddMember,
    UnableToNameDepartment,
    department_create,
    department_delete,
    department_rename,
    member_add,
    member_change,
    member_delete,
)
from surveys.services.theme_links import member_note, theme_link_opened
from surveys.services.theme_mails import reminders_queue, themes_tick
from surveys.services.themes import theme_state
from tests import world
from tests.surveys.themes.people import (
    BY,
    a_department,
    a_theme,
    assigned,
    said,
    token_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]


@pytest.fixture
def department() -> Department:
    return a_department("kim@example.org", "lee@example.org")


@pytest.fixture
def theme(department: Department) -> Theme:
    return assigned(a_theme("Export", "export"), department)


def mails(kind: str = "surveys.theme_assigned") -> list[str]:
    rows = OutboxMessage.objects.filter(kind=kind).order_by("pk")
    return [row.to_email for row in rows]


def works(theme: Theme) -> list[str]:
    links = ThemeLink.objects.filter(theme=theme).order_by("pk")
    return [link.member.email for link in links if theme_link_opened(token_of(link))]


def test_each_member_gets_one(theme: Theme, department: Department) -> None:
    assigned(theme, department)
    assert mails() == works(theme) == ["kim@example.org", "lee@example.org"]


def test_settled_ends_them_and_opened_again_makes_new_ones(theme: Theme) -> None:
    old = [token_of(link) for link in ThemeLink.objects.order_by("pk")]
    for state, resolution in (("declined", ""), ("open", ""), ("resolved", "Done.")):
        theme_state(
            theme=theme, state=state, resolution=resolution, by=BY, now=world.NOW
        )
        assert works(theme) == (
            ["kim@example.org", "lee@example.org"] if state == "open" else []
        )
    theme_state(theme=theme, state="doing", by=BY, now=world.NOW)
    assert len(mails()) == 6
    assert [theme_link_opened(token) for token in old] == [None, None]
    assert len(works(theme)) == 2


def test_another_department(theme: Theme) -> None:
    assigned(theme, a_department("zoe@example.org", name="Billing"))
    assert works(theme) == ["zoe@example.org"]
    assigned(theme, None)
    assert works(theme) == []


def test_members_come_and_go(theme: Theme, department: Department) -> None:
    made = member_add(
        department=department, name="Mo", email="mo@example.org", language="ro", by=BY,
        now=world.NOW,
    )  # fmt: skip
    assert mails()[-1] == "mo@example.org"
    old = token_of(ThemeLink.objects.get(member=made))
    member_change(
        member=made, name="Mo", email="mo@example.net", language="ro", by=BY,
        now=world.NOW,
    )  # fmt: skip
    assert mails()[-1] == "mo@example.net"
    assert theme_link_opened(old) is None
    fresh = token_of(ThemeLink.objects.get(member=made))
    assert theme_link_opened(fresh)
    for _ in range(2):
        member_change(
            member=made, name="Moritz", email="mo@example.net", language="ro", by=BY,
            now=world.NOW,
        )  # fmt: skip
    assert len(mails()) == 4
    with pytest.raises(UnableToAddMember):
        member_change(
            member=made, name="Mo", email="kim@example.org", language="ro", by=BY,
            now=world.NOW,
        )  # fmt: skip
    made.refresh_from_db()
    member_delete(member=made, by=BY, now=world.NOW)
    assert theme_link_opened(fresh) is None
    assert works(theme) == ["kim@example.org", "lee@example.org"]


def test_departments_have_names_of_their_own(department: Department) -> None:
    made = department_create(name="Billing", by=BY, now=world.NOW)
    with pytest.raises(UnableToNameDepartment):
        department_create(name="Product", by=BY, now=world.NOW)
    with pytest.raises(UnableToNameDepartment):
        department_rename(department=made, name="Product", by=BY, now=world.NOW)
    made.refresh_from_db()
    department_rename(department=made, name="Money", by=BY, now=world.NOW)
    department_rename(department=made, name="Money", by=BY, now=world.NOW)
    names = Department.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Money", "Product"]


def test_a_deleted_department_leaves_its_themes_to_nobody(
    theme: Theme, department: Department
) -> None:
    tokens = [token_of(link) for link in ThemeLink.objects.all()]
    assert department_delete(department=department, by=BY, now=world.NOW) == 1
    theme.refresh_from_db()
    assert theme.department is None
    assert [theme_link_opened(token) for token in tokens] == [None, None]
    assert DepartmentMember.objects.count() == 0


def test_a_note_that_is_sent_twice_is_kept_once(theme: Theme) -> None:
    link = ThemeLink.objects.order_by("pk")[0]
    outcomes = [
        member_note(link=link, text=text, done=done, now=world.NOW)
        for text, done in (("a", False), ("a", False), ("a", True), ("a", False))
    ]
    assert outcomes == [True, False, True, True]
    assert ThemeNote.objects.filter(done=True).count() == 1
    theme.refresh_from_db()
    assert theme.state == "open"


# --- What they read ------------------------------------------------------------------


def test_the_mail_says_what_is_asked_and_keeps_comments_behind_the_link(
    theme: Theme, company: Company
) -> None:
    customer = world.make_customer("Secret Customer")
    said(customer, "export secret words")
    Theme.objects.filter(pk=theme.pk).update(
        name="<script>alert(1)</script>", description="<b>bold</b>"
    )
    message = OutboxMessage.objects.order_by("pk")[0]
    mail = message_render(message)
    assert mail.subject == "Please look into this: <script>alert(1)</script>"
    assert "<script>" not in mail.html
    assert "<b>bold" not in mail.html
    assert "&lt;script&gt;alert(1)" in mail.html
    link = ThemeLink.objects.order_by("pk")[0]
    assert f"/d/{token_of(link)}" in mail.html
    assert f"/d/{token_of(link)}" in mail.text
    for hidden in ("Secret", "secret words"):
        assert hidden not in mail.html + mail.text
    assert token_of(link) not in message_render(message, masked=True).html
    assert "unsubscribe" not in mail.html.lower()


def test_languages(theme: Theme, department: Department) -> None:
    for code in ("de", "ro"):
        DepartmentMember.objects.create(
            department=department, name=code, email=f"{code}@example.org", language=code
        )
    assigned(theme, department)
    subjects = [
        message_render(message).subject
        for message in OutboxMessage.objects.filter(language__in=["de", "ro"])
    ]
    assert len(set(subjects)) == 2
    assert all(not subject.startswith("Please") for subject in subjects)


# --- Reminders -----------------------------------------------------------------------


def test_reminders_by_the_clock(theme: Theme, department: Department) -> None:
    due = world.TODAY + dt.timedelta(days=10)
    assigned(theme, department, due_on=due)
    sent = {}
    for day in range(30):
        before = len(mails("surveys.theme_reminder"))
        for hour in (0, 5):
            themes_tick(now=world.NOW + dt.timedelta(days=day, hours=hour))
        if grown := len(mails("surveys.theme_reminder")) - before:
            sent[day] = grown
    assert sent == {7: 2, 11: 2, 18: 2, 25: 2}


def test_no_reminder_without_a_link_that_works(
    theme: Theme, department: Department
) -> None:
    assigned(theme, department, due_on=world.TODAY - dt.timedelta(days=9))
    theme_state(theme=theme, state="declined", by=BY, now=world.NOW)
    assert reminders_queue(now=world.NOW + dt.timedelta(days=1)) == 0
    theme_state(theme=theme, state="open", by=BY, now=world.NOW)
    assert reminders_queue(now=world.NOW + dt.timedelta(days=1)) == 2
    assert reminders_queue(now=world.NOW + dt.timedelta(days=1)) == 0


def test_a_reminder_in_words(theme: Theme, department: Department) -> None:
    assigned(theme, department, due_on=dt.date(2020, 1, 1))
    reminders_queue(now=world.NOW + dt.timedelta(days=1))
    message = OutboxMessage.objects.filter(kind="surveys.theme_reminder")[0]
    mail = message_render(message)
    assert mail.subject == "Overdue: Export"
    assert "The day this was due has passed." in mail.text
