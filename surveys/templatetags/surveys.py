"""What a survey is, in words: {% load surveys %}."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags import ui
from surveys.enums import Schedule, SurveyState
from surveys.models import Survey
from surveys.selectors.languages import language_name
from surveys.selectors.triggers import trigger_label

register = template.Library()

STATES = {
    SurveyState.RUNNING: ("ok", "play"),
    SurveyState.DRAFT: ("", "pencil"),
    SurveyState.PAUSED: ("warn", "pause"),
    SurveyState.CLOSED: ("", "square-check"),
    SurveyState.IMPORTED: ("", "import"),
}


@register.filter
def survey_state(survey: Survey) -> str:
    """This will draw a survey's state as a tag: {{ survey|survey_state }}."""
    css, icon = STATES[SurveyState(survey.state)]
    label = survey.get_state_display()
    return format_html('<span class="tag {}">{}{}</span>', css, ui.icon(icon), label)


@register.filter
def survey_schedule(survey: Survey) -> str:
    """This will say when a survey asks: "every 182 days"."""
    if survey.schedule == Schedule.EVERY:
        text = ngettext("every %(days)s day", "every %(days)s days", survey.every_days)
        return text % {"days": survey.every_days}
    if survey.schedule == Schedule.RENEWAL:
        text = ngettext(
            "%(days)s day before a renewal",
            "%(days)s days before a renewal",
            survey.days_before,
        )
        return text % {"days": survey.days_before}
    if survey.schedule == Schedule.EVENT:
        return _after(survey)
    return _("once")


def _after(survey: Survey) -> str:
    what = {"what": trigger_label(survey.trigger), "hours": survey.delay_hours}
    if not survey.trigger:
        return _("after something happened")
    if not survey.delay_hours:
        return _("after: %(what)s") % what
    text = ngettext(
        "after: %(what)s, %(hours)s hour later",
        "after: %(what)s, %(hours)s hours later",
        survey.delay_hours,
    )
    return text % what


register.filter("language_name", language_name)
