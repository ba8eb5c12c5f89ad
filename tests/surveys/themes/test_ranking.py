"""How many raise a theme, who they are, and the revenue behind them."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, User
from surveys.models import Mention, ThemeNote
from surveys.selectors.themes import BY_REVENUE, ThemeLine, themes_ranked
from surveys.services.mentions import mention_add
from tests import world
from tests.surveys.themes.people import BY, a_theme, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]


def ranked(user: User, *, days: int = 90, by: str = "people") -> dict[str, ThemeLine]:
    lines = themes_ranked(user=user, days=days, by=by, now=world.NOW, today=world.TODAY)
    return {line.theme.name: line for line in lines}


def test_people_customers_and_revenue_count_once(mara: User) -> None:
    big, small = world.make_customer("Big"), world.make_customer("Small")
    poor = world.make_customer("Poor")
    world.subscribe(big, mrr="2000")
    world.subscribe(small, mrr="50")
    boss, clerk = world.person(big), world.person(big, "Ion", is_primary=False)
    said(big, "export a", score=2, contact=boss)
    said(big, "export b", score=9, contact=boss, days=9)
    said(big, "export c", score=7, contact=clerk)
    said(small, "export d", score=10)
    said(small, "export e", score=10)
    world.say(poor, "export f")
    theme = a_theme("Export", "export")
    a_theme("Nobody")
    [line, none] = ranked(mara).values()
    assert line.theme == theme
    assert (line.people, line.comments, line.customers) == (4, 6, 3)
    assert (line.revenue, line.unknown) == (Decimal(2050), 1)
    groups = (line.detractors, line.passives, line.promoters, line.unasked)
    assert groups == (1, 1, 1, 1)
    assert (none.people, none.revenue, none.unknown) == (0, 0, 0)


def test_order(mara: User) -> None:
    rich, poor, other = (world.make_customer() for _ in range(3))
    world.subscribe(rich, mrr="900")
    said(rich, "slow")
    said(poor, "price")
    said(other, "price")
    for word in ("Slow", "Price", "Zero"):
        a_theme(word, word)
    assert list(ranked(mara)) == ["Price", "Slow", "Zero"]
    assert list(ranked(mara, by=BY_REVENUE)) == ["Slow", "Price", "Zero"]


def test_periods_and_change(mara: User) -> None:
    for number in range(8):
        said(world.make_customer(), "export", days=10 + number)
        said(world.make_customer(), "fine", days=100 + number)
    said(world.make_customer(), "export", days=100)
    said(world.make_customer(), "export", days=300)
    a_theme("Export", "export")
    line = ranked(mara)["Export"]
    assert (line.people, line.before, line.change) == (8, 1, "more")
    line = ranked(mara, days=365)["Export"]
    assert (line.people, line.before, line.change) == (10, 0, "unknown")


def test_what_a_machine_answered_or_a_person_took_out_does_not_count(
    mara: User,
) -> None:
    customer = world.make_customer()
    said(customer, "export machine", counted=False)
    said(world.make_customer(), "export out")
    a_theme("Export", "export")
    Mention.objects.filter(response__counted=True).update(removed=True)
    assert ranked(mara)["Export"].people == 0


def test_a_csm_counts_own_customers_only(ana: User, charlie: User, mara: User) -> None:
    hers = world.make_customer("Hers", owner=ana)
    his = world.make_customer("His", owner=charlie)
    for customer, mrr in ((hers, "100"), (his, "5000")):
        world.subscribe(customer, mrr=mrr)
        said(customer, "export")
    theme = a_theme("Export", "export")
    ThemeNote.objects.create(theme=theme, text="x", done=True, created_at=world.NOW)
    figures = {
        user.name: (line.people, line.revenue)
        for user in (ana, charlie, mara)
        for line in ranked(user).values()
    }
    assert figures == {
        "Ana Popescu": (1, Decimal(100)),
        "Charlie Moss": (1, Decimal(5000)),
        "Mara Lindqvist": (2, Decimal(5100)),
    }
    assert ranked(ana)["Export"].said_done


def test_the_own_score_where_no_contact_is_known(mara: User) -> None:
    said(world.make_customer(), "export", score=8)
    said(world.make_customer(), "export", score=5, kind="csat")
    a_theme("Export", "export")
    line = ranked(mara)["Export"]
    assert (line.passives, line.unasked) == (1, 1)


def test_queries_do_not_grow(mara: User, company: Company) -> None:
    counts = []
    for number in range(3):
        customer = world.make_customer()
        world.subscribe(customer)
        answer = said(customer, f"word{number}", contact=world.person(customer))
        mention_add(theme=a_theme(f"T{number}"), comment=answer, by=BY, now=world.NOW)
        with CaptureQueriesContext(connection) as captured:
            ranked(mara)
        counts.append(len(captured))
    assert counts[0] == counts[2]
