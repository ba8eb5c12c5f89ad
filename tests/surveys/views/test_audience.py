"""The page "Who is asked"."""

import re

import pytest
from django.test import Client

from accounts.models import Company, User
from common.templatetags.ui import day_long
from surveys.models import Survey
from surveys.selectors import audience_page
from tests import pages, world
from tests.surveys.sending import DAY, ask, make_survey, somebody
from tests.world import NOW, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company", "at_noon")]
at_noon = pages.at_noon


def url(survey: Survey, query: str = "") -> str:
    return f"/surveys/{survey.pk}/audience/{query}"


def text(client: Client, survey: Survey, query: str = "") -> str:
    return pages.words(pages.main_of(client.get(url(survey, query))))


def test_who_would_be_asked_and_who_not_and_why(admin_client: Client) -> None:
    customer = world.make_customer("Brightwater")
    main = somebody("Main One", customer=customer, title="CEO")
    world.invite(customer, contact=main, created_at=NOW - 9 * DAY)
    somebody("Next One", customer=customer)
    somebody("Last One", customer=customer)
    survey = make_survey()
    response = admin_client.get(url(survey))
    assert response.status_code == 200
    assert pages.rows(response) == [
        "Main One CEO Brightwater was asked on 21 Jun by “Asked”",
        "Next One Brightwater would be asked",
        "Last One Brightwater Enough others of the customer are asked",
    ]
    today = pages.part(response, "h-today")
    assert "1 person would be asked." in today
    assert "Everybody 3 Asked 1 Asked lately 1 Enough others 1" in today
    assert "The mails go out in the recipients’ working hours." in today


def test_a_reason_shows_its_contacts_only(admin_client: Client) -> None:
    somebody("Fine")
    somebody("Blank", email="")
    survey = make_survey()
    asked = admin_client.get(url(survey, "?reason=asked"))
    assert [row.split()[0] for row in pages.rows(asked)] == ["Fine"]
    blank = admin_client.get(url(survey, "?reason=no_address"))
    assert [row.split()[0] for row in pages.rows(blank)] == ["Blank"]
    assert "Nobody here" in text(admin_client, survey, "?reason=dead")
    for nonsense in (
        "?reason=%00",
        "?reason=none",
        "?page=-1",
        "?page=99999",
        "?q=%00",
    ):
        assert len(pages.rows(admin_client.get(url(survey, nonsense)))) == 2


def test_pages_hold_twenty(admin_client: Client) -> None:
    for number in range(audience_page.ON_A_PAGE + 1):
        somebody(f"P{number:02}")
    survey = make_survey()
    first = admin_client.get(url(survey))
    assert len(pages.rows(first)) == 20
    assert "page=1" in first.content.decode()
    second = admin_client.get(url(survey, "?page=1"))
    assert len(pages.rows(second)) == 1
    assert 'rel="prev"' in second.content.decode()
    assert 'rel="next"' not in second.content.decode()


def test_only_so_many_are_judged_and_the_page_says_so(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience_page, "JUDGED", 2)
    for number in range(3):
        somebody(f"P{number}")
    words = text(admin_client, make_survey())
    assert "2 people would be asked." in words
    assert "That is of the first 2 customers; it is the turn of 3." in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "draft"}, "The survey is a draft: nobody is asked before"),
        ({"state": "paused"}, "The survey is paused: nobody is asked until"),
        ({"starts_on": TODAY + 3 * DAY}, "On the first day, 3 Jul"),
        ({"state": "closed"}, "This survey is closed"),
        ({"asked_on": TODAY}, "Nobody is left to ask"),
        ({"asked_on": TODAY, "schedule": "renewal"}, "Done for today"),
        ({"segments": ["none"]}, "It is nobody’s turn"),
        (
            {"schedule": "event", "trigger": "ticket_resolved"},
            "Nothing has happened that it asks about",
        ),
        ({"trouble": "Nobody wrote a word."}, "Nobody wrote a word."),
    ],
)
def test_every_state_says_what_it_means(
    admin_client: Client, fields: dict[str, object], words: str
) -> None:
    somebody()
    assert words in text(admin_client, make_survey(**fields))


def test_what_was_so_far_is_counted_by_reason(admin_client: Client) -> None:
    survey = make_survey()
    assert "Nobody has had their turn yet." in text(admin_client, survey)
    somebody("Fine")
    somebody("Blank", email="")
    somebody("Empty", email="")
    ask(survey)
    so_far = pages.part(admin_client.get(url(survey)), "h-so-far")
    assert "Asked 1 No address 2" in so_far


def every() -> Survey:
    return make_survey(schedule="every", every_days=28, starts_on=TODAY)


def test_the_next_30_days_are_drawn_and_told(admin_client: Client) -> None:
    for number in range(20):
        somebody(f"P{number}")
    response = admin_client.get(url(every()))
    html = pages.main_of(response)
    # 28 days hold everybody once; two more begin the next round.
    found = re.search(r'<span class="figure">(\d+)</span>', html)
    assert found
    assert 20 <= int(found[1]) <= 24
    assert 'class="column' in html


def test_a_renewal_and_a_one_off_are_foreseen(admin_client: Client) -> None:
    customer = somebody().customer
    world.subscribe(customer, renews_on=TODAY + 130 * DAY)
    renewal = make_survey(schedule="renewal", days_before=120)
    html = pages.main_of(admin_client.get(url(renewal)))
    assert "customer has its turn within 30 days" in html
    assert "10 July 2026" in html
    later = make_survey(starts_on=TODAY + 2 * DAY)
    assert "2 July" in pages.main_of(admin_client.get(url(later)))
    never = make_survey(starts_on=TODAY + 40 * DAY)
    assert "Nobody’s turn comes within 30 days" in text(admin_client, never)


def test_an_event_can_not_be_foreseen(admin_client: Client) -> None:
    survey = make_survey(schedule="event", trigger="ticket_resolved")
    assert "there is nothing to count ahead" in text(admin_client, survey)


def test_a_customers_own_date_is_found_by_name(admin_client: Client) -> None:
    inside = somebody(customer=world.make_customer("Brightwater")).customer
    world.make_customer("Bright and empty")
    somebody(customer=world.make_customer("Kestrel"))
    survey = every()
    answer = pages.part(admin_client.get(url(survey, "?q=bright")), "h-next")
    assert "Bright and empty is not asked" in answer
    assert "Kestrel" not in answer
    found = re.search(r"Brightwater (\d+ \w+ 2026)", answer)
    assert found, answer
    # On that day, and on no day before, the customer is asked.
    asked_on = None
    for ahead in range(28):
        ask(survey, now=NOW + ahead * DAY)
        if survey.invitations.filter(customer=inside).exists():
            asked_on = TODAY + ahead * DAY
            break
    assert asked_on
    assert found[1] == day_long(asked_on)
    assert "No customer is called that." in text(admin_client, survey, "?q=zzz")
    # Others have no days of their own, so there is nothing to find.
    assert "Find a customer" not in text(admin_client, make_survey())


def test_after_its_turn_the_next_round_is_told(admin_client: Client) -> None:
    customer = somebody(customer=world.make_customer("Brightwater")).customer
    survey = every()
    for ahead in range(28):
        ask(survey, now=NOW + ahead * DAY)
    assert survey.invitations.get().customer == customer
    answer = pages.part(admin_client.get(url(survey, "?q=bright")), "h-next")
    second_round = {day_long(TODAY + ahead * DAY) for ahead in range(28, 56)}
    assert answer.removeprefix("When is it whose turn? Brightwater ") in second_round


def test_managers_may_look_and_others_may_not(
    mara_client: Client, ana_client: Client, viewer_client: Client
) -> None:
    survey = make_survey()
    somebody()
    assert mara_client.get(url(survey)).status_code == 200
    assert ana_client.get(url(survey)).status_code == 403
    assert viewer_client.get(url(survey)).status_code == 403


def test_there_is_no_such_page_for_what_was_asked_elsewhere(
    admin_client: Client,
) -> None:
    assert admin_client.get(url(make_survey(state="imported"))).status_code == 404
    assert admin_client.get("/surveys/999999/audience/").status_code == 404


def test_names_are_only_those_that_a_person_sees(ana: User, charlie: User) -> None:
    mine = somebody("Mine", customer=world.make_customer(owner=ana))
    somebody("Secret", customer=world.make_customer(owner=charlie))
    survey = make_survey()
    preview = audience_page.audience_preview(survey, _day())
    page = preview.page(user=ana, drop=None, number=0)
    assert [one.contact for one in page.verdicts] == [mine]
    assert preview.asked == 2


def _day() -> audience_page.Day:
    from surveys.selectors.turns import day_of

    return day_of(NOW)


@pytest.mark.parametrize("schedule", ["once", "every", "renewal"])
def test_as_many_queries_for_three_as_for_one(
    company: Company, admin_client: Client, schedule: str
) -> None:
    # Everybody's day is today, the only one on which we work.
    company.working_days = [TODAY.isoweekday()]
    company.save()
    survey = make_survey(schedule=schedule, every_days=7, starts_on=TODAY)

    def add(name: str) -> None:
        customer = somebody(
            name, customer=world.make_customer(f"Named {name}")
        ).customer
        world.subscribe(customer, renews_on=TODAY + 100 * DAY)
        world.person(customer, "Blank", is_primary=False)

    add("One")
    one = pages.queries(admin_client, url(survey, "?q=named"))
    add("Two")
    add("Three")
    assert pages.queries(admin_client, url(survey, "?q=named")) == one


def test_markup_in_a_name_is_no_markup(admin_client: Client) -> None:
    evil = "<script>alert(1)</script>"
    customer = world.make_customer(evil)
    asked = somebody(evil, customer=customer, title=evil)
    world.invite(customer, contact=asked, created_at=NOW - DAY)
    Survey.objects.update(name=evil)
    survey = make_survey(evil, schedule="every", every_days=7, trouble=evil)
    for ahead in range(7):
        survey.starts_on = TODAY - ahead * DAY
        survey.save()
        html = admin_client.get(url(survey, "?q=script")).content.decode()
        assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_companies_far_away_have_their_own_today(
    company: Company, admin_client: Client
) -> None:
    company.time_zone = "Pacific/Kiritimati"
    company.save()
    somebody()
    survey = make_survey(starts_on=TODAY + DAY)
    # There it is the first of July already.
    assert "1 person would be asked." in pages.part(
        admin_client.get(url(survey)), "h-today"
    )
