"""The results of one survey: its page, the answers behind a number, and the export."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from common.dates import local_day
from customers.timeline import place_from
from surveys.answer_words import AnswerRow
from surveys.answers_csv import answers_csv
from surveys.enums import SurveyState
from surveys.forms.results import ALL, ResultsForm
from surveys.models import Survey
from surveys.selectors.results import Wanted
from surveys.selectors.results_rows import results_page, results_rows
from surveys.views.results_links import Links
from surveys.views.results_page import page_content

USUAL = "90"
LONGEST = 60


@require_safe
def survey(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show what came back and how sure that is. The number of queries is fixed."""
    form, wanted = _asked(request, pk)
    content = page_content(wanted, Links(wanted.survey, request.GET), form)
    return render(request, "surveys/results.html", content)


@require_safe
def survey_answers(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will list the answers behind a number of the page."""
    form, wanted = _asked(request, pk)
    by, value = (
        request.GET.get(name, "").replace("\x00", "")[:LONGEST]
        for name in ("by", "value")
    )
    rows = results_rows(wanted, by=by, value=value)
    if rows is None:
        raise Http404
    shown, older = results_page(rows, place_from(request.GET.get("at", "")))
    links = Links(wanted.survey, request.GET)
    content = {
        "survey": wanted.survey,
        "form": form,
        "total": rows.count(),
        "rows": [AnswerRow(row, timezone.now()) for row in shown],
        "title": links.title(by, value, shown),
        "back_url": links.page(),
        "newest_url": links.rows(by=by, value=value) if "at" in request.GET else "",
        "older_url": links.rows(by=by, value=value, at=older) if older else "",
    }
    return render(request, "surveys/results_rows.html", content)


@require_safe
def survey_export(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will send the answers of the period as CSV, as far as the person sees them."""
    _form, wanted = _asked(request, pk)
    name = f"{wanted.survey.key}-{wanted.period.last}.csv"
    response: Any = StreamingHttpResponse(
        answers_csv(wanted),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    # Django's own decorators take it for what it stands in for.
    answer: HttpResponse = response
    return answer


def _asked(request: PersonalRequest, pk: int) -> tuple[ResultsForm, Wanted]:
    """This will read the address: which survey, which days, which wording."""
    if pk > 2**63 - 1:
        raise Http404
    found = get_object_or_404(Survey.objects.select_related("sender"), pk=pk)
    zone = ZoneInfo(request.company.time_zone)
    over = found.state in {SurveyState.IMPORTED, SurveyState.CLOSED}
    form = ResultsForm(
        request.GET,
        today=local_day(timezone.now(), zone),
        usual=ALL if over else USUAL,
    )
    wanted = Wanted(found, request.user, form.period, zone, form.version_number)
    return form, wanted
