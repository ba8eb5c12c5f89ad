"""The page behind a department member's link: one theme's comments, and nothing else.

Reached without signing in: the link's own token is what counts. A GET notes that it was
opened and changes nothing; only a POST leaves a note.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Company
from surveys.models import ThemeLink
from surveys.selectors.theme import comment_lines, theme_mentions
from surveys.services.theme_links import (
    LONGEST_NOTE,
    member_note,
    theme_link_opened,
    theme_link_seen,
)
from surveys.views.visiting import guarded

SHOWN = 50


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def theme_link(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a theme's comments to a member, and keep what the member says."""
    link = theme_link_opened(token)
    if link is None:
        return _answer(request, "surveys/public/theme_unknown.html", status=404)
    language = link.member.language or settings.LANGUAGE_CODE
    with translation.override(language):
        if request.method == "POST":
            return _note(request, link)
        if request.method == "GET":
            theme_link_seen(link=link, now=timezone.now())
        return _page(request, link)


def _note(request: HttpRequest, link: ThemeLink) -> HttpResponse:
    done = request.POST.get("act") == "done"
    text = request.POST.get("text", "").replace("\x00", "").strip()
    if not text and not done:
        return _page(request, link, error=_("Write a sentence first."), status=422)
    member_note(link=link, text=text[:LONGEST_NOTE], done=done, now=timezone.now())
    return guarded(HttpResponseRedirect(f"{request.path}?noted"))


def _page(
    request: HttpRequest, link: ThemeLink, *, error: str = "", status: int = 200
) -> HttpResponse:
    mentions = theme_mentions(link.theme)
    page = Paginator(mentions, SHOWN).get_page(request.GET.get("page"))
    notes = link.theme.notes.filter(member=link.member).order_by("-created_at", "-pk")
    content = {
        "link": link,
        "theme": link.theme,
        "page": page,
        "lines": comment_lines(page.object_list),
        "notes": notes[:20],
        "noted": "noted" in request.GET,
        "late": bool(link.theme.due_on and link.theme.due_on < timezone.localdate()),
        "error": error,
    }
    return _answer(request, "surveys/public/theme.html", status=status, **content)


def _answer(
    request: HttpRequest, name: str, *, status: int = 200, **content: object
) -> HttpResponse:
    company = Company.objects.filter(id=1).first() or Company()
    page = render(
        request, name, {"company_name": company.name, **content}, status=status
    )
    page.headers["Content-Language"] = translation.get_language() or ""
    return guarded(page)
