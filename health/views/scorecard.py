"""One scorecard: what counts how much, its versions, its file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from health.models import Scorecard, ScorecardVersion
from health.scorecard_change_words import change_words
from health.scorecard_file import scorecard_write
from health.scorecard_view import card_view
from health.selectors.scorecards import draft_of, version_lines, version_live

LARGEST = 2**31 - 1


def scorecard_of(pk: int) -> Scorecard:
    """This will return a scorecard, else 404."""
    if pk > 2**63 - 1:
        raise Http404
    return get_object_or_404(Scorecard.objects.prefetch_related("segments"), pk=pk)


def version_of(card: Scorecard, number: int) -> ScorecardVersion:
    """This will return a published version of a scorecard, else 404."""
    if number > LARGEST:
        raise Http404
    published = ScorecardVersion.objects.filter(published_at__isnull=False)
    rows = published.select_related("author", "scorecard")
    return get_object_or_404(rows, scorecard=card, number=number)


@require_safe
def scorecard(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a version (the one in use, or ?version=), and all there were."""
    card = scorecard_of(pk)
    live = version_live(card)
    number = _number(request, "version")
    shown = version_of(card, number) if number else live
    lines, older = version_lines(card, before=_number(request, "before"))
    content = {
        "scorecard": card,
        "live": live,
        "shown": shown,
        "view": card_view(shown.config) if shown else None,
        "draft": draft_of(card),
        "versions": [
            {"line": line, "changes": [change_words(one) for one in line.changes]}
            for line in lines
        ],
        "older": older,
    }
    return render(request, "health/scorecards/scorecard.html", content)


@require_safe
def export(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will hand out a version as YAML: the one in use, ?version=, or ?draft=1."""
    card = scorecard_of(pk)
    number = _number(request, "version")
    if number:
        version: ScorecardVersion | None = version_of(card, number)
    elif request.GET.get("draft") and request.user.is_admin:
        version = draft_of(card)
    else:
        version = version_live(card)
    if version is None:
        raise Http404
    text = scorecard_write(name=card.label, note=version.note, config=version.config)
    name = f"scorecard-{card.key}-{version.number}.yaml"
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _number(request: PersonalRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    plain = text.isascii() and text.isdigit() and len(text) < 10
    return int(text) or None if plain else None
