"""What holds for all surveys."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import for_administrators
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from surveys.forms.rules import RulesForm
from surveys.selectors.rules import survey_rules
from surveys.services.rules import UnableToSaveUnseenRules, rules_change


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def rules(request: PersonalRequest) -> HttpResponse:
    """This will show and save the rules."""
    if request.method != "POST":
        return _page(request, RulesForm(stored=survey_rules()))
    form = RulesForm(request.POST, stored=survey_rules())
    if not form.is_valid():
        return _page(request, form, 422)
    try:
        changed = rules_change(
            values=form.values(),
            seen=form.seen,
            by=actor_of(request),
            now=timezone.now(),
        )
    except UnableToSaveUnseenRules:
        form.meet(survey_rules())
        return _page(request, form, 409)
    if changed:
        messages.success(request, _("Saved."))
    else:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _page(request: PersonalRequest, form: RulesForm, status: int = 200) -> HttpResponse:
    return render(request, "surveys/rules.html", {"form": form}, status=status)
