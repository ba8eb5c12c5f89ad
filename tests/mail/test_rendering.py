"""What a reader sees: language, look, size, words without HTML, closed links."""

import re
from html.parser import HTMLParser

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Company, User
from common.links import link_token
from customers.models import Contact
from mail.enums import MessageState
from mail.models import OutboxMessage, Template, TemplateVersion
from mail.rendering import Frame, RenderedMail, frame_load, message_render
from tests import world
from tests.mail.payloads import PAYLOADS
from tests.mail.rows import make_message, plain
from tests.pages import words

BASE = "https://keepwell.example"
LARGEST = 40 * 1024


@pytest.fixture
def our_company(company: Company) -> Company:
    company.base_url = f"{BASE}/"
    company.accent = "#7b1fa2"
    company.save()
    return company


@pytest.fixture
def contact(our_company: Company, ana: User) -> Contact:
    customer = world.make_customer("Brightwater", owner=ana)
    return world.person(
        customer, "Mara Ionescu", email="mara@brightwater.example", title="CFO"
    )


def version_of(texts: dict[str, dict[str, str]]) -> TemplateVersion:
    template = Template.objects.create(
        name=f"Template {TemplateVersion.objects.count()}"
    )
    return TemplateVersion.objects.create(
        template=template, number=1, texts=texts, created_at=world.NOW
    )


def letter(
    contact: Contact, body: str, *, subject: str = "Hello", **fields: object
) -> OutboxMessage:
    version = version_of({"en": {"subject": subject, "body": body}})
    return make_message(
        contact.email,
        kind="mail.letter",
        category="news",
        contact=contact,
        customer=contact.customer,
        data={"version_id": version.pk, "contact_id": contact.pk},
        **fields,
    )


class Tags(HTMLParser):
    """Every tag with its attributes, and the addresses of links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.styles: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        for name in (given.get("class") or "").split():
            self.styles.setdefault(name, []).append(given.get("style") or "")
        if given.get("href"):
            self.links.append(str(given["href"]))


def test_a_letter_is_filled_in_html_and_in_text(contact: Contact) -> None:
    body = (
        "Hello {contact.first_name},\n\nyour **{contact.title|colleague}** plan at"
        " {customer.name}.\n\n- one\n- two\n\n[Book](https://book.example/x)\n\n"
        "{owner.name}, {company.name}"
    )
    made = message_render(letter(contact, body, subject="For {contact.name}"))
    assert made.subject == "For Mara Ionescu"
    content = words(made.html[made.html.index("<body") :])
    unsubscribe = Tags(made.html).links[-1]
    assert content == (
        "F Fleetlane Hello Mara, your CFO plan at Brightwater. one two Book"
        " Ana Popescu, Fleetlane You get this because you are a contact of Fleetlane at"
        " Brightwater. Stop mails like this Fleetlane"
    )
    # Where the last line is broken depends on how long the link happens to be.
    assert made.text.replace("this:\n", "this: ") == (
        "Hello Mara,\n\nyour CFO plan at Brightwater.\n\n- one\n- two\n\n"
        "Book: https://book.example/x\n\nAna Popescu, Fleetlane\n\n-- \n"
        "You get this because you are a contact of Fleetlane at Brightwater.\n"
        f"Stop mails like this: {unsubscribe}\nFleetlane\n"
    )


def test_html_is_tables_without_images_scripts_and_forms(contact: Contact) -> None:
    made = message_render(letter(contact, "Hello\n\n[Book](https://book.example/x)"))
    tags = Tags(made.html)
    assert set(tags.tags) == {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr",
        "td", "p", "a", "br",
    }  # fmt: skip
    assert "url(" not in made.html
    assert "@import" not in made.html
    assert len(made.html.encode()) < LARGEST


def test_the_look_is_in_the_tags_and_dark_in_the_head(contact: Contact) -> None:
    made = message_render(letter(contact, "Hello\n\n[Book](https://book.example/x)"))
    tags = Tags(made.html)
    (button,) = tags.styles["btn"]
    assert "background-color: #7b1fa2" in button
    assert "color: #ffffff" in tags.styles["btn-a"][0]
    assert "max-width: 560px" in tags.styles["card"][0]
    assert "display: none" in tags.styles["preheader"][0]
    head = made.html[: made.html.index("</head>")]
    assert '<meta name="color-scheme" content="light dark">' in head
    assert head.count("@media (prefers-color-scheme: dark)") == 1
    assert "[data-ogsc]" in head
    assert made.html.count("<style>") == 1


def test_a_large_letter_stays_small(contact: Contact) -> None:
    made = message_render(letter(contact, "{contact.first_name} writes. " * 600))
    assert len(made.html.encode()) < LARGEST


def test_the_frame_speaks_the_readers_language(
    contact: Contact,
) -> None:
    german = message_render(letter(contact, "Hallo", language="de"))
    assert '<html lang="de"' in german.html
    told = "Sie erhalten diese E-Mail als Kontakt von Fleetlane bei Brightwater."
    assert told in german.text
    unknown = message_render(letter(contact, "Hello", language="xx"))
    assert '<html lang="en"' in unknown.html


@pytest.mark.parametrize(
    ("contacts", "ours", "clock"),
    [("Asia/Tokyo", "Europe/Berlin", "21:00"), ("", "Europe/Berlin", "14:00"),
     ("Mars/Base", "Moon/Base", "12:00")],
)  # fmt: skip
def test_times_are_the_readers_own(
    company: Company, contact: Contact, settings: Settings,
    contacts: str, ours: str, clock: str,
) -> None:  # fmt: skip
    settings.MAIL_KINDS = [*settings.MAIL_KINDS, "tests.mail.kinds.ClockMail"]
    contact.time_zone = contacts
    message = make_message(kind="test.clock", contact=contact)
    company.time_zone = ours
    made = message_render(message, frame=Frame(company=company, sender=None))
    assert made.subject == clock


def test_a_missing_language_falls_back_to_the_first(contact: Contact) -> None:
    texts = {
        "ro": {"subject": "Salut", "body": "Text"},
        "de": {"subject": "Hallo", "body": "Wort"},
    }
    message = letter(contact, "", language="en")
    version = version_of(texts)
    message.data["version_id"] = version.pk
    assert message_render(message).subject == "Hallo"
    message.language = "ro"
    assert message_render(message).subject == "Salut"


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 20))
def test_payloads_are_never_evaluated(contact: Contact, start: int) -> None:
    some = PAYLOADS[start : start + 20]
    contact.name = some[0].replace("\n", " ")[:150]
    contact.save()
    made = message_render(
        letter(contact, "\n\n".join(some), subject=f"{{contact.name}} {some[-1]}")
    )
    before, _, _after = made.html.partition("</body>")
    content = words(re.sub(r"<br\s*/?>", " ", before))
    for payload in some:
        assert " ".join(payload.split()) in " ".join(made.text.split())
    assert made.subject == " ".join(f"{contact.name} {some[-1]}".split())
    assert set(Tags(made.html).tags) <= {
        "html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr",
        "td", "p", "a", "br",
    }  # fmt: skip
    assert Tags(made.html).links == [Tags(made.html).links[-1]]
    assert "49" not in content.replace("{7*7}", "")


def test_masked_links_open_nothing(contact: Contact) -> None:
    message = letter(contact, "Hello")
    token = link_token("mail.unsubscribe", message.pk)
    shown = message_render(message)
    masked = message_render(message, masked=True)
    assert token in shown.html
    assert token in shown.text
    assert token not in masked.html
    assert token not in masked.text
    assert f"{BASE}/u/0-0-masked" in masked.html


def test_words_of_others_are_masked_too(our_company: Company) -> None:
    data = plain("Reset", "Open https://keepwell.example/reset/3-abc-def/ now.")
    message = make_message("ana@example.org", data=data)
    assert "3-abc-def" in message_render(message).text
    masked = message_render(message, masked=True)
    assert "3-abc-def" not in masked.html + masked.text
    assert "Open https://keepwell.example/… now." in masked.text


def test_service_mail_has_no_link_to_stop_it(
    our_company: Company, contact: Contact, ana: User
) -> None:
    for message in (
        make_message(kind="mail.test", contact=contact, customer=contact.customer),
        make_message(ana.email, kind="mail.test", user=ana),
    ):
        made = message_render(message)
        assert "/u/" not in made.html + made.text


def test_a_test_mail_says_where_it_comes_from(our_company: Company, ana: User) -> None:
    made = message_render(make_message(ana.email, kind="mail.test", user=ana))
    assert made.subject == "Mail from Keepwell arrives"
    assert "Sent from https://keepwell.example" in made.text
    assert "You get this because you work with Keepwell at Fleetlane." in made.text


def test_without_an_address_links_lead_to_the_first_host(
    company: Company, ana: User, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*", ".example.org", "keepwell.example.org"]
    settings.HTTPS = True
    made = message_render(make_message(ana.email, kind="mail.test", user=ana))
    assert "Open Keepwell: https://keepwell.example.org/\n" in made.text


def test_a_batch_reads_the_frame_once(
    contact: Contact, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pk = letter(contact, "Hello", state=MessageState.PENDING).pk
    message = OutboxMessage.objects.select_related(
        "contact", "customer__owner", "user", "sender"
    ).get(pk=pk)
    frame = frame_load()

    def render() -> RenderedMail:
        return message_render(message, frame=frame)

    # The version, the contact with customer and owner, the company's name.
    with django_assert_num_queries(3):
        assert render().subject == "Hello"
