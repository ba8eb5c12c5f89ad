"""What the mail server is given: every header once, and none that a name has smuggled."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from accounts.models import Company, User
from common.links import link_token
from customers.models import Contact
from mail.calculations.lines import clean_line
from mail.models import OutboxMessage, Sender
from mail.rendering import frame_load, message_email
from tests import world
from tests.mail.kinds import KIND
from tests.mail.rows import make_message, plain
from tests.mail.test_rendering import letter

SERVICE = [
    "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
    "Auto-Submitted", "X-Auto-Response-Suppress", "Feedback-ID",
]  # fmt: skip
# Letters that end lines, begin others, or are read in two ways.
NASTY = st.text(
    st.one_of(
        st.sampled_from(
            "\r\n\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\t :;,<>\"'\\()@=?_"
        ),
        st.characters(codec="utf-8"),
    ),
    max_size=120,
)
PREFIXES = st.sampled_from(
    [
        "",
        "Ana\r\nBcc: x@evil.example",
        "a\n\nbody",
        "=?utf-8?q?=0D=0ABcc:x?=",
        "A, B <c@d>",
    ]
)


@pytest.fixture(autouse=True)
def our_company(company: Company, settings: Settings) -> Company:
    settings.MAIL_KINDS = [*settings.MAIL_KINDS, KIND]
    company.base_url = "https://keepwell.example"
    company.save()
    return company


@pytest.fixture
def contact(ana: User) -> Contact:
    customer = world.make_customer("Brightwater", owner=ana)
    return world.person(customer, "Mara Ionescu", email="mara@brightwater.example")


def sent(message: OutboxMessage) -> EmailMessage:
    """This will read the mail back the way a mail program does."""
    raw = message_email(message).message().as_bytes(linesep="\r\n")
    read = message_from_bytes(raw, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def question(contact: Contact, **fields: object) -> OutboxMessage:
    return make_message(
        contact.email,
        kind="test.question",
        category="survey",
        contact=contact,
        customer=contact.customer,
        data={"subject": "How likely?", "contact_id": contact.pk},
        to_name=contact.name,
        **fields,
    )


def test_service_mail_has_these_headers_and_no_others(ana: User) -> None:
    message = make_message(ana.email, kind="mail.test", user=ana, to_name="Ana Popescu")
    mail = sent(message)
    assert mail.keys() == SERVICE
    assert mail["Subject"] == "Mail from Keepwell arrives"
    assert mail["From"] == "Fleetlane <noreply@keepwell.example>"
    assert mail["To"] == "Ana Popescu <ana@example.org>"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Feedback-ID"] == "0:mail-test:service:keepwell.example"
    assert parsedate_to_datetime(mail["Date"]) is not None
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_mail_to_a_contact_can_be_stopped_with_one_click(contact: Contact) -> None:
    message = question(contact)
    mail = sent(message)
    token = link_token("mail.unsubscribe", message.pk)
    more = ["Reply-To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]
    assert sorted(mail.keys()) == sorted([*SERVICE, *more])
    assert mail["Reply-To"] == "Ana Popescu <ana@example.org>"
    assert mail["List-Id"] == "<survey.keepwell.example>"
    assert mail["List-Unsubscribe"] == (
        f"<https://keepwell.example/u/{token}>,"
        f" <mailto:noreply@keepwell.example?subject=unsubscribe%20{token}>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_address_to_stop_it_stands_in_one_line(contact: Contact) -> None:
    message = question(contact)
    raw = message_email(message).message().as_bytes(linesep="\r\n")
    token = link_token("mail.unsubscribe", message.pk)
    line = f"\r\nList-Unsubscribe: <https://keepwell.example/u/{token}>,"
    assert line.encode() in raw


def test_a_sender_and_a_thread_are_respected(contact: Contact) -> None:
    sender = Sender.objects.create(
        name="Ana at Fleetlane",
        email="ana@fleetlane.example",
        reply_to="cs@fleetlane.example",
    )
    message = question(contact, sender=sender, in_reply_to="first@keepwell.example")
    message.message_id = "bare@keepwell.example"
    mail = sent(message)
    assert mail["From"] == "Ana at Fleetlane <ana@fleetlane.example>"
    assert mail["Reply-To"] == "Ana Popescu <ana@example.org>"
    assert mail["Message-ID"] == "<bare@keepwell.example>"
    assert mail["In-Reply-To"] == "<first@keepwell.example>"
    assert mail["References"] == "<first@keepwell.example>"
    assert "mailto:cs@fleetlane.example?" in mail["List-Unsubscribe"]


def test_answers_go_elsewhere_when_the_owner_has_gone(
    contact: Contact, ana: User
) -> None:
    Sender.objects.create(
        name="Us", email="us@fleetlane.example", reply_to="cs@fleetlane.example",
        is_default=True,
    )  # fmt: skip
    ana.is_active = False
    ana.save()
    mail = sent(question(contact))
    assert mail["From"] == "Us <us@fleetlane.example>"
    assert mail["Reply-To"] == "cs@fleetlane.example"


def test_a_persons_own_letter_is_not_called_a_machines(
    contact: Contact, ana: User
) -> None:
    by_hand = sent(letter(contact, "Hello", author=ana))
    by_machine = sent(letter(contact, "Hello"))
    assert by_hand["Auto-Submitted"] is None
    assert by_machine["Auto-Submitted"] == "auto-generated"


def test_domains_beyond_ascii_are_written_for_servers(ana: User) -> None:
    message = make_message("ana@bücher.example", kind="mail.test", to_name="Ană")
    raw = message_email(message).message().as_bytes()
    assert b"<ana@xn--bcher-kva.example>" in raw
    assert sent(message)["To"].addresses[0].display_name == "Ană"


def test_no_line_is_too_long_for_a_server(contact: Contact) -> None:
    message = letter(contact, f"{'ă' * 3000} https://a.example/{'x' * 2000}")
    raw = message_email(message).message().as_bytes(linesep="\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(prefix=PREFIXES, name=NASTY, subject=NASTY)
def test_no_name_adds_a_header(
    our_company: Company, prefix: str, name: str, subject: str
) -> None:
    message = OutboxMessage(
        kind="test.question",
        category="service",
        data={"subject": prefix + subject, "text": "Hello"},
        to_email="mara@brightwater.example",
        to_name=prefix + name,
        language="en",
        message_id="<1@keepwell.example>",
    )
    frame = frame_load()
    raw = message_email(message, frame=frame).message().as_bytes(linesep="\r\n")
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail.keys() == SERVICE
    # A long one begins on the line after its name, which leaves the space.
    assert mail["Subject"].strip() == clean_line(prefix + subject)
    (to,), shown = mail["To"].addresses, clean_line(prefix + name, 100)
    assert to.addr_spec == "mara@brightwater.example"
    # Python 3.11 reads a space between two encoded words that belong together.
    assert to.display_name.replace(" ", "") == shown.replace(" ", "")


def test_plain_words_are_a_mail_as_well(ana: User) -> None:
    mail = sent(make_message(ana.email, data=plain("Hi\r\nBcc: x@y.example", "Text")))
    assert mail.keys() == SERVICE
    assert mail["Subject"] == "Hi Bcc: x@y.example"
