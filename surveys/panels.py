"""What the customer answered, on the customer's page."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags import ui
from customers.extension import CustomerPanel, Fact
from customers.timeline import Place, TimelineLine
from surveys.enums import SurveyKind
from surveys.events import FEEDBACK_RECORDED, RESPONSE_RECEIVED
from surveys.models import Feedback, Response
from surveys.selectors.answers import answer_tone

SHOWN_ANSWERS = 5


class AnswersPanel(CustomerPanel):
    """The newest answers, in the customer's own words."""

    title = gettext_lazy("Answers")
    anchor = "answers"
    template = "surveys/panel.html"
    tells = (RESPONSE_RECEIVED, FEEDBACK_RECORDED)

    @cached_property
    def answers(self) -> list[Response]:
        """The newest answers. One query."""
        rows = Response.objects.filter(customer=self.customer)
        newest = rows.select_related("contact").order_by("-responded_at", "-id")
        return list(newest[:SHOWN_ANSWERS])

    @cached_property
    def latest_nps(self) -> Response | None:
        """The newest NPS answer; a query only where it is not among the newest.

        One that does not count is no figure.
        """
        for row in self.answers:
            if row.kind == SurveyKind.NPS and row.counted:
                return row
        rows = Response.objects.filter(customer=self.customer, kind=SurveyKind.NPS)
        return (
            rows.counted()
            .select_related("contact")
            .order_by("-responded_at", "-id")
            .first()
        )

    def facts(self) -> list[Fact]:
        """This will return the latest NPS answer."""
        label, row = _("Latest NPS"), self.latest_nps
        if row is None:
            return [Fact(label, ui.NOTHING, _("no answer yet"))]
        day = ui.day(row.responded_at)
        words = {"name": row.contact.name if row.contact else "", "day": day}
        note = _("%(name)s, %(day)s") % words if row.contact else day
        return [Fact(label, ui.number(row.score), note)]

    def context(self) -> dict[str, Any]:
        """This will list the newest answers."""
        return {
            "answers": [
                {"row": row, "tone": answer_tone(row.kind, row.score)}
                for row in self.answers
            ]
        }

    def timeline(
        self, *, behind: Place | None, limit: int
    ) -> Sequence[Sequence[TimelineLine]]:
        """This will tell of answers, and of what was said without being asked."""
        return self._answer_lines(behind, limit), self._feedback_lines(behind, limit)

    def _answer_lines(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source = "answer"
        where = behind.behind(source, "responded_at") if behind else Q()
        rows = Response.objects.filter(where, customer=self.customer)
        newest = rows.select_related("contact").order_by("-responded_at", "-id")
        return [
            TimelineLine(
                source,
                row.pk,
                row.responded_at,
                "surveys/events/answer.html",
                {"answer": row, "tone": answer_tone(row.kind, row.score)},
            )
            for row in newest[:limit]
        ]

    def _feedback_lines(self, behind: Place | None, limit: int) -> list[TimelineLine]:
        source = "feedback"
        where = behind.behind(source, "said_at") if behind else Q()
        rows = Feedback.objects.filter(where, customer=self.customer)
        newest = rows.select_related("contact").order_by("-said_at", "-id")
        return [
            TimelineLine(
                source,
                row.pk,
                row.said_at,
                "surveys/events/feedback.html",
                {"feedback": row},
            )
            for row in newest[:limit]
        ]
