"""The personal digest: at one's own hour, once, and silent when there is nothing."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Company, Holiday, User
from common.mailing import MailIsPointless
from insights.services.digests import digests_queue
from mail.models import OutboxMessage
from mail.rendering import message_render
from tests import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
BUCHAREST = ZoneInfo("Europe/Bucharest")
# A Tuesday.
SEVEN = dt.datetime(2026, 6, 30, 7, 0, tzinfo=BUCHAREST)


@pytest.fixture
def reader(company: Company, ana: User) -> User:
    User.objects.filter(pk=ana.pk).update(
        digest="daily", time_zone="Europe/Bucharest", language="en"
    )
    ana.refresh_from_db()
    return ana


def keys() -> list[str]:
    return list(
        OutboxMessage.objects.order_by("id").values_list("effect_key", flat=True)
    )


def test_nobody_gets_what_they_did_not_ask_for(company: Company, ana: User) -> None:
    assert digests_queue(now=SEVEN) == 0
    assert keys() == []


def test_a_digest_comes_at_the_persons_own_hour_and_once(reader: User) -> None:
    assert digests_queue(now=SEVEN - dt.timedelta(minutes=1)) == 0
    assert digests_queue(now=SEVEN) == 1
    assert digests_queue(now=SEVEN) == 0
    assert digests_queue(now=SEVEN + dt.timedelta(hours=9)) == 0
    assert keys() == [f"insights.digest:{reader.pk}:2026-06-30"]


def test_somebody_further_west_is_asked_later(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(time_zone="America/New_York")
    assert digests_queue(now=SEVEN) == 0
    assert digests_queue(now=SEVEN + dt.timedelta(hours=7)) == 1


def test_after_half_a_day_of_silence_it_is_left_out(reader: User) -> None:
    assert digests_queue(now=SEVEN + dt.timedelta(hours=11, minutes=59)) == 1
    OutboxMessage.objects.all().delete()
    assert digests_queue(now=SEVEN + dt.timedelta(hours=12)) == 0


def test_no_daily_digest_on_days_off(reader: User) -> None:
    saturday = SEVEN + dt.timedelta(days=4)
    assert saturday.isoweekday() == 6
    assert digests_queue(now=saturday) == 0
    Holiday.objects.create(day=dt.date(2026, 6, 30), name="Day off")
    assert digests_queue(now=SEVEN) == 0


def test_the_weekly_one_comes_on_its_weekday(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(digest="weekly", digest_weekday=3)
    assert digests_queue(now=SEVEN) == 0
    assert digests_queue(now=SEVEN + dt.timedelta(days=1)) == 1
    assert keys() == [f"insights.digest:{reader.pk}:2026-07-01"]


def test_people_who_left_get_none(reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert digests_queue(now=SEVEN) == 0


def test_it_tells_of_ones_own_customers_only(
    reader: User, charlie: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.never_late()
    world.failing_customer("Mine in trouble", owner=reader)
    world.failing_customer("Somebody else’s secret", owner=charlie)
    world.score()
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    digests_queue(now=SEVEN)
    mail = message_render(OutboxMessage.objects.get())
    for part in (mail.html, mail.text):
        assert "Mine in trouble" in part
        assert "secret" not in part
    assert mail.subject == "1 customer needs you"
    assert "1 of your customers needs you." in mail.text
    assert len(mail.html.encode()) < 40_000


def test_an_answer_leads_to_its_page(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    customer = world.make_customer("Brightwater", owner=reader)
    answer = world.answer(customer, days=3, score=2, comment="Exports break.")
    digests_queue(now=SEVEN)
    mail = message_render(OutboxMessage.objects.get())
    assert "Brightwater, 2: Exports break." in mail.text
    assert f"/surveys/answers/{answer.pk}/\n" in mail.text


def test_with_nothing_to_say_it_is_dropped(reader: User, charlie: User) -> None:
    world.failing_customer("Somebody else’s", owner=charlie)
    world.score()
    digests_queue(now=SEVEN)
    with pytest.raises(MailIsPointless, match=r"There was nothing to tell\."):
        message_render(OutboxMessage.objects.get())


def test_asking_costs_the_same_for_one_reader_and_for_three(
    reader: User, django_assert_num_queries: object
) -> None:
    for number in range(2):
        other = world.make_user(f"reader{number}@example.org", name=f"R {number}")
        User.objects.filter(pk=other.pk).update(digest="daily")
    digests_queue(now=SEVEN)
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert digests_queue(now=SEVEN + dt.timedelta(minutes=1)) == 0
