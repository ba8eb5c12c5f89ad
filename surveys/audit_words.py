"""What the audit log says of surveys, in words."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "surveys.feedback_deleted": _("Feedback deleted"),
    "surveys.feedback_restored": _("Feedback brought back"),
    "surveys.response_decided": _("Answer counted or discounted"),
    "surveys.rules_changed": _("Survey rules changed"),
    "surveys.survey_changed": _("Setup of a survey changed"),
    "surveys.survey_closed": _("Survey closed"),
    "surveys.survey_copied": _("Survey copied"),
    "surveys.survey_created": _("Survey made"),
    "surveys.survey_deleted": _("Draft of a survey deleted"),
    "surveys.survey_paused": _("Survey paused"),
    "surveys.survey_resumed": _("Survey resumed"),
    "surveys.survey_started": _("Survey started"),
    "surveys.wording_changed": _("Wording of a survey changed"),
    "surveys.department_created": _("Department made"),
    "surveys.department_deleted": _("Department deleted"),
    "surveys.department_renamed": _("Department renamed"),
    "surveys.member_added": _("Member added to a department"),
    "surveys.member_changed": _("Member of a department changed"),
    "surveys.member_deleted": _("Member taken out of a department"),
    "surveys.mention_added": _("Comment put under a theme"),
    "surveys.mention_removed": _("Comment taken out of a theme"),
    "surveys.mentions_added": _("Comments put under a theme"),
    "surveys.suggestions_started": _("Search for themes started"),
    "surveys.theme_assigned": _("Theme given to a department"),
    "surveys.theme_changed": _("Theme changed"),
    "surveys.theme_created": _("Theme made"),
    "surveys.theme_state_changed": _("State of a theme changed"),
    "surveys.theme_told": _("Those who raised a theme were told"),
}
