"""Numbers of cards: found however they are written, and nothing else is touched."""

import io
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.debug import ExceptionReporter
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import MACHINE
from accounts.models import AuditDetail, AuditEntry, User
from accounts.services.audit import audit_record
from common.cards import CardFilter, scrub, scrub_all, taken_since
from common.fields import FreeLine, FreeText
from customers.importing.values import Column, text_parser
from customers.models import Customer, Event, Interaction, Task
from customers.services.events import event_record
from tests import world

# Of every scheme, as the schemes print them for trying out; all pass the check digit.
NUMBERS = (
    "4242424242424242", "4111111111111111", "4012888888881881", "4000056655665556",
    "4222222222222", "4000000000000000006", "5555555555554444", "5105105105105100",
    "5200828282828210", "2223003122003222", "2720994326581252", "378282246310005",
    "371449635398431", "6011111111111117", "6011000990139424", "6445644564456445",
    "6510000000000133", "30569309025904", "38520000023237", "36227206271667",
    "3566002020360505", "3530111333300000", "6200000000000005", "6205500000000000004",
    "6759649826438453", "6304000000000000", "2200000000000004", "5018000000000009",
)  # fmt: skip


def grouped(number: str, sign: str, size: int = 4) -> str:
    return sign.join(number[at : at + size] for at in range(0, len(number), size))


# Forty, each written in another way.
PLANTED = (
    *NUMBERS,
    *(grouped(number, " ") for number in NUMBERS[:6]),
    *(grouped(number, "-") for number in NUMBERS[6:9]),
    grouped(NUMBERS[0], "  "),
    grouped(NUMBERS[1], "\u00a0"),
    grouped(NUMBERS[2], "%20"),
)


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def test_forty_numbers_are_planted() -> None:
    assert len(set(PLANTED)) == 40


@pytest.mark.parametrize("number", PLANTED)
@pytest.mark.parametrize(
    "words", ["{}", "Card {}, exp 12/27", "card={}&cvc=123", "({})."]
)
def test_only_the_last_four_digits_stay(number: str, words: str) -> None:
    plain = digits(number.replace("%20", " "))
    assert scrub(words.format(number)) == words.format(f"•••• {plain[-4:]}")


@pytest.mark.parametrize(
    "text",
    [
        "+49 170 1234567", "+1 (555) 010-9999", "0049 30 901820", "Tel. 4915112345678",
        "phone: 4222222222222", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000",
        "GB29 NWBK 6016 1331 9268 19", "RO49 AAAA 1B31 0075 9384 0000",
        "4242424242424243", "0000000000000000", "4444444444444444", "1763842900123456",
        "cus_4242424242424242", "in-voice_4111111111111111x", "42424242424242424242424",
        "550e8400-e29b-41d4-a716-446655440000", "2026-11-22 20:15:30.123456",
        "12345678901234", "1,234,567,890,123.00", "9999999999999995",
    ],
)  # fmt: skip
def test_what_is_no_card_stays(text: str) -> None:
    assert scrub(text) == text


@given(st.text(alphabet="abcdefghij .,:;\n0123456789-", max_size=200))
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


@given(
    st.sampled_from(NUMBERS),
    st.sampled_from(["", " ", "-", "."]),
    st.text(alphabet="abcxyz ,\n", max_size=30),
    st.text(alphabet="abcxyz ,\n", max_size=30),
)
def test_a_number_is_found_in_any_words(
    number: str, sign: str, before: str, after: str
) -> None:
    text = f"{before} {grouped(number, sign)} {after}"
    assert digits(scrub(text)) == number[-4:]


@given(st.from_regex(r"\+[1-9][0-9]{0,2}( ?[0-9]{2,4}){2,3}", fullmatch=True))
def test_a_phone_number_with_its_plus_stays(number: str) -> None:
    assert scrub(number) == number


@given(st.integers(min_value=0, max_value=10**10), st.uuids())
def test_our_own_ids_stay(number: int, key: Any) -> None:
    text = f"/customers/{number}/ {key} {key.hex}"
    assert scrub(text) == text


def test_somebody_is_told_once() -> None:
    taken_since()
    scrub(NUMBERS[0])
    assert taken_since() is True
    assert taken_since() is False
    scrub_all({"text": NUMBERS[0]})
    scrub("nothing of the kind")
    assert taken_since() is False


def test_what_is_kept_in_objects_is_scrubbed_but_for_ids() -> None:
    told = {
        "words": ["card 4242424242424242"],
        "external_id": "4242424242424242",
        "n": 1,
    }
    assert scrub_all(told) == {
        "words": ["card •••• 4242"],
        "external_id": "4242424242424242",
        "n": 1,
    }


# Logs and reports


@pytest.fixture
def heard() -> tuple[logging.Logger, io.StringIO]:
    """A logger with the handler of the settings, writing where we can read it."""
    config = settings.LOGGING
    assert {
        name
        for name, one in config["handlers"].items()
        if "cards" not in one["filters"]
    } == set()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter(config["formatters"]["line"]["format"]))
    handler.addFilter(import_string(config["filters"]["cards"]["()"])())
    logger = logging.Logger("keepwell.cards")  # noqa: LOG001 - of this test only
    logger.addHandler(handler)
    return logger, stream


@pytest.mark.parametrize("number", PLANTED)
def test_no_number_is_logged(
    heard: tuple[logging.Logger, io.StringIO], number: str
) -> None:
    logger, stream = heard
    logger.warning("Somebody typed %s.", number)
    logger.warning(f"Somebody typed {number}.")  # noqa: G004
    try:
        int(f"?{number}")
    except ValueError:
        logger.exception("It failed.", stack_info=True)
    told = stream.getvalue()
    plain = digits(number.replace("%20", " "))
    assert "ValueError" in told
    assert told.count(f"•••• {plain[-4:]}") == 3
    assert number not in told


def test_every_logger_of_ours_goes_through_the_filter() -> None:
    root = logging.getLogger()
    assert [
        type(one)
        for handler in root.handlers
        if type(handler) is logging.StreamHandler
        for one in handler.filters
        if isinstance(one, CardFilter)
    ] == [CardFilter]
    for name in ("django", "django.server", "django.request", "celery", "keepwell"):
        logger = logging.getLogger(name)
        heard = [h for h in logger.handlers if not isinstance(h, logging.NullHandler)]
        assert (name, heard, logger.propagate) == (name, [], True)


def test_a_report_of_an_error_holds_no_number() -> None:
    def fails(request: HttpRequest) -> None:
        typed = request.POST["note"]
        raise ValueError(typed)

    request = RequestFactory().post("/", {"note": NUMBERS[0], "other": "kept"})
    try:
        fails(request)
    except ValueError as error:
        report = ExceptionReporter(
            request, ValueError, ValueError(""), error.__traceback__
        )
    told = report.get_traceback_text() + report.get_traceback_html()
    assert "kept" in told
    assert "•••• 4242" in told
    assert NUMBERS[0] not in told


# What is written down

# Fields that hold no words of anybody's: names, addresses, keys, words of our own.
WORDLESS = {
    "accounts", "auth", "contenttypes", "sessions", "account", "mfa", "axes", "admin",
}  # fmt: skip
OWN_WORDS = {
    "reason", "trouble", "secrets", "words", "digest", "folder", "config",
}  # fmt: skip


def free_fields() -> list[Any]:
    """This will list the fields of all models in which people write freely."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FreeText | FreeLine)
    ]


def test_whoever_adds_a_long_text_says_whether_people_write_in_it() -> None:
    """A field without a bound is free text, or named here with the reason."""
    bare = sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label not in WORDLESS
        for field in model._meta.local_fields
        if type(field) is models.TextField and field.name not in OWN_WORDS
    )
    assert bare == []


@pytest.mark.django_db
class TestWritten:
    """With rows."""

    @pytest.fixture(autouse=True)
    def here(self, company: Any) -> None:
        taken_since()

    def test_forty_numbers_in_notes(self, ana: User) -> None:
        customer = world.make_customer("House of Ana", owner=ana)
        for number in PLANTED:
            self.plant(number, customer)

    def plant(self, number: str, customer: Customer) -> None:
        words = f"They gave me {number} on the phone."
        clean = scrub(words)
        assert clean != words
        customer.needs = words
        customer.save()
        assert customer.needs == clean
        Customer.objects.filter(pk=customer.pk).update(needs=words)
        [task] = Task.objects.bulk_create(
            [Task(customer=customer, title=words, created_at=world.NOW)]
        )
        assert task.title == clean
        event_record(
            customer=customer, kind="x", happened_at=world.NOW, now=world.NOW,
            data={"words": words},
        )  # fmt: skip
        audit_record(
            by=MACHINE, action="x.y", now=world.NOW, after={"note": words},
            personal={"note": words},
        )  # fmt: skip
        assert list(Customer.objects.values_list("needs", flat=True)) == [clean]
        assert Task.objects.latest("id").title == clean
        assert Event.objects.latest("id").data == {"words": clean}
        assert AuditEntry.objects.latest("number").after == {"note": clean}
        assert number not in str(AuditDetail.objects.values_list().latest("pk"))

    def test_the_person_is_told(self, ana: User, ana_client: Client) -> None:
        customer = world.make_customer("House of Ana", owner=ana)
        url = f"/customers/{customer.pk}/interactions/"
        response = ana_client.post(
            url,
            {
                "kind": "note",
                "summary": "Paid with 4242 4242 4242 4242",
                "happened_on": timezone.localdate().isoformat(),
            },
            follow=True,
        )
        assert Interaction.objects.get().summary == "Paid with •••• 4242"
        page = response.content.decode()
        assert "A number that looks like a card’s was taken out" in page
        assert "4242 4242" not in page

    def test_an_external_id_is_left_alone(self) -> None:
        customer = world.make_customer("House of Ana", external_id="4242424242424242")
        customer.refresh_from_db()
        assert customer.external_id == "4242424242424242"


@pytest.mark.parametrize("number", PLANTED)
@pytest.mark.parametrize(
    ("name", "wanted"),
    [("comment", scrub), ("subject", scrub), ("customer_id", str), ("id", str)],
)
def test_imports_clean_texts_and_keep_ids(
    number: str, name: str, wanted: Callable[[str], str]
) -> None:
    assert text_parser(Column(name))(number) == wanted(number)
