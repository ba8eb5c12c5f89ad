"""What a company without any customers is told: what to do, not that all is well."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company
from health.models import Run
from tests import world
from tests.pages import main_of, messages, part, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

PAGES = ["/", "/customers/", "/customers/healthiest/", "/portfolio/"]


@pytest.mark.parametrize("page", PAGES)
def test_pages_say_how_to_load_customers(
    page: str, admin_client: Client, company: Company
) -> None:
    before = words(main_of(admin_client.get(page)))
    assert "There are no customers yet Load them from CSV files" in before
    # A run that had nobody to score, as by the command, is no reason to praise the day.
    run = world.score()
    assert run.customers == 0
    assert words(main_of(admin_client.get(page))) == before


@pytest.mark.parametrize("page", PAGES[2:])
def test_before_the_first_run_leaders_see_how_far_it_is(
    page: str, admin_client: Client, ana_client: Client, company: Company
) -> None:
    world.make_customer()
    shown = main_of(admin_client.get(page))
    assert "No scores yet" in words(shown)
    assert f'href="{reverse("operations")}"' in shown
    assert reverse("operations") not in main_of(ana_client.get(page))


def test_nobody_to_score_starts_no_run(admin_client: Client, company: Company) -> None:
    page = admin_client.get(reverse("operations"))
    assert "Next nightly run – once there are customers" in words(main_of(page))
    done = admin_client.post(reverse("run_now"), follow=True)
    assert messages(done) == [
        "There is nobody to score yet. Load customers first: script/import FOLDER"
    ]
    assert not Run.objects.exists()
    assert "No run yet" in part(done, "h-runs")
