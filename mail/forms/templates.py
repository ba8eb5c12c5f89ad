"""A mail template, as typed: a subject and a text in each language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mail.calculations.merging import fields_foreign, fields_unknown
from mail.models import Template, TemplateVersion
from mail.selectors.merging import FIELDS

LONGEST_SUBJECT = 150
LONGEST_BODY = 20_000


class TemplateForm(forms.Form):
    """Name and words. A language may be left out, the first one written is used then."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("Only your own people see it."),
    )

    def __init__(
        self,
        *arguments: Any,
        template: Template | None = None,
        version: TemplateVersion | None = None,
        **options: Any,
    ) -> None:
        self.template = template
        texts = version.texts if version else {}
        options["initial"] = {
            "name": template.name if template else "",
            **{
                f"{part}_{code}": text.get(part, "")
                for code, text in texts.items()
                for part in ("subject", "body")
            },
        }
        super().__init__(*arguments, **options)
        for code, _name in settings.LANGUAGES:
            self.fields[f"subject_{code}"] = _subject(code)
            self.fields[f"body_{code}"] = _body(code)

    def languages(self) -> Iterator[dict[str, Any]]:
        """This will yield the languages with their two fields, for the page."""
        written = [code for code, _name in settings.LANGUAGES if self._written(code)]
        for code, name in settings.LANGUAGES:
            fields = [self[f"subject_{code}"], self[f"body_{code}"]]
            yield {
                "code": code,
                "name": name,
                "fields": fields,
                "open": code in (written or ["en"]) or any(f.errors for f in fields),
                "written": code in written,
            }

    def _written(self, code: str) -> bool:
        fields: list[BoundField] = [self[f"subject_{code}"], self[f"body_{code}"]]
        return any(field.value() for field in fields)

    def clean_name(self) -> str:
        """This will refuse a name that another template has."""
        name: str = self.cleaned_data["name"]
        others = Template.objects.filter(name__iexact=name)
        if self.template:
            others = others.exclude(pk=self.template.pk)
        if others.exists():
            raise ValidationError(_("There is a template of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """This will ask for whole texts, with fields that exist."""
        for code, _name in settings.LANGUAGES:
            self._check(f"subject_{code}", f"body_{code}")
        if not self.errors and not self.texts():
            msg = _("Write a subject and a text in one language at least.")
            raise ValidationError(msg)
        return self.cleaned_data

    def texts(self) -> dict[str, dict[str, str]]:
        """This will return the words by language, languages without words left out."""
        return {
            code: {
                "subject": self.cleaned_data[f"subject_{code}"],
                "body": self.cleaned_data[f"body_{code}"],
            }
            for code, _name in settings.LANGUAGES
            if self.cleaned_data.get(f"subject_{code}")
        }

    def _check(self, subject: str, body: str) -> None:
        typed = {name: self.cleaned_data.get(name, "") for name in (subject, body)}
        for name, text in typed.items():
            for msg in flaws(text):
                self.add_error(name, msg)
        if typed[subject] and not typed[body] and body not in self.errors:
            self.add_error(body, _("Write a text, or empty the subject too."))
        if typed[body] and not typed[subject] and subject not in self.errors:
            self.add_error(subject, _("Write a subject, or empty the text too."))


def flaws(text: str) -> Iterator[str]:
    """This will yield what is wrong with a text's merge fields."""
    there_are = ", ".join(f"{{{name}}}" for name in FIELDS)
    for field in dict.fromkeys(fields_unknown(text, FIELDS)):
        yield _("%(field)s is no field. There are: %(fields)s") % {
            "field": field,
            "fields": there_are,
        }
    for field in dict.fromkeys(fields_foreign(text, FIELDS)):
        yield _("Write %(field)s with one pair of braces.") % {"field": field}


def _subject(code: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=LONGEST_SUBJECT,
        required=False,
        widget=forms.TextInput(attrs={"lang": code}),
    )


def _body(code: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Text"),
        max_length=LONGEST_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12, "lang": code}),
    )
