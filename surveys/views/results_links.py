"""Addresses on a results page, all of them keeping the period and the wording."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.calculations.scales import GROUPS
from surveys.models import Response, Survey
from surveys.result_rows import TITLES
from surveys.result_words import GROUP_NAMES, part_name

KEPT = ("days", "since", "until", "version")


class Links:
    """Where the numbers of a page lead."""

    def __init__(self, survey: Survey, query: Mapping[str, str]) -> None:
        self.survey = survey
        self.kept = {name: query[name] for name in KEPT if query.get(name)}

    def page(self, **changes: str) -> str:
        """This will return the page's address, an empty change leaving a choice out."""
        return self._url("survey", {**self.kept, **changes})

    def period(self, days: str) -> str:
        """This will return the page about other days, the wording kept."""
        return self.page(days=days, since="", until="")

    def rows(self, **about: str) -> str:
        """This will return the list of the answers behind a number."""
        return self._url("survey_answers", {**self.kept, **about}, empty={"value"})

    def export(self) -> str:
        """This will return the answers of the period as CSV."""
        return self._url("survey_export", self.kept)

    def answers(self, chosen: str) -> str:
        """This will return a filter of the list of all answers, for this survey."""
        query = urlencode({"survey": self.survey.pk, "f": chosen})
        return f"{reverse('answers')}?{query}"

    def title(self, by: str, value: str, shown: Sequence[Response]) -> str:
        """This will say what the answers behind a number have in common."""
        if by in TITLES:
            name = _name(by, value, shown)
            return _("%(what)s: %(name)s") % {"what": TITLES[by], "name": name}
        if by == "score":
            return _("Score %(score)s") % {"score": value}
        if by == "group" and value in GROUPS:
            return str(GROUP_NAMES[self.survey.kind][value])
        words = {
            "comment": _("With a comment"),
            "flagged": _("Flagged and counted"),
            "uncounted": _("Not counted"),
        }
        return words.get(by, _("All answers that count"))

    def _url(
        self, name: str, query: Mapping[str, str], empty: set[str] | None = None
    ) -> str:
        keep = empty or set()
        kept = {key: text for key, text in query.items() if text or key in keep}
        address = reverse(name, args=[self.survey.pk])
        return f"{address}?{urlencode(kept)}" if kept else address


def _name(by: str, value: str, shown: Sequence[Response]) -> str:
    """This will name a part by the first answer of it: the address holds only its key."""
    if by == "plan":
        return value or part_name(by, "")
    if by in {"segment", "owner"} and value:
        customer = shown[0].customer if shown else None
        row = getattr(customer, by, None)
        return row.name if row else ""
    return part_name(by, value)
