"""One theme: its comments, phrases, state, department and history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import LEADERS, for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from surveys.audit_words import AUDIT_WORDS
from surveys.enums import ThemeState
from surveys.forms.themes import AssignForm, NoteForm, StateForm, ThemeForm
from surveys.models import Theme, ThemeSearch
from surveys.selectors.theme import (
    comment_lines,
    phrase_lines,
    theme_history,
    theme_mentions,
)
from surveys.services.themes import (
    UnableToChangeState,
    UnableToNameTheme,
    theme_assign,
    theme_change,
    theme_note,
    theme_state,
)

SHOWN = 25


@require_safe
def theme(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a theme with the comments of the customers a person sees."""
    return _page(request, _theme(pk))


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def theme_edit(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will take another name or other phrases."""
    found = _theme(pk)
    form = ThemeForm(request.POST if request.method == "POST" else None, theme=found)
    if request.method == "POST" and form.is_valid():
        try:
            theme_change(
                theme=found,
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                phrases=form.phrases(),
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToNameTheme as error:
            form.add_error("name", str(error))
        else:
            return _done(request, pk, _("The theme is saved."))
    content = {"topic": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "surveys/theme_edit.html", content, status=status)


@require_POST
@for_leaders
def theme_set_state(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will say how far a theme is."""
    found = _theme(pk)
    form = StateForm(request.POST)
    if form.is_valid():
        try:
            held = theme_state(
                theme=found,
                **form.cleaned_data,
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToChangeState as error:
            form.add_error("resolution", str(error))
        else:
            return _done(
                request, pk, _("State: %(state)s") % {"state": held.get_state_display()}
            )
    return _page(request, found, state=form, status=422)


@require_POST
@for_leaders
def theme_set_department(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will give a theme to a department."""
    found = _theme(pk)
    form = AssignForm(request.POST)
    if form.is_valid():
        held = theme_assign(
            theme=found, **form.cleaned_data, by=actor_of(request), now=timezone.now()
        )
        if held.department:
            text = _("%(department)s is in charge.") % {"department": held.department}
        else:
            text = _("Nobody is in charge.")
        return _done(request, pk, text)
    return _page(request, found, assign=form, status=422)


@require_POST
def theme_add_note(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will keep a note."""
    if not request.user.may_edit:
        raise PermissionDenied
    found = _theme(pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        theme_note(
            theme=found,
            text=form.cleaned_data["text"],
            by=actor_of(request),
            now=timezone.now(),
        )
        return _done(request, pk, _("The note is saved."))
    return _page(request, found, note=form, status=422)


def _theme(pk: int) -> Theme:
    return get_object_or_404(Theme.objects.select_related("department"), pk=pk)


def _done(request: PersonalRequest, pk: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(reverse("theme", args=[pk]))


def _page(
    request: PersonalRequest, found: Theme, *, status: int = 200, **forms: Any
) -> HttpResponse:
    visible = theme_mentions(found).visible_to(request.user)
    page = Paginator(visible, SHOWN).get_page(request.GET.get("page"))
    notes = found.notes.select_related("author", "member").order_by(
        "-created_at", "-pk"
    )
    content = {
        "topic": found,
        "page": page,
        "links": _neighbours(page),
        "lines": comment_lines(page.object_list),
        "phrases": phrase_lines(theme=found, user=request.user),
        "notes": notes[:50],
        "history": _history(found),
        "search": ThemeSearch.objects.filter(
            theme__in=[found.pk], finished_at=None
        ).first(),
        "leads": request.user.role in LEADERS,
        "resolved": found.state == ThemeState.RESOLVED,
        "late": bool(
            found.due_on
            and found.due_on < timezone.localdate()
            and found.state not in (ThemeState.RESOLVED, ThemeState.DECLINED)
        ),
        "form_state": forms.get("state")
        or StateForm(initial={"state": found.state, "resolution": found.resolution}),
        "form_assign": forms.get("assign")
        or AssignForm(
            initial={"department": found.department_id, "due_on": found.due_on}
        ),
        "form_note": forms.get("note") or NoteForm(),
    }
    return render(request, "surveys/theme.html", content, status=status)


def _neighbours(page: "Page[Any]") -> dict[str, str]:
    return {
        "newer": f"?page={page.number - 1}" if page.has_previous() else "",
        "older": f"?page={page.number + 1}" if page.has_next() else "",
    }


def _history(found: Theme) -> list[dict[str, Any]]:
    states = dict(ThemeState.choices)
    made = []
    for entry in theme_history(found):
        after = entry.after
        more = [
            str(states.get(after["state"], "")) if after.get("state") else "",
            after.get("name", ""),
            after.get("department", ""),
            after.get("resolution", ""),
        ]
        detail = getattr(entry, "detail", None)
        made.append(
            {
                "at": entry.at,
                "words": AUDIT_WORDS.get(entry.action, entry.action),
                "more": ", ".join(part for part in more if part),
                "actor": detail.data.get("actor", {}).get("name", "") if detail else "",
            }
        )
    return made
