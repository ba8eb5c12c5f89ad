"""Teams: who looks after customers together."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.access import for_administrators, for_leaders
from accounts.actor import actor_of
from accounts.forms.teams import JoinForm, TeamForm
from accounts.http import PersonalRequest
from accounts.models import Team, User
from accounts.selectors.people import teams_with_members
from accounts.services.teams import (
    UnableToNameTeam,
    team_create,
    team_delete,
    team_join,
    team_rename,
)
from common.undo import message_with_undo, way_back


@require_safe
@for_leaders
def teams(request: PersonalRequest) -> HttpResponse:
    """This will list the teams with their members."""
    return _list(request, TeamForm())


@require_POST
@for_administrators
def create(request: PersonalRequest) -> HttpResponse:
    """This will make a team and lead to it, so that people can be put in."""
    form = TeamForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            made = team_create(name=name, by=actor_of(request), now=timezone.now())
        except UnableToNameTeam as error:
            form.add_error("name", str(error))
        else:
            messages.success(
                request, _("There is a team %(name)s now.") % {"name": made}
            )
            return HttpResponseRedirect(reverse("team", args=[made.pk]))
    return _list(request, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def team(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a team and rename it."""
    found = get_object_or_404(teams_with_members(), pk=pk)
    if request.method != "POST":
        return _page(request, found, TeamForm(initial={"name": found.name}))
    form = TeamForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            team_rename(team=found, name=name, by=actor_of(request), now=timezone.now())
        except UnableToNameTeam as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved: %(name)s") % {"name": name})
            return HttpResponseRedirect(reverse("teams"))
    return _page(request, found, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def delete(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask, say how many people will be without a team, and delete it."""
    found = get_object_or_404(teams_with_members(), pk=pk)
    if request.method != "POST":
        return render(request, "accounts/team_delete.html", {"team": found})
    left = team_delete(team=found, by=actor_of(request), now=timezone.now())
    text = ngettext(
        "The team %(name)s is deleted. %(left)s person is without a team now.",
        "The team %(name)s is deleted. %(left)s people are without a team now.",
        left,
    )
    messages.success(request, text % {"name": found.name, "left": left})
    return HttpResponseRedirect(reverse("teams"))


@require_POST
@for_administrators
def add(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will put somebody into a team, with a way to take it back."""
    found = get_object_or_404(Team, pk=pk)
    form = JoinForm(request.POST, team=found)
    if form.is_valid():
        return _move(request, form.cleaned_data["person"], found)
    messages.error(request, _("Choose somebody who is not in the team yet."))
    return HttpResponseRedirect(reverse("team", args=[pk]))


@require_POST
@for_administrators
def move(request: PersonalRequest, pk: int, team_pk: int) -> HttpResponse:
    """This will move a person to a team, or to none (0)."""
    person = get_object_or_404(User, pk=pk)
    target = get_object_or_404(Team, pk=team_pk) if team_pk else None
    return _move(request, person, target)


def _move(request: PersonalRequest, person: User, target: Team | None) -> HttpResponse:
    before = team_join(
        person=person, team=target, by=actor_of(request), now=timezone.now()
    )
    back = way_back(request, reverse("teams"))
    words = {"name": person, "team": target}
    text = (
        _("%(name)s is in the team %(team)s now.")
        if target
        else _("%(name)s is in no team now.")
    )
    url = reverse("person_move", args=[person.pk, before.pk if before else 0])
    message_with_undo(request, text % words, url=url, back=back)
    return HttpResponseRedirect(back)


def _list(request: PersonalRequest, form: TeamForm, status: int = 200) -> HttpResponse:
    content = {"teams": teams_with_members(), "form": form}
    return render(request, "accounts/teams.html", content, status=status)


def _page(
    request: PersonalRequest, found: Team, form: TeamForm, status: int = 200
) -> HttpResponse:
    content = {"team": found, "form": form, "join": JoinForm(team=found)}
    return render(request, "accounts/team.html", content, status=status)
