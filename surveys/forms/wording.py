"""The words of a survey, as typed: a group of fields for each language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.seen import SEEN, Conflict
from mail.forms.templates import flaws
from surveys.calculations.content import Content, Texts
from surveys.calculations.parts import PARTS, flat, missing, texts_of
from surveys.forms.languages import language_code
from surveys.selectors.languages import language_name
from surveys.selectors.parts import GROUP_WORDS, GROUPED_WORDS, PLAIN_WORDS, part_names
from surveys.services.wordings import wording_digest

COLOUR = re.compile(r"#[0-9a-f]{6}")
SHORT_COLOUR = re.compile(r"#[0-9a-f]{3}")
LONGEST = {
    "subject": 150, "intro": 1000, "question": 300, "low": 60, "high": 60,
    "follow_up": 300, "thanks": 500,
}  # fmt: skip
AREAS = {"intro": 3, "question": 2, "follow_up": 2, "thanks": 3}
MOST_LANGUAGES = 30


class WordingForm(forms.Form):
    """What a version says. It notices when somebody else has saved meanwhile."""

    met = False
    # The language that was just added.
    opened = ""
    conflicts: tuple[Conflict, ...] = ()
    alike: Any = gettext_lazy("What is stored by now is the same as yours.")

    default_language = forms.ChoiceField(
        label=gettext_lazy("Default language"),
        help_text=gettext_lazy("For people whose language is not written."),
    )
    company_name = forms.CharField(
        label=gettext_lazy("Company name"), max_length=100, required=False
    )
    accent = forms.CharField(
        label=gettext_lazy("Accent colour"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    picked = forms.CharField(
        label=gettext_lazy("or choose it"),
        required=False,
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    add = forms.CharField(
        label=gettext_lazy("Another language"),
        required=False,
        help_text=gettext_lazy("Its code, such as fr or pt-BR."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "size": 8}
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        stored: Content,
        company_name: str,
        accent: str,
    ) -> None:
        self.kind, self.stored = kind, stored
        self.names = (company_name, accent)
        self.codes = codes_typed(data) if data is not None else in_order(stored)
        self.shown_accent = stored.accent or accent
        initial = {_name(key): text for key, text in flat(stored).items()}
        initial |= {"picked": self.shown_accent, SEEN: wording_digest(stored)}
        super().__init__(data, initial=initial)
        self.fields[SEEN] = forms.CharField(widget=forms.HiddenInput, required=False)
        choices: Any = [(code, language_name(code)) for code in self.codes]
        self.fields["default_language"].choices = choices  # type: ignore[attr-defined]
        self._help(company_name, accent)
        for code in self.codes:
            for part in PARTS:
                self.fields[_name(f"{code}:{part}")] = _field(code, part, kind)

    def _help(self, company_name: str, accent: str) -> None:
        told = _("Empty: the company’s own, %(value)s")
        for name, value in (("company_name", company_name), ("accent", accent)):
            self.fields[name].help_text = told % {"value": value}

    def languages(self) -> Iterator[dict[str, Any]]:
        """This will yield the languages with their fields, for the page."""
        typed = self.typed()
        for code in self.codes:
            bound: dict[str, BoundField] = {
                part: self[_name(f"{code}:{part}")] for part in PARTS
            }
            own = code == typed.default_language
            yield {
                "code": code,
                "own": own,
                "fields": bound,
                "plain": [bound[part] for part in PLAIN_WORDS if part in bound],
                "groups": self._groups(bound),
                "missing": self._missing(typed.texts.get(code, Texts())),
                "open": own
                or code == self.opened
                or any(field.errors for field in bound.values()),
            }

    def _missing(self, texts: Texts) -> list[str]:
        names = part_names(self.kind)
        return [names[part] for part in missing(texts)]

    def _groups(self, bound: Mapping[str, BoundField]) -> list[dict[str, Any]]:
        return [
            {
                "label": label,
                "fields": [bound[f"{name}_{group}"] for name in GROUPED_WORDS],
            }
            for group, label in GROUP_WORDS[self.kind].items()
        ]

    def typed(self) -> Content:
        """This will return what stands in the form, right or wrong."""
        if not self.is_bound:
            return self.stored
        return content_typed(
            self.data, stored=self.stored.accent, shown=self.shown_accent
        )

    def clean_accent(self) -> str:
        """This will take the typed colour, or the chosen one if only that is new."""
        colour = _colour(self.data, self.stored.accent, self.shown_accent)
        if colour and not COLOUR.fullmatch(colour):
            raise ValidationError(_("Write the colour like #0e6b62."))
        return colour

    def clean(self) -> dict[str, Any]:
        """This will refuse fields that nothing will ever fill."""
        for code in self.codes:
            for part in PARTS:
                name = _name(f"{code}:{part}")
                for msg in flaws(self.cleaned_data.get(name, "")):
                    self.add_error(name, msg)
        return self.cleaned_data

    def content(self) -> Content:
        """This will return what is to be saved."""
        clean = self.cleaned_data
        return Content(
            default_language=clean["default_language"],
            accent=clean["accent"],
            company_name=clean["company_name"],
            texts={
                code: texts_of({part: clean[_name(f"{code}:{part}")] for part in PARTS})
                for code in self.codes
            },
        )

    def meet(self, stored: Content) -> None:
        """This will show what is stored by now beside what was typed.

        Saved once more, the form is taken at its word.
        """
        self.met = True
        self.put(SEEN, wording_digest(stored))
        there, typed = flat(stored), flat(self.content())
        self.conflicts = tuple(
            Conflict(self._label(key), there.get(key, ""), typed.get(key, ""))
            for key in dict.fromkeys([*there, *typed])
            if there.get(key, "") != typed.get(key, "")
        )

    def _label(self, key: str) -> str:
        code, _colon, part = key.rpartition(":")
        name = part_names(self.kind)[part]
        return f"{language_name(code)}: {name}" if code else name

    def refuse(self, name: str, error: ValidationError) -> None:
        """This will say what is wrong with one field, and look at nothing else."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        self.add_error(name, error)

    def again(self, data: Any, *, opened: str = "") -> "WordingForm":
        """This will return the form with other languages, unchecked and unsaved."""
        form = WordingForm(
            data,
            kind=self.kind,
            stored=self.stored,
            company_name=self.names[0],
            accent=self.names[1],
        )
        form._errors = ErrorDict()
        form.cleaned_data = {}
        form.opened = opened
        return form

    def put(self, name: str, value: str) -> None:
        """This will change what a field shows when the form comes back."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = value  # type: ignore[index]


def in_order(content: Content) -> list[str]:
    """This will return the languages of a content, the default one first."""
    return sorted(content.texts, key=lambda code: code != content.default_language)


def codes_typed(data: Any) -> list[str]:
    """This will return the languages that a sent form has, those that make sense."""
    codes = []
    for typed in data.getlist("languages")[:MOST_LANGUAGES]:
        try:
            codes.append(language_code(typed))
        except ValidationError:
            continue
    return list(dict.fromkeys(codes))


def content_typed(data: Any, *, stored: str, shown: str) -> Content:
    """This will read a sent form for a preview: nothing is refused, nothing is saved.

    `stored` is the accent colour that was saved, `shown` the one that was seen.
    """
    colour = _colour(data, stored, shown)
    return Content(
        default_language=data.get("default_language", "en"),
        accent=colour if COLOUR.fullmatch(colour) else "",
        company_name=_plain(data.get("company_name", "")),
        texts={
            code: texts_of(
                {
                    part: _plain(data.get(_name(f"{code}:{part}"), ""))[
                        : LONGEST[_kind_of(part)]
                    ]
                    for part in PARTS
                }
            )
            for code in codes_typed(data)
        },
    )


def changed_in_words(kind: str, found: Mapping[str, list[str]]) -> list[str]:
    """This will say what differs between two versions, a line for each language."""
    names = part_names(kind)
    lines = []
    for code, parts in found.items():
        language = language_name(code)
        if parts == ["+"]:
            lines.append(_("%(language)s was added") % {"language": language})
        elif parts == ["-"]:
            lines.append(_("%(language)s was removed") % {"language": language})
        else:
            told = "; ".join(names[part] for part in parts)
            lines.append(f"{language}: {told}" if code else told)
    return lines


def _colour(data: Any, stored: str, shown: str) -> str:
    typed: str = data.get("accent", "").strip().lower()
    picked: str = data.get("picked", "").strip().lower()
    if typed == stored and picked != shown and COLOUR.fullmatch(picked):
        typed = picked
    if SHORT_COLOUR.fullmatch(typed):
        typed = "#" + "".join(letter * 2 for letter in typed[1:])
    return typed


def _plain(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _name(key: str) -> str:
    """This will return the field's name of a text: "de:question" is "de-question"."""
    return key.replace(":", "-")


def _kind_of(part: str) -> str:
    return next(name for name in LONGEST if part == name or part.startswith(f"{name}_"))


def _field(code: str, part: str, kind: str) -> forms.CharField:
    name = _kind_of(part)
    attributes = {"lang": code}
    rows = AREAS.get(name)
    widget: Any = (
        forms.Textarea(attrs={**attributes, "rows": rows})
        if rows
        else forms.TextInput(attrs=attributes)
    )
    label = PLAIN_WORDS.get(part) or GROUPED_WORDS[name]
    return forms.CharField(
        label=label,
        max_length=LONGEST[name],
        required=False,
        widget=widget,
        help_text=_("May be left out.") if name == "intro" else "",
    )
