"""What the audit log says of the mail's settings (settings.AUDIT_WORDS)."""

from django.utils.translation import gettext_lazy as _

AUDIT_WORDS = {
    "mail.message_cancelled": _("Mail stopped before sending"),
    "mail.message_resent": _("Mail sent again"),
    "mail.sender_added": _("Sender added"),
    "mail.sender_changed": _("Sender changed"),
    "mail.sender_made_default": _("Sender made the usual one"),
    "mail.sender_restored": _("Sender brought back"),
    "mail.sender_retired": _("Sender put away"),
    "mail.server_changed": _("Mail server changed"),
    "mail.suppression_added": _("Address suppressed"),
    "mail.suppression_lifted": _("Suppression lifted"),
    "mail.suppression_restored": _("Suppression put back"),
    "mail.template_changed": _("Mail template changed"),
    "mail.template_created": _("Mail template made"),
    "mail.template_restored": _("Mail template brought back"),
    "mail.template_retired": _("Mail template put away"),
    "mail.webhook_key_renewed": _("Key of the mail provider's reports renewed"),
}
