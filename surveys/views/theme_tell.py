"""Telling those who raised a theme what was done."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import for_leaders
from accounts.actor import actor_of
from accounts.http import PersonalRequest
from mail.selectors.merging import FIELDS
from surveys.enums import ThemeState
from surveys.forms.themes import TellForm
from surveys.models import Theme
from surveys.selectors.theme_people import theme_raisers
from surveys.services.telling import UnableToTell, theme_tell


@require_http_methods(["GET", "HEAD", "POST"])
@for_leaders
def theme_tell_page(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show who may be told and the words, and send them (POST)."""
    theme = get_object_or_404(Theme, pk=pk)
    if theme.state != ThemeState.RESOLVED:
        messages.error(request, _("Resolve the theme first, and say what was done."))
        return HttpResponseRedirect(reverse("theme", args=[pk]))
    form = TellForm(
        request.POST if request.method == "POST" else None, initial=_words(theme)
    )
    chosen = {int(one) for one in request.POST.getlist("contact") if one.isdecimal()}
    if request.method == "POST" and form.is_valid():
        try:
            sent = theme_tell(
                theme=theme,
                texts=form.texts(),
                contacts=chosen,
                user=request.user,
                by=actor_of(request),
                now=timezone.now(),
            )
        except UnableToTell as error:
            form.add_error(None, str(error))
        else:
            text = ngettext(
                "%(count)d mail is on its way.",
                "%(count)d mails are on their way.",
                sent,
            )
            messages.success(request, text % {"count": sent})
            return HttpResponseRedirect(reverse("theme", args=[pk]))
    raisers = theme_raisers(theme=theme, user=request.user)
    content = {
        "topic": theme,
        "form": form,
        "raisers": raisers,
        "able": sum(raiser.may for raiser in raisers),
        "chosen": chosen if form.is_bound else {one.contact.pk for one in raisers},
        "fields": FIELDS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "surveys/theme_tell.html", content, status=status)


def _words(theme: Theme) -> dict[str, Any]:
    """This will propose the words in each language; what was done stays as it was typed."""
    made = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            made[f"subject_{code}"] = _("You told us, and we have acted")
            made[f"body_{code}"] = _(
                "Hello {contact.first_name|there},\n\n"
                "some time ago you told us about this: %(theme)s. Thank you, it helped.\n\n"
                "This is what we have done:\n\n%(resolution)s\n\n"
                "If it is still not right, please answer this mail.\n\n"
                "{company.name}"
            ) % {"theme": theme.name, "resolution": theme.resolution}
    return made
