"""What the audit log says of surveys, in words."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "surveys.survey_created": _("Survey made"),
}
