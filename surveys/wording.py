"""A survey's words as one person reads them."""

from dataclasses import dataclass

from accounts.models import Company
from customers.models import Contact
from mail.calculations.merging import filled
from mail.selectors.merging import merge_values
from surveys.calculations.content import Texts, content_read
from surveys.models import SurveyVersion


@dataclass(frozen=True, slots=True)
class Wording:
    """Filled texts. `language` is what is used; `wanted` what would have been right."""

    wanted: str
    language: str
    texts: Texts
    company_name: str
    accent: str

    @property
    def falls_back(self) -> bool:
        """Whether the person reads another language than the wanted one."""
        return self.language.partition("-")[0] != self.wanted.partition("-")[0]


def wording_of(
    version: SurveyVersion,
    *,
    language: str,
    company: Company,
    contact: Contact | None = None,
) -> Wording:
    """This will choose the language and fill the merge fields.

    Without a contact (a preview) the contact's fields show their fallbacks. Two queries
    unless the contact's customer and its owner were selected along.
    """
    content = content_read(version.content)
    used, texts = content.chosen(language)
    name = content.company_name or company.name
    values = merge_values(contact, company=company) if contact else BLANK
    values = {**values, "company.name": name}

    def fill(text: str) -> str:
        return filled(text, values)

    return Wording(
        wanted=language,
        language=used,
        texts=Texts(
            subject=fill(texts.subject),
            intro=fill(texts.intro),
            question=fill(texts.question),
            low=fill(texts.low),
            high=fill(texts.high),
            follow_up={group: fill(text) for group, text in texts.follow_up.items()},
            thanks={group: fill(text) for group, text in texts.thanks.items()},
        ),
        company_name=name,
        accent=content.accent or company.accent,
    )


BLANK = dict.fromkeys(
    (
        "contact.first_name",
        "contact.name",
        "contact.title",
        "customer.name",
        "owner.name",
        "owner.first_name",
    ),
    "",
)
