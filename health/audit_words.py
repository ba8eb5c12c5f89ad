"""What the audit log says of health (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "health.draft_changed": _("Draft of a scorecard changed"),
    "health.draft_discarded": _("Draft of a scorecard discarded"),
    "health.draft_started": _("Draft of a scorecard begun"),
    "health.scorecard_changed": _("Setup of a scorecard changed"),
    "health.scorecard_created": _("Scorecard made"),
    "health.scorecard_published": _("Version of a scorecard published"),
    "health.scorecard_retired": _("Scorecard retired"),
    "health.scorecard_returned": _("Scorecard brought back"),
    "health.forecast_published": _("Version of the forecasts put in use"),
    "health.override_ended": _("Score set by hand ended"),
    "health.override_set": _("Score set by hand"),
    "health.rhythms_changed": _("Rhythms of sources changed"),
}
