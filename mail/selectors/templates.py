"""What the template pages show."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from accounts.models import User
from customers.models import Contact
from mail.models import Template, TemplateVersion
from mail.selectors.merging import text_chosen

CONTACTS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A template in the list."""

    template: Template
    version: TemplateVersion
    languages: list[str]
    missing: list[str]
    subject: str


def template_lines() -> list[TemplateLine]:
    """This will return every template, those out of use last; two queries."""
    newest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-number")
    found = list(
        Template.objects.annotate(newest=Subquery(newest.values("pk")[:1])).order_by(
            F("retired_at").asc(nulls_first=True), "name", "id"
        )
    )
    versions = TemplateVersion.objects.select_related("author").in_bulk(
        [template.newest for template in found]
    )
    return [_line(template, versions[template.newest]) for template in found]


def _line(template: Template, version: TemplateVersion) -> TemplateLine:
    names = {code: str(name) for code, name in settings.LANGUAGES}
    return TemplateLine(
        template=template,
        version=version,
        languages=[name for code, name in names.items() if code in version.texts],
        missing=[name for code, name in names.items() if code not in version.texts],
        subject=text_chosen(version.texts, get_language() or "")[1],
    )


def contacts_to_write_to(user: User, words: str = "") -> list[Contact]:
    """This will return a few contacts of customers the person may change.

    Without words those whom one would most likely look at; with words, whoever (or whose
    company) is called like that.
    """
    found = Contact.objects.editable_by(user).filter(left_on=None).exclude(email="")
    if words:
        found = found.filter(
            Q(name__icontains=words)
            | Q(email__icontains=words)
            | Q(customer__name__icontains=words)
        )
    return list(_with_all(found).order_by("-is_primary", "id")[:CONTACTS_SHOWN])


def contact_to_write_to(user: User, pk: int) -> Contact | None:
    """This will return a contact, if the person may change its customer."""
    return _with_all(Contact.objects.editable_by(user)).filter(pk=pk).first()


def _with_all(found: QuerySet[Contact]) -> QuerySet[Contact]:
    return found.select_related("customer__owner")
