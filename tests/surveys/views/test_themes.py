"""The pages of themes: ranked, one theme, its comments; who may do what."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Customer
from surveys.models import (
    Department,
    DepartmentMember,
    Feedback,
    Mention,
    Suggestion,
    SuggestionRun,
    Theme,
    ThemeNote,
)
from surveys.services.suggesting import suggestions_start, suggestions_work
from surveys.services.themes import theme_state
from surveys.services.theming import comments_theme_all
from tests import world
from tests.pages import main_of, messages, part, queries, rows, words
from tests.surveys.themes.people import BY, a_department, a_theme, assigned, said, under

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("company", "at_noon", "plain_static_files"),
]
SCRIPT = "<script>alert(1)</script> export"


@pytest.fixture
def hers(ana: User) -> Customer:
    made = world.make_customer("Brightwater", owner=ana)
    world.subscribe(made, mrr="1200")
    said(made, "export by Ana", contact=world.person(made))
    return made


@pytest.fixture
def his(charlie: User) -> Customer:
    made = world.make_customer("Secret Ltd", owner=charlie)
    world.subscribe(made, mrr="9000")
    said(made, "export by Charlie, secret words", score=9)
    return made


@pytest.fixture
def theme(hers: Customer, his: Customer) -> Theme:
    return a_theme("Export", "export")


def test_the_ranked_list(mara_client: Client, theme: Theme) -> None:
    assigned(theme, a_department(), due_on=world.TODAY - dt.timedelta(days=2))
    a_theme("Zero")
    first, second = rows(mara_client.get("/surveys/themes/"))
    assert first == (
        "Export 2 comments 2 nothing before to compare with €10,200 a month,"
        " 2 customers 1 detractor 1 promoter Product Overdue: 28 Jun Open"
    )
    assert second.startswith("Zero 0 comments 0")


def test_a_csm_counts_own_customers(ana_client: Client, theme: Theme) -> None:
    page = ana_client.get("/surveys/themes/")
    [row] = rows(page)
    assert row.startswith("Export 1 comment 1 ")
    assert "€1,200 a month, 1 customer" in row
    assert "New theme" not in words(main_of(page))


def test_periods_orders_and_states(mara_client: Client, theme: Theme) -> None:
    price = a_theme("Price", "price")
    poor = [world.make_customer() for _ in range(3)]
    for customer in poor:
        said(customer, "price")
    comments_theme_all(now=world.NOW)

    def names(query: str) -> list[str]:
        return [
            row.split()[0] for row in rows(mara_client.get(f"/surveys/themes/{query}"))
        ]

    assert names("") == names("?days=nonsense&by=x") == ["Price", "Export"]
    assert names("?by=revenue") == ["Export", "Price"]
    assert names("?days=365") == ["Price", "Export"]
    theme_state(theme=price, state="declined", by=BY, now=world.NOW)
    assert names("") == ["Export"]
    assert names("?state=settled") == ["Price"]


def test_pages_before_anything(mara_client: Client, ana_client: Client) -> None:
    assert "No theme yet" in words(main_of(mara_client.get("/surveys/themes/")))
    page = words(main_of(ana_client.get("/surveys/themes/")))
    assert "Administrators and managers make them." in page


def test_a_theme_shows_own_customers_comments_only(
    ana_client: Client, mara_client: Client, theme: Theme
) -> None:
    url = reverse("theme", args=[theme.pk])
    mine = ana_client.get(url).content.decode()
    assert "export by Ana" in mine
    for hidden in ("Secret Ltd", "secret words"):
        assert hidden not in mine
    assert "2 comments" in part(mara_client.get(url), "h-said")
    assert "1 comment" in part(ana_client.get(url), "h-said")
    assert part(ana_client.get(url), "h-phrases") == "Words and phrases export 1"
    assert part(mara_client.get(url), "h-phrases") == "Words and phrases export 2"


@pytest.mark.parametrize("name", ["theme", "theme_comments", "themes"])
def test_queries(name: str, mara_client: Client) -> None:
    theme = a_theme("Export", "export")
    url = reverse(name, args=[] if name == "themes" else [theme.pk])
    counts = []
    for number in range(3):
        customer = world.make_customer()
        contact = world.person(customer)
        said(customer, f"export {number}", contact=contact)
        world.say(customer, f"export told {number}", contact=contact)
        said(customer, f"other {number}", contact=contact)
        world.say(customer, f"other told {number}", contact=contact)
        Theme.objects.create(name=f"T{number}", created_at=world.NOW)
        comments_theme_all(now=world.NOW)
        counts.append(queries(mara_client, url))
    assert counts[0] == counts[2]


def test_scripts_are_words(mara_client: Client) -> None:
    customer = world.make_customer("<script>c</script>")
    contact = world.person(customer, "<script>p</script>")
    said(customer, SCRIPT, contact=contact)
    for _ in range(3):
        world.say(customer, "<script>other</script> zebra", contact=contact)
    theme = a_theme("<script>t</script>", "export", description="<script>d</script>")
    ThemeNote.objects.create(
        theme=theme, text="<script>n</script>", created_at=world.NOW
    )
    Suggestion.objects.create(
        run=suggestions_start(by=BY, now=world.NOW), position=1,
        words=["<script>w</script>"], phrases=["<script>w</script>"],
        feedback=list(customer_feedback(customer)),
    )  # fmt: skip
    SuggestionRun.objects.update(state="done", finished_at=world.NOW)
    theme_state(
        theme=theme, state="resolved", resolution="<script>r</script>", by=BY,
        now=world.NOW,
    )  # fmt: skip
    urls = [
        reverse("themes") + "?state=settled",
        reverse("theme", args=[theme.pk]),
        reverse("theme_edit", args=[theme.pk]),
        reverse("theme_comments", args=[theme.pk]),
        reverse("theme_tell", args=[theme.pk]),
        reverse("theme_suggestions"),
    ]
    for url in urls:
        html = main_of(mara_client.get(url))
        assert "<script>" not in html, url
        assert "&lt;script&gt;" in html, url


def customer_feedback(customer: Customer) -> list[int]:
    return list(Feedback.objects.filter(customer=customer).values_list("pk", flat=True))


# --- Changing ------------------------------------------------------------------------


def test_a_theme_is_made_and_changed(mara_client: Client, hers: Customer) -> None:
    typed = {"name": "Export", "phrases_any": "export*\n\n EXPORT  fails \nexport*"}
    page = mara_client.post("/surveys/themes/new/", typed, follow=True)
    assert messages(page) == ["There is a theme “Export” now."]
    theme = Theme.objects.get()
    assert sorted(theme.phrases.values_list("language", "phrase")) == [
        ("", "EXPORT fails"), ("", "export*"),
    ]  # fmt: skip
    assert under(theme) == ["export by Ana"]
    page = mara_client.post("/surveys/themes/new/", typed)
    assert page.status_code == 422
    assert "There is a theme of this name already." in words(main_of(page))
    url = reverse("theme_edit", args=[theme.pk])
    assert "export*" in mara_client.get(url).content.decode()
    mara_client.post(url, {"name": "Exports", "phrases_de": "ausfuhr"})
    theme.refresh_from_db()
    assert theme.name == "Exports"
    assert under(theme) == []
    a_theme("Taken")
    assert mara_client.post(url, {"name": "Taken"}).status_code == 422


@pytest.mark.parametrize("phrase", ["*", "!", "a*", "x" * 81])
def test_phrases_that_find_nothing_or_everything(
    mara_client: Client, phrase: str
) -> None:
    typed = {"name": "Export", "phrases_en": phrase}
    assert mara_client.post("/surveys/themes/new/", typed).status_code == 422
    assert Theme.objects.count() == 0


def test_state_department_and_note(
    mara_client: Client, ana_client: Client, theme: Theme
) -> None:
    def post(name: str, client: Client = mara_client, **typed: object) -> int:
        return client.post(reverse(name, args=[theme.pk]), typed).status_code

    assert post("theme_state", state="resolved") == 422
    assert post("theme_state", state="nonsense") == 422
    assert post("theme_department", department="nonsense") == 422
    department = a_department("kim@example.org")
    assert (
        post("theme_department", department=department.pk, due_on="2026-07-20") == 302
    )
    assert post("theme_state", state="resolved", resolution="Fixed.") == 302
    assert post("theme_note", ana_client, text="Seen.") == 302
    assert post("theme_note", ana_client, text="") == 422
    page = mara_client.get(reverse("theme", args=[theme.pk]))
    assert part(page, "h-history") == (
        "History State of a theme changed: Resolved, Fixed. Mara Lindqvist 30 Jun, 12:00"
        " Theme given to a department: Product Mara Lindqvist 30 Jun, 12:00"
        " Theme made: Export 30 Jun, 12:00"
    )
    assert "Seen. Ana Popescu" in part(page, "h-notes")
    assert post("theme_department") == 302
    theme.refresh_from_db()
    assert (theme.department, theme.due_on) == (None, None)


# --- Comments by hand ----------------------------------------------------------------


def test_take_out_and_undo(ana_client: Client, theme: Theme) -> None:
    mention = Mention.objects.get(customer__name="Brightwater")
    url = reverse("mention_remove", args=[mention.pk])
    page = ana_client.post(url, follow=True)
    assert messages(page) == ["The comment is not under “Export” any more. Undo"]
    assert len(under(theme)) == 1
    page = ana_client.post(reverse("mention_restore", args=[mention.pk]), follow=True)
    assert messages(page) == ["The comment is under “Export” again."]
    assert len(under(theme)) == 2


def test_nobody_touches_what_is_out_of_sight(
    ana_client: Client, viewer_client: Client, theme: Theme, his: Customer
) -> None:
    mention = Mention.objects.get(customer=his)
    other = a_theme("Other")
    comment = {"comment": f"response:{mention.response_id}", "theme": other.pk}
    for client, expected in ((ana_client, 404), (viewer_client, 403)):
        for name in ("mention_remove", "mention_restore"):
            url = reverse(name, args=[mention.pk])
            assert client.post(url).status_code == expected
        url = reverse("mention_add")
        assert client.post(url, comment).status_code == expected
    assert (under(other), len(under(theme))) == ([], 2)


@pytest.mark.parametrize(
    "comment", ["", "response:", "response:x", "feedback:99", "response:" + "9" * 30]
)
def test_a_comment_that_is_none(
    mara_client: Client, theme: Theme, comment: str
) -> None:
    typed = {"comment": comment, "theme": theme.pk}
    assert mara_client.post(reverse("mention_add"), typed).status_code == 404


def test_comments_are_added_by_hand(
    ana_client: Client, hers: Customer, his: Customer
) -> None:
    theme = a_theme("By hand")
    told = world.say(hers, "told by phone")
    world.say(his, "secret phone call")
    url = reverse("theme_comments", args=[theme.pk])
    html = ana_client.get(url).content.decode()
    assert "told by phone" in html
    assert "export by Ana" in html
    assert "secret" not in html
    assert "export by Ana" not in ana_client.get(f"{url}?q=phone").content.decode()
    assert "No comment holds this" in ana_client.get(f"{url}?q=zzz").content.decode()
    page = ana_client.post(
        reverse("mention_add"),
        {"comment": f"feedback:{told.pk}", "theme": theme.pk, "next": url},
        follow=True,
    )
    assert messages(page) == ["The comment is under “By hand” now. Undo"]
    assert under(theme) == ["told by phone"]
    assert "told by phone" not in words(main_of(page))


# --- Suggestions ---------------------------------------------------------------------


@pytest.fixture
def suggestion(hers: Customer) -> Suggestion:
    for text in ("App crashes", "The app is gone", "My app froze"):
        said(hers, text, language="en")
    suggestions_work(run_id=suggestions_start(by=BY, now=world.NOW).pk)
    return Suggestion.objects.get()


def test_a_suggestion_becomes_a_theme(
    mara_client: Client, suggestion: Suggestion
) -> None:
    page = words(main_of(mara_client.get(reverse("theme_suggestions"))))
    for text in ("App 3 comments, en", "The app is gone", "4 comments were looked"):
        assert text in page
    url = reverse("suggestion_accept", args=[suggestion.pk])
    for name in ("", "x" * 81):
        mara_client.post(url, {"name": name})
    assert Theme.objects.count() == 0
    mara_client.post(url, {"name": "App", "phrase": ["app", "injected"]})
    theme = Theme.objects.get()
    assert len(under(theme)) == 3
    assert list(theme.phrases.values_list("language", "phrase")) == [("en", "app")]
    page = mara_client.post(url, {"name": "App"}, follow=True)
    assert messages(page)[-1] == "There is a theme of this name already."


def test_a_suggestion_joins_or_is_put_aside(
    mara_client: Client, suggestion: Suggestion
) -> None:
    page = reverse("theme_suggestions")
    shown = mara_client.post(
        reverse("suggestion_dismiss", args=[suggestion.pk]), follow=True
    )
    assert messages(shown) == ["Put aside: app Undo"]
    assert "Nothing to suggest" in words(main_of(shown))
    mara_client.post(reverse("suggestion_restore", args=[suggestion.pk]))
    assert "The app is gone" in words(main_of(mara_client.get(page)))
    theme = a_theme("Mobile")
    join = reverse("suggestion_join", args=[suggestion.pk])
    assert mara_client.post(join, {"theme": "x"}).status_code == 302
    assert mara_client.post(join, {"theme": "99999"}).status_code == 404
    shown = mara_client.post(join, {"theme": theme.pk}, follow=True)
    assert messages(shown)[-1] == "3 comments are under “Mobile” now."
    assert len(under(theme)) == 3


def test_running_and_failed_are_said(mara_client: Client) -> None:
    page = reverse("theme_suggestions")
    assert "Not looked yet" in words(main_of(mara_client.get(page)))
    mara_client.post(reverse("suggestions_start"))
    assert "Comments are being compared." in words(main_of(mara_client.get(page)))
    SuggestionRun.objects.update(state="failed", reason="Out of memory.")
    assert "Out of memory." in words(main_of(mara_client.get(page)))


# --- Telling and departments ---------------------------------------------------------


def test_telling_from_the_page(
    mara_client: Client, theme: Theme, hers: Customer
) -> None:
    contact = hers.contacts.get()
    contact.email = "mara@example.net"
    contact.save()
    url = reverse("theme_tell", args=[theme.pk])
    assert mara_client.get(url).status_code == 302
    theme_state(
        theme=theme, state="resolved", resolution="Fixed.", by=BY, now=world.NOW
    )
    page = mara_client.get(url)
    assert "Mara Ionescu Brightwater" in part(page, "h-people")
    form = page.context["form"]
    typed = {bound.name: bound.value() for bound in form}
    assert len({typed[f"subject_{code}"] for code in ("en", "de", "ro")}) == 3
    assert mara_client.post(url, {**typed, "body_de": "{nonsense}"}).status_code == 422
    assert mara_client.post(url, typed).status_code == 422
    page = mara_client.post(url, {**typed, "contact": [contact.pk]}, follow=True)
    assert messages(page) == ["1 mail is on its way."]
    assert "Was told already" in part(mara_client.get(url), "h-people")
    timeline = mara_client.get(reverse("customer", args=[hers.pk])).content.decode()
    assert "Told what was done about a theme." in timeline


def test_departments(mara_client: Client) -> None:
    url = reverse("departments")
    assert "No department yet" in words(main_of(mara_client.get(url)))
    create = reverse("department_create")
    mara_client.post(create, {"name": "Product"})
    assert mara_client.post(create, {"name": "Product"}).status_code == 422
    department = Department.objects.get()
    add = reverse("member_add", args=[department.pk])
    kim = {"name": "Kim", "email": "kim@example.org", "language": "de"}
    assert mara_client.post(add, kim).status_code == 302
    assert mara_client.post(add, kim).status_code == 422
    assert mara_client.post(add, {**kim, "email": "x@"}).status_code == 422
    member = DepartmentMember.objects.get()
    url = reverse("member", args=[member.pk])
    assert "kim@example.org" in mara_client.get(url).content.decode()
    mara_client.post(url, {**kim, "name": "Kimberley"})
    member.refresh_from_db()
    assert member.name == "Kimberley"
    own = reverse("department", args=[department.pk])
    mara_client.post(own, {"name": "Product team"})
    page = words(main_of(mara_client.get(reverse("departments"))))
    assert (
        "Product team 0 themes Change : Product team Kimberley kim@example.org" in page
    )
    mara_client.post(reverse("member_delete", args=[member.pk]))
    assert "Nobody is in it yet." in words(main_of(mara_client.get(own)))
    delete = reverse("department_delete", args=[department.pk])
    assert "Delete the department Product team?" in words(
        main_of(mara_client.get(delete))
    )
    mara_client.post(delete)
    assert Department.objects.count() == 0


def test_departments_cost_the_same_however_many(mara_client: Client) -> None:
    counts = []
    for number in range(3):
        a_department(f"a{number}@example.org", name=f"D{number}")
        counts.append(queries(mara_client, reverse("departments")))
    assert counts[0] == counts[2]
