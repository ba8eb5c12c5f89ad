"""The meeting brief: one page about a customer, to be read or printed before a talk."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from customers.access import customer_for
from customers.panels import customer_panels
from customers.selectors.page import contacts_of
from health.measures import MEASURES
from health.selectors.standing import Part
from insights.brief_words import support_words
from insights.selectors.brief import brief_of
from surveys.selectors.answers import answer_tone

PEOPLE, GONE = 6, 3


@require_safe
def customer_brief(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what one should know of a customer before talking to it."""
    found, now = customer_for(request.user, pk), timezone.now()
    panels = customer_panels(
        customer=found, user=request.user, company=request.company, now=now
    )
    today = timezone.localdate(now)
    brief = brief_of(found, today=today, now=now)
    people = contacts_of(found)
    content = {
        "customer": found,
        "brief": brief,
        "now": now,
        "today": today,
        "facts": [fact for panel in panels for fact in panel.facts()],
        "tag": next((tag for panel in panels if (tag := panel.tag())), None),
        "marks": [mark for panel in panels for mark in panel.marks()],
        "drags": [_read(part, brief.as_of) for part in brief.drags],
        "use": [_read(part, brief.as_of) for part in brief.use],
        "support": list(support_words(brief.support)),
        "answers": [
            {"row": row, "tone": answer_tone(row.kind, row.score)}
            for row in brief.answers
        ],
        "people": [person for person in people if person.left_on is None][:PEOPLE],
        "gone": [person for person in people if person.left_on][:GONE],
    }
    return render(request, "insights/brief.html", content)


def _read(part: Part, as_of: dt.date | None) -> dict[str, Any]:
    measure = MEASURES[part.key]
    words = measure.sentence(part.value, part.before, as_of or dt.date.min)
    return {"icon": measure.icon, "label": measure.label, "words": words}
